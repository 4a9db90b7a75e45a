"""Which tests of `make test` run in one process, one after the other: those of a file, and all
files that ask for the same running service, as starting it costs more than most journeys do."""

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent
# A fixture that starts the service of a market, or a person in front of it.
OF_A_MARKET = re.compile(r"\b(\w+)_(?:stack|newcomer)\b")
OF_THE_USUAL = re.compile(r"\b(?:stack|newcomer): ")


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each process a file or a service's files at a time, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        return company_of(nodeid.partition("::")[0])


@cache
def company_of(file: str) -> str:
    """The service that the tests of this file share with others, or the file itself."""
    text = (ROOT / file).read_text()
    if "pytest.mark.journey" in text:
        if market := OF_A_MARKET.search(text):
            return market[1]
        if OF_THE_USUAL.search(text):
            return "usual"
    return file
