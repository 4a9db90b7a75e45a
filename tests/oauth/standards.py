"""What an answer has to be like, whatever was sent: of a standard status, by a registered code."""

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.test import TestResponse

# Every error code that may be answered, by the specification that registers it.
SPECIFICATIONS = {
    "RFC 6749 section 4.1.2.1": {
        "invalid_request",
        "unauthorized_client",
        "access_denied",
        "unsupported_response_type",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
    },
    "RFC 6749 section 5.2": {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    },
    "RFC 6750 section 3.1": {"invalid_request", "invalid_token", "insufficient_scope"},
    "RFC 7009 section 2.2.1": {"unsupported_token_type"},
    "RFC 7591 section 3.2.2": {
        "invalid_redirect_uri",
        "invalid_client_metadata",
        "invalid_software_statement",
        "unapproved_software_statement",
    },
    "RFC 8628 section 3.5": {
        "authorization_pending",
        "slow_down",
        "access_denied",
        "expired_token",
    },
    "RFC 8707 section 2": {"invalid_target"},
    "RFC 9396 section 5": {"invalid_authorization_details"},
    "RFC 9449 section 5": {"invalid_dpop_proof"},
    "RFC 9449 section 8": {"use_dpop_nonce"},
    "RFC 9470 section 3": {"insufficient_user_authentication"},
    "OpenID Connect Core section 3.1.2.6": {
        "interaction_required",
        "login_required",
        "account_selection_required",
        "consent_required",
        "invalid_request_uri",
        "invalid_request_object",
        "request_not_supported",
        "request_uri_not_supported",
        "registration_not_supported",
    },
    "Unmet Authentication Requirements section 2": {"unmet_authentication_requirements"},
    "CIBA section 13": {
        "invalid_request",
        "invalid_scope",
        "expired_login_hint_token",
        "unknown_user_id",
        "unauthorized_client",
        "missing_user_code",
        "invalid_user_code",
        "invalid_binding_message",
        "invalid_client",
        "access_denied",
    },
}
DPOP = ("RFC 9449 section 5", "RFC 9449 section 8")
DETAILS = ("RFC 8707 section 2", "RFC 9396 section 5")
CLIENT = ("RFC 6749 section 5.2",)
AUTHORIZATION = (
    "RFC 6749 section 4.1.2.1",
    "RFC 6749 section 5.2",  # to the person alone: an unknown client is sent nothing
    "OpenID Connect Core section 3.1.2.6",
    "Unmet Authentication Requirements section 2",
    *DETAILS,
)
TOKEN = (*CLIENT, "RFC 8628 section 3.5", *DETAILS, *DPOP)
PUSHED = (*CLIENT, *AUTHORIZATION, *DPOP)
DEVICE = (*CLIENT, *DETAILS)
CALL = (*CLIENT, "CIBA section 13", *DETAILS)
BEARER = ("RFC 6750 section 3.1", "RFC 9470 section 3", *DPOP)
REGISTRATION = ("RFC 7591 section 3.2.2", "RFC 6750 section 3.1")

TELLING = frozenset("<>\"'{}\r\n")  # what an answer must not repeat as it came
SHORTEST = 8  # characters of what can't stand in an answer by chance


def assert_answered(response: TestResponse, *allowed: str, sent: Iterable[object] = ()) -> None:
    """Served, or refused in JSON by a code of one of the `allowed` specifications."""
    assert response.status_code in (200, 201, 204, 400, 401, 403, 413), response.text
    if response.status_code >= 400:
        assert response.content_type == "application/json", response.text
        assert_registered(response.get_json(), response.status_code, *allowed)
        told = response.text + str(response.headers)
        assert not [each for each in texts_in(sent) if each in told]
    assert "Set-Cookie" not in response.headers


def assert_registered(body: Mapping[str, Any], status: int, *allowed: str) -> None:
    """A registered code, and a sentence of the characters that RFC 6749 section 5.2 allows."""
    if status == 401 and not body:  # RFC 6750 section 3.1: without a token
        return
    assert body["error"] in set().union(*(SPECIFICATIONS[each] for each in allowed)), body
    described = body.get("error_description", "")
    assert described.isascii(), body
    assert described.isprintable(), body
    assert not {'"', "\\"} & set(described), body


def assert_harmless(response: TestResponse, *statuses: int) -> None:
    """A page or a redirect in which nothing that was sent became markup or a header."""
    assert response.status_code in statuses, (response.status_code, response.text[:500])
    assert "<script>alert(1)" not in response.text
    assert "Set-Cookie: x=" not in str(response.headers)
    assert "evil.example" not in response.headers.get("Location", "").partition("?")[0]


def texts_in(sent: Iterable[object]) -> list[str]:
    """Those of the values sent that an answer would not have by chance."""
    return [
        each
        for each in sent
        if isinstance(each, str) and len(each) >= SHORTEST and TELLING & set(each)
    ]
