"""Metadata as strangers write it in JSON (RFC 7591 section 2), and as they are told of it."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.clients.vocabulary import AUTHORIZATION_CODE, ENCRYPTION_ENCODINGS
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.scopes import GRANT_USES, SCOPES

ORDINARY_SCOPES = frozenset(SCOPES) - {GRANT_USES}
DEFAULT_SCOPE = "openid profile email phone address offline_access"
NAMELESS = "Application"
SIGNING = frozenset({"client_secret_jwt", "private_key_jwt"})
ENCRYPTED = ("id_token_encrypted_response", "userinfo_encrypted_response")
TOLD_EMPTY = frozenset({"grant_types", "response_types"})  # left out, they stand for the code flow
Values = dict[str, Any]


def read(
    body: Mapping[str, Any], *, require_pkce: bool, unsigned_requests: bool = False
) -> ClientMetadata:
    """What `body` asks for, with the defaults of RFC 7591 and OpenID Connect Registration; with
    `unsigned_requests` its request objects are not signed unless it says so.

    Unknown members are passed over (so are those for one language, as `client_name#fr`), null
    counts as left out. Raises `InvalidClientMetadata` for a value of the wrong kind.
    """
    kinds = get_type_hints(ClientMetadata)
    values = {
        each.name: _value(each.name, body[each.name], kinds[each.name])
        for each in fields(ClientMetadata)
        if body.get(each.name) is not None
    }
    if unsigned_requests:
        values.setdefault("request_object_signing_alg", "none")
    return ClientMetadata(**_completed(values, require_pkce))


def written(metadata: ClientMetadata) -> Values:
    """The members that have a value, and those of which it counts that they have none."""
    return {
        name: value
        for name, value in metadata.as_json().items()
        if value not in ("", (), None) or name in TOLD_EMPTY
    }


def _value(name: str, value: object, kind: Any) -> Any:
    """In the type that we keep it in."""
    if kind == tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
    elif kind == int | None:
        if type(value) is int:
            return value
    elif kind in (str, bool):
        if type(value) is kind:
            return value
    elif isinstance(value, dict):
        return value
    raise InvalidClientMetadata(field=name)


def _completed(values: Values, require_pkce: bool) -> Values:
    values.setdefault("grant_types", (AUTHORIZATION_CODE,))
    values.setdefault("scope", DEFAULT_SCOPE)
    values.setdefault(
        "require_pkce", require_pkce or values.get("token_endpoint_auth_method") == "none"
    )
    if AUTHORIZATION_CODE not in values["grant_types"]:
        values.setdefault("response_types", ())
    if values.get("token_endpoint_auth_method") not in SIGNING:
        values.pop("token_endpoint_auth_signing_alg", None)  # many name one whatever the method
    for name in ENCRYPTED:
        if values.get(f"{name}_alg"):
            values.setdefault(f"{name}_enc", ENCRYPTION_ENCODINGS[0])
    values["client_name"] = values.get("client_name") or _name_of(values)
    return values


def _name_of(values: Values) -> str:
    """For one that gave none: the host that people come from and go back to."""
    for address in (values.get("client_uri", ""), *values.get("redirect_uris", ())):
        try:
            host = urlsplit(str(address)).hostname
        except ValueError:
            continue
        if host:
            return str(host)
    return NAMELESS
