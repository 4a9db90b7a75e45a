"""What the provider refuses: to the operator as domain errors, to a client as OAuth errors.

The descriptions of OAuth errors are fixed ASCII sentences: nothing that a stranger sent is ever
repeated in them (Authlib raises ValueError on a description with a quotation mark in it).
"""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error
from flask_babel import lazy_gettext as _

from idp.errors import DomainError


class InvalidRedirectUri(DomainError):
    """Neither https nor loopback, or with a fragment, a user name or characters out of place."""

    code = "invalid_redirect_uri"
    text = _("A redirect address must be https, or http on this computer, and have no fragment.")
    field = "redirect_uris"


class InvalidClientMetadata(DomainError):
    """The registration contradicts itself or asks for what we don't do (RFC 7591 section 3.2.2)."""

    code = "invalid_client_metadata"
    text = _("This registration can't be served.")


class UnapprovedSoftwareStatement(DomainError):
    """RFC 7591 section 3.2.2: whoever signed it, we have no agreement with them."""

    code = "unapproved_software_statement"
    text = _("This registration can't be served.")
    field = "software_statement"


class HolderGone(DomainError):
    """Nobody whom the person may act for, or no longer."""

    code = "holder_gone"
    text = _("You can't act for them any longer. Choose somebody else.")
    field = "holder"


class InvalidTarget(OAuth2Error):  # type: ignore[misc]
    """The client may not have tokens for this resource (RFC 8707 section 2)."""

    error = "invalid_target"
    description = "The resource is unknown, malformed or not open to this client."


class InvalidAuthorizationDetails(OAuth2Error):  # type: ignore[misc]
    """Unknown type or field, or a value of the wrong kind (RFC 9396 section 5)."""

    error = "invalid_authorization_details"
    description = "authorization_details has an unknown type or field, or a malformed value."


class UnmetAuthenticationRequirements(OAuth2Error):  # type: ignore[misc]
    """OpenID Connect Core Error Code unmet_authentication_requirements 1.0."""

    error = "unmet_authentication_requirements"
    description = "The person did not show the factors that the application needs."


class InvalidToken(OAuth2Error):  # type: ignore[misc]
    """RFC 6750 section 3.1: the answer says so in WWW-Authenticate too."""

    error = "invalid_token"
    description = "The access token is malformed, expired, revoked or not meant for this."
    status_code = HTTPStatus.UNAUTHORIZED


class InsufficientUserAuthentication(OAuth2Error):  # type: ignore[misc]
    """RFC 9470 section 3: what an authorization request has to ask for to get a token that will
    do; `max_age` in seconds, 0: any."""

    error = "insufficient_user_authentication"
    description = "This needs a stronger or a more recent sign-in."
    status_code = HTTPStatus.UNAUTHORIZED

    def __init__(self, *, acr_values: str, max_age: int) -> None:
        super().__init__()
        self._wanted = [("acr_values", acr_values)]
        if max_age:
            self._wanted.append(("max_age", str(max_age)))

    def get_body(self) -> list[tuple[str, str]]:
        """What is told in the challenge, too."""
        return [*super().get_body(), *self._wanted]


class CertificateNeeded(OAuth2Error):  # type: ignore[misc]
    """RFC 8705 section 3: the client registered that its tokens be bound to one."""

    error = "invalid_request"
    description = "The client has to connect with its certificate."


class InsufficientScope(OAuth2Error):  # type: ignore[misc]
    """RFC 6750 section 3.1."""

    error = "insufficient_scope"
    description = "The access token was not issued with the scope that this needs."
    status_code = HTTPStatus.FORBIDDEN
