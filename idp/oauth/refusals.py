"""OAuth errors as the machine endpoints answer them (RFC 6749 section 5.2)."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error

from idp.machine import Answer, json_answer

CHALLENGE = 'Basic realm="outorga", charset="UTF-8"'
# What Authlib says with every error; what we say in their place is in each machine answer.
AUTHLIBS = frozenset({"Content-Type", "Cache-Control", "Pragma", "WWW-Authenticate"})


def refusal(error: OAuth2Error) -> Answer:
    """The error with headers of its own, and the challenge that goes with a 401."""
    own = [header for header in error.get_headers() if header[0] not in AUTHLIBS]
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        own.append(("WWW-Authenticate", CHALLENGE))
    return json_answer(dict(error.get_body()), error.status_code).adding(own)
