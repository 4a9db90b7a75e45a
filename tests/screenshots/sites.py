"""What a site of somebody else's has a person do on the way: the pages, and
`python -m tests.screenshots.sites`, which registers it."""

from urllib.parse import urlencode

from demo import people
from idp import clock, create_app
from idp.audit import SYSTEM
from idp.extensions import transaction
from idp.oauth import clients
from idp.oauth.clients import ClientMetadata
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in

CLIENT_ID = "site"
REDIRECT_URI = "http://localhost:9/callback"  # nobody is there, and nobody gets so far
METADATA = ClientMetadata(
    client_name="Eficiência em casa",
    redirect_uris=(REDIRECT_URI,),
    scope="openid profile grants",
    client_uri="https://eficiencia.example",
    policy_uri="https://eficiencia.example/privacy",
    tos_uri="https://eficiencia.example/terms",
    require_pkce=False,
)


def maria(person: Photographer) -> None:
    """With which account, what the site may know, back to it where no script runs, and out."""
    sign_in(person, people.MARIA)
    query = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": METADATA.scope,
        "response_mode": "form_post",
        "prompt": "select_account",
    }
    person.page.route("**/form_post*.js*", lambda route: route.abort())
    person.go(f"/oauth/authorize?{urlencode(query)}", "account-choice")
    person.go(person.path_of("#account-continue"), "consent-of-a-site")
    person.press("#consent-allow", "form-post")
    person.go(f"/oauth/logout?client_id={CLIENT_ID}", "logout-from-a-site")


def main() -> None:
    """A client that people are asked about."""
    with create_app().app_context(), transaction():
        clients.register(METADATA, by=SYSTEM, at=clock.now(), client_id=CLIENT_ID)


if __name__ == "__main__":
    main()
