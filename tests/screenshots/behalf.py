"""The pages on which somebody with several holders says on whose behalf."""

from demo import people
from demo.settings import EXAMPLE_CLIENT
from tests.screenshots.photographer import Photographer

ASKED = (
    f"/oauth/authorize?client_id={EXAMPLE_CLIENT}&response_type=code&scope=openid"
    f"&code_challenge_method=S256&code_challenge={'x' * 43}"
)


def marta(person: Photographer) -> None:
    """At the example application: for the company, then for herself."""
    person.go(f"{person.ports.application}/sign-in")
    person.fill(identifier=people.MARTA.shown, password=people.PASSWORD)
    person.press("#sign-in-submit", "on-behalf")
    person.press("#holder-choose", "on-behalf-errors")
    person.page.get_by_label(people.COMUNIDAD_SOL.name).check()
    person.press("#holder-choose", "on-behalf-consent")
    person.press("#consent-allow", "on-behalf-application")
    person.press("#switch")
    address = person.page.url
    person.go(f"{address}&holder_search=sol", "on-behalf-search")
    person.go(f"{address}&holder_search=luna", "on-behalf-search-empty")
    person.go(f"{ASKED}&prompt=select_account", "account-choice")
    person.go(f"{ASKED}&request_uri=urn:ietf:params:oauth:request_uri:gone", "request-gone")
