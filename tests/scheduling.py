"""Which tests of `make test` run in one process, one after the other: those of a file, and all
files that ask for the same running service, as starting it costs more than most journeys do.

What takes longest begins first, so that no process is left alone with it at the end.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent
# A fixture that starts the service of a market, or a person in front of it.
OF_A_MARKET = re.compile(r"\b(\w+)_(?:stack|newcomer)\b")
OF_THE_USUAL = re.compile(r"\b(?:stack|newcomer): ")
# Walks of every address: each test makes a world of its own and takes as long as whole files do.
WALKS = ("tests/core/test_hostile_input.py", "tests/pages/test_languages.py")
# What else takes longer than ten seconds without a browser.
LONG = (
    *WALKS,
    "tests/test_first_day.py",
    "tests/grants/test_model.py",
    "tests/evidence/test_checks.py",
    "tests/accounts/data/test_export_at_scale.py",
)


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each process a file or a service's files at a time, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in WALKS else company_of(file)


def turn_of(item: pytest.Item) -> int:
    """When this test comes: journeys first, then what is long, then everything else."""
    if item.get_closest_marker("journey"):
        return 0
    return 1 if item.nodeid.partition("::")[0] in LONG else 2


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
