"""Options of `idp clients create` and `update`: one for each member of the metadata."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import click

from idp.oauth.clients import vocabulary
from idp.oauth.clients.metadata import ClientMetadata

Command = Callable[..., Any]
Values = dict[str, Any]

SHORT = {  # where the member's own name is too long to type
    "client_name": "--name",
    "token_endpoint_auth_method": "--auth-method",
    "id_token_signed_response_alg": "--id-token-alg",
}
ELSEWHERE = frozenset({"require_pkce", "application_type", "response_types"})
CHOICES = {
    "grant_types": vocabulary.GRANT_TYPES,
    "token_endpoint_auth_method": vocabulary.AUTHENTICATION_METHODS,
    "id_token_signed_response_alg": vocabulary.ID_TOKEN_ALGORITHMS,
    "subject_type": vocabulary.SUBJECT_TYPES,
    "backchannel_token_delivery_mode": vocabulary.DELIVERY_MODES,
}
HELP = {
    "client_name": "What people see on the consent page.",
    "scope": "Everything that it may ask for, separated by spaces.",
    "resources": "`aud` of its tokens; first: default. Of a resource server: its own.",
    "jwks": "A file with its public keys (RFC 7517).",
    "jwks_uri": "Where its public keys are found.",
    "single_holder": "Acts for one holder at a time: people are asked on whose behalf.",
    "introspect": "A resource server: may ask about tokens for its resources.",
    "act_aware": "A resource server that understands `act` (RFC 8693).",
    "fapi": "Held to the FAPI 2.0 Security Profile, and registered as that demands.",
}


def metadata(command: Command) -> Command:
    """Give `command` an option for each member, in their order."""
    kinds = get_type_hints(ClientMetadata)
    for each in reversed(fields(ClientMetadata)):
        if each.name not in ELSEWHERE:
            command = _option(each.name, kinds[each.name])(command)
    return command


def given(values: Mapping[str, Any]) -> Values:
    """The members that were given; a key set is read from its file."""
    members = {name: value for name, value in values.items() if value not in (None, (), False)}
    if "jwks" in members:
        members["jwks"] = _key_set(members["jwks"])
    return members


def completed(values: Values, *, public: bool, native: bool, without_pkce: bool) -> Values:
    """With what follows from the switches, and from a client that nobody is sent back to."""
    made = dict(values)
    if public or native:
        made["token_endpoint_auth_method"] = vocabulary.PUBLIC
    if native:
        made["application_type"] = "native"
    if not made.get("redirect_uris"):
        made.setdefault("grant_types", (vocabulary.CLIENT_CREDENTIALS,))
    made["require_pkce"] = not without_pkce
    return {**_for_fapi(made), **made} if made.get("fapi") else made


def _for_fapi(values: Mapping[str, Any]) -> Values:
    by_certificate = bool(values.get("tls_client_certificate_bound_access_tokens"))
    return {
        "token_endpoint_auth_method": "private_key_jwt",
        "require_pushed_authorization_requests": True,
        "dpop_bound_access_tokens": not by_certificate,
        "id_token_signed_response_alg": "ES256",
        "authorization_signed_response_alg": "ES256",
    }


def _option(name: str, kind: Any) -> Callable[[Command], Command]:
    flag = SHORT.get(name) or "--" + name.replace("_", "-")
    said = HELP.get(name)
    if kind is bool:
        return click.option(flag, name, is_flag=True, help=said)
    choice = click.Choice(CHOICES[name]) if name in CHOICES else None
    if kind == tuple[str, ...]:
        return click.option(flag.removesuffix("s"), name, multiple=True, type=choice, help=said)
    if name == "jwks":
        file = click.Path(exists=True, dir_okay=False, path_type=Path)
        return click.option(flag, name, type=file, help=said)
    return click.option(flag, name, type=int if kind == int | None else choice, help=said)


def _key_set(file: Path) -> Mapping[str, Any]:
    try:
        read = json.loads(file.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{file}: this is not JSON") from error
    if not isinstance(read, dict):
        raise click.ClickException(f"{file}: this is no key set")
    return read
