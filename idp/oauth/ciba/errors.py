"""What an authentication request is refused with (CIBA section 13)."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error


class UnknownUserId(OAuth2Error):  # type: ignore[misc]
    """Told to the utility's own applications alone."""

    error = "unknown_user_id"
    description = "The hint does not name anybody with an account."


class InvalidBindingMessage(OAuth2Error):  # type: ignore[misc]
    """It is shown on two screens, so it is short and plain."""

    error = "invalid_binding_message"
    description = "binding_message is too long or not plain text."


class TooManyRequests(OAuth2Error):  # type: ignore[misc]
    """Nobody is to be worn down until they allow something."""

    error = "access_denied"
    description = "This person was asked too often. Try again later."
    status_code = HTTPStatus.FORBIDDEN
