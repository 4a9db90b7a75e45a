"""What a registration must not say: one small rule for each contradiction.

Each rule yields the members that are at fault; the first of all is named in the refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from idp.oauth.clients import fapi, key_sets, redirect_uris, vocabulary
from idp.oauth.clients.certificate_names import is_possible
from idp.oauth.clients.vocabulary import (
    AUTHORIZATION_CODE,
    CIBA,
    CLIENT_ALGORITHMS,
    ENCRYPTION_ALGORITHMS,
    ENCRYPTION_ENCODINGS,
    ID_TOKEN_ALGORITHMS,
    REFRESH_TOKEN,
    SECRET_ALGORITHMS,
    WITH_PEOPLE,
)
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.scopes import is_registrable

if TYPE_CHECKING:
    from idp.oauth.clients.metadata import ClientMetadata

MAXIMUM_LENGTH = 2000  # characters of any text
MAXIMUM_NAME = 200
MAXIMUM_VALUES = 50  # of any list

Rule = Callable[["ClientMetadata"], Iterator[str]]

PAGES = ("client_uri", "logo_uri", "policy_uri", "tos_uri", "initiate_login_uri")
ASKED = (  # addresses that we ask ourselves
    "jwks_uri",
    "sector_identifier_uri",
    "backchannel_logout_uri",
    "backchannel_client_notification_endpoint",
)
REDIRECTS = ("redirect_uris", "post_logout_redirect_uris")
ENCRYPTED = ("id_token_encrypted_response", "userinfo_encrypted_response")
ONE_OF = {
    "application_type": ("web", "native"),
    "token_endpoint_auth_method": vocabulary.AUTHENTICATION_METHODS,
    "subject_type": vocabulary.SUBJECT_TYPES,
    "id_token_signed_response_alg": ID_TOKEN_ALGORITHMS,
    "authorization_signed_response_alg": ID_TOKEN_ALGORITHMS,
    "introspection_signed_response_alg": ID_TOKEN_ALGORITHMS,
    "userinfo_signed_response_alg": ("", *ID_TOKEN_ALGORITHMS),
    "request_object_signing_alg": ("", *CLIENT_ALGORITHMS, "none"),
    "id_token_encrypted_response_alg": ("", *ENCRYPTION_ALGORITHMS),
    "id_token_encrypted_response_enc": ("", *ENCRYPTION_ENCODINGS),
    "userinfo_encrypted_response_alg": ("", *ENCRYPTION_ALGORITHMS),
    "userinfo_encrypted_response_enc": ("", *ENCRYPTION_ENCODINGS),
    "backchannel_token_delivery_mode": ("", *vocabulary.DELIVERY_MODES),
}


def check(metadata: ClientMetadata) -> None:
    """Raises `InvalidClientMetadata` or `InvalidRedirectUri` with the member as its `field`."""
    for rule in RULES:
        for member in rule(metadata):
            raise InvalidClientMetadata(field=member)
    native = metadata.application_type == "native"
    for member in REDIRECTS:
        for uri in getattr(metadata, member):
            redirect_uris.check_registrable(uri, native=native, field=member)


def _sizes(metadata: ClientMetadata) -> Iterator[str]:
    if not 0 < len(metadata.client_name) <= MAXIMUM_NAME or not metadata.client_name.isprintable():
        yield "client_name"
    for each in fields(metadata):
        value = getattr(metadata, each.name)
        texts = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
        checked = texts if each.name not in REDIRECTS else ()  # those are refused by another code
        if len(texts) > MAXIMUM_VALUES or not all(map(_is_plain, checked)):
            yield each.name


def _is_plain(text: str) -> bool:
    """Short, and without characters that nobody sees and PostgreSQL may not take."""
    return len(text) <= MAXIMUM_LENGTH and text.isprintable()


def _values(metadata: ClientMetadata) -> Iterator[str]:
    yield from (name for name, known in ONE_OF.items() if getattr(metadata, name) not in known)
    if not set(metadata.grant_types) <= set(vocabulary.GRANT_TYPES):
        yield "grant_types"
    if not set(metadata.response_types) <= {"code"}:
        yield "response_types"
    if not all(map(is_registrable, metadata.scope.split())):
        yield "scope"
    if not 0 <= (metadata.default_max_age or 0) < vocabulary.MAXIMUM_AGE:
        yield "default_max_age"
    if not all(
        "@" in each and each.isprintable() and " " not in each for each in metadata.contacts
    ):
        yield "contacts"
    if any(not each or not each.isascii() or " " in each for each in metadata.default_acr_values):
        yield "default_acr_values"


def _grant_types(metadata: ClientMetadata) -> Iterator[str]:
    types = set(metadata.grant_types)
    if (AUTHORIZATION_CODE in types) != bool(metadata.redirect_uris):
        yield "redirect_uris"
    if AUTHORIZATION_CODE in types and not metadata.response_types:
        yield "response_types"
    if REFRESH_TOKEN in types and not WITH_PEOPLE & types:
        yield "grant_types"
    if metadata.is_public and vocabulary.CONFIDENTIAL & types:
        yield "grant_types"


def _public(metadata: ClientMetadata) -> Iterator[str]:
    if metadata.is_public and not metadata.require_pkce:
        yield "require_pkce"
    if metadata.is_public and metadata.introspect:
        yield "introspect"
    if metadata.act_aware and not metadata.introspect:  # it is no resource server
        yield "act_aware"


def _authentication(metadata: ClientMetadata) -> Iterator[str]:
    method = metadata.token_endpoint_auth_method
    algorithms: dict[str, tuple[str, ...]] = {
        "private_key_jwt": CLIENT_ALGORITHMS,
        "client_secret_jwt": SECRET_ALGORITHMS,
    }
    if metadata.token_endpoint_auth_signing_alg not in ("", *algorithms.get(method, ())):
        yield "token_endpoint_auth_signing_alg"
    if method in {"private_key_jwt", "self_signed_tls_client_auth"} and not metadata.has_keys:
        yield "jwks"
    names = [each for each in vocabulary.CERTIFICATE_NAMES if getattr(metadata, each)]
    if len(names) != (method == "tls_client_auth"):
        yield names[0] if names else "tls_client_auth_subject_dn"
    yield from (each for each in names if not is_possible(each, getattr(metadata, each)))


def _keys(metadata: ClientMetadata) -> Iterator[str]:
    if metadata.jwks is not None and (metadata.jwks_uri or not key_sets.is_public(metadata.jwks)):
        yield "jwks"
    for name in ENCRYPTED:
        algorithm, encoding = getattr(metadata, f"{name}_alg"), getattr(metadata, f"{name}_enc")
        if bool(algorithm) != bool(encoding):
            yield f"{name}_enc"
        if algorithm and not metadata.has_keys:
            yield f"{name}_alg"
    if metadata.require_signed_request_object and (
        metadata.request_object_signing_alg == "none" or not metadata.has_keys
    ):
        yield "require_signed_request_object"


def _subjects(metadata: ClientMetadata) -> Iterator[str]:
    """OpenID Connect Core section 8.1: several hosts need a sector that they agree on."""
    if metadata.subject_type == "pairwise" and not metadata.sector and metadata.redirect_uris:
        yield "sector_identifier_uri"
    if metadata.subject_type == "pairwise" and "tax_id" in metadata.scope.split():
        yield "scope"  # it has no business knowing tax ids


def _channels(metadata: ClientMetadata) -> Iterator[str]:
    """CIBA section 4."""
    mode = metadata.backchannel_token_delivery_mode
    if (CIBA in metadata.grant_types) != bool(mode):
        yield "backchannel_token_delivery_mode"
    if (mode == "ping") != bool(metadata.backchannel_client_notification_endpoint):
        yield "backchannel_client_notification_endpoint"


def _addresses(metadata: ClientMetadata) -> Iterator[str]:
    """People are shown links to some, never `javascript:`; `idp.outbound` may refuse others."""
    for name in (*PAGES, *ASKED, "request_uris"):
        value = getattr(metadata, name)
        for uri in value if isinstance(value, tuple) else (value,) if value else ():
            address = uri.partition("#")[0] if name == "request_uris" else uri
            if not redirect_uris.is_registrable(address, native=False):
                yield name


RULES: tuple[Rule, ...] = (
    _sizes,
    _values,
    _grant_types,
    _public,
    _authentication,
    _keys,
    _subjects,
    _channels,
    _addresses,
    fapi.faults,
)
