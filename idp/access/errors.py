"""What the decision API refuses. A decision against the subject is no error: it is a 200.

Fixed ASCII sentences, in the shape of the other endpoints' errors (see `oauth.errors`).
"""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error

__all__ = ["InvalidRequestError", "MayNotAsk", "TooLarge"]


class MayNotAsk(OAuth2Error):  # type: ignore[misc]
    """The caller is known, and this is not theirs to ask."""

    error = "access_denied"
    description = "Resource servers may ask about everybody, other callers only about themselves."
    status_code = HTTPStatus.FORBIDDEN


class TooLarge(OAuth2Error):  # type: ignore[misc]
    """More than MAX_CONTENT_LENGTH."""

    error = "invalid_request"
    description = "The request is too large."
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
