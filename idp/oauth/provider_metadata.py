"""What the provider says of itself: RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3."""

from collections.abc import Sequence

from idp.accounts.sessions import ACR_ONE_FACTOR, ACR_TWO_FACTORS
from idp.oauth import clients, dpop, keys, resources
from idp.oauth.authorization.authorization_details import TYPE
from idp.oauth.authorization.checks import DISPLAYS, PROMPTS
from idp.oauth.authorization.request_objects import NONE
from idp.oauth.authorization.responses import MODES
from idp.oauth.clients.vocabulary import (
    CLIENT_ALGORITHMS,
    DELIVERY_MODES,
    ENCRYPTION_ALGORITHMS,
    ENCRYPTION_ENCODINGS,
    PUBLIC,
    SECRET_ALGORITHMS,
    SUBJECT_TYPES,
)
from idp.oauth.scopes import SCOPES

Members = dict[str, object]


def members(issuer: str, *, locales: Sequence[str], methods: Sequence[str]) -> Members:
    """The whole document, as JSON has it; `locales` are of the pages, `methods` those by which
    clients may prove who they are (`authentication.methods`)."""
    return {
        "issuer": issuer,
        **_addresses(issuer),
        "protected_resources": [f"{issuer}{path}" for path in resources.ALL],
        **_requests(),
        **_request_objects(),
        **_clients(methods),
        **_tokens(),
        **_claims(),
        **_interaction(locales),
        **_approvals(),
        **_logout(),
    }


def _addresses(issuer: str) -> dict[str, str]:
    paths = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "pushed_authorization_request_endpoint": "par",
        "device_authorization_endpoint": "device",
        "backchannel_authentication_endpoint": "backchannel-authentication",
        "userinfo_endpoint": "userinfo",
        "introspection_endpoint": "introspect",
        "revocation_endpoint": "revoke",
        "end_session_endpoint": "logout",
        "registration_endpoint": "register",
        "jwks_uri": "jwks",
    }
    return {name: f"{issuer}/oauth/{path}" for name, path in paths.items()}


def _requests() -> Members:
    """What an authorization or token request may ask for, and how it is answered."""
    return {
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(MODES),
        "grant_types_supported": list(clients.GRANT_TYPES),
        "code_challenge_methods_supported": ["S256"],
        "authorization_details_types_supported": [TYPE],
        "authorization_response_iss_parameter_supported": True,
        "authorization_signing_alg_values_supported": list(keys.ALGORITHMS),
    }


def _request_objects() -> Members:
    """Requests by value, by reference and pushed: RFC 9101, RFC 9126, Core section 6."""
    return {
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "request_object_signing_alg_values_supported": [*CLIENT_ALGORITHMS, NONE],
        "require_pushed_authorization_requests": False,
    }


def _clients(methods: Sequence[str]) -> Members:
    """How clients prove who they are; introspection is not for those that can't."""
    return {
        **_authentication("token", methods),
        **_authentication("revocation", methods),
        **_authentication("introspection", [each for each in methods if each != PUBLIC]),
    }


def _authentication(kind: str, methods: Sequence[str]) -> Members:
    """How clients prove themselves at this endpoint, and what they may sign with."""
    return {
        f"{kind}_endpoint_auth_methods_supported": list(methods),
        f"{kind}_endpoint_auth_signing_alg_values_supported": [
            *CLIENT_ALGORITHMS,
            *SECRET_ALGORITHMS,
        ],
    }


def _tokens() -> Members:
    """How tokens and what is said of people are signed, encrypted and bound to keys."""
    signing = list(clients.ID_TOKEN_ALGORITHMS)
    encryption, encodings = list(ENCRYPTION_ALGORITHMS), list(ENCRYPTION_ENCODINGS)
    return {
        "id_token_signing_alg_values_supported": signing,
        "id_token_encryption_alg_values_supported": encryption,
        "id_token_encryption_enc_values_supported": encodings,
        "userinfo_signing_alg_values_supported": signing,
        "userinfo_encryption_alg_values_supported": encryption,
        "userinfo_encryption_enc_values_supported": encodings,
        "introspection_signing_alg_values_supported": signing,
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": True,
    }


def _claims() -> Members:
    """What is said of people, and under which names they go."""
    own = ["iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "at_hash"]
    of_scopes = dict.fromkeys(claim for claims in SCOPES.values() for claim in claims)
    return {
        "subject_types_supported": list(SUBJECT_TYPES),
        "claims_supported": [*of_scopes, *own],
        "claim_types_supported": ["normal", "distributed"],
        "claims_parameter_supported": True,
    }


def _interaction(locales: Sequence[str]) -> Members:
    """What people see, and how sure we are who they are."""
    return {
        "acr_values_supported": [ACR_ONE_FACTOR, ACR_TWO_FACTORS],
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": list(locales),
        "display_values_supported": list(DISPLAYS),
    }


def _approvals() -> Members:
    """CIBA Core section 4."""
    return {
        "backchannel_token_delivery_modes_supported": list(DELIVERY_MODES),
        "backchannel_user_code_parameter_supported": False,
    }


def _logout() -> Members:
    """Back-Channel Logout section 2.1, Front-Channel Logout section 3."""
    return {
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": False,
    }
