"""What the pages of sign-in and consent show of an application: its name and logo, and links.

A logo comes from the application's own host, which the page's policy then names for images: there
is nothing that such a picture could read or do here, and it is asked for without a referrer. Only
one that is registered, and only on pages about this application.
"""

from dataclasses import dataclass

from idp import headers
from idp.oauth.clients import ClientMetadata


@dataclass(frozen=True, slots=True)
class Application:
    """As `components/application.html` wants it; addresses may be empty."""

    name: str
    logo: str
    home: str
    policy: str
    terms: str


def of(metadata: ClientMetadata) -> Application:
    """For the page that is made now, which may show the logo."""
    logo = metadata.logo_uri if metadata.logo_uri.startswith("https://") else ""
    if logo:
        headers.allow_image(logo)
    return Application(
        name=metadata.client_name,
        logo=logo,
        home=metadata.client_uri,
        policy=metadata.policy_uri,
        terms=metadata.tos_uri,
    )
