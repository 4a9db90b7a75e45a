"""What a client registered `fapi` has to be (FAPI 2.0 Security Profile)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from idp.oauth.clients.vocabulary import AUTHORIZATION_CODE, FAPI_ALGORITHMS, WITH_CERTIFICATE

if TYPE_CHECKING:
    from idp.oauth.clients.metadata import ClientMetadata

METHODS = frozenset({"private_key_jwt", *WITH_CERTIFICATE})
SIGNED = (
    "id_token_signed_response_alg",
    "authorization_signed_response_alg",
    "userinfo_signed_response_alg",
    "request_object_signing_alg",
    "token_endpoint_auth_signing_alg",
)


def faults(metadata: ClientMetadata) -> Iterator[str]:
    """The members by which it falls short of sections 5.3.2, 5.3.3 and 5.4.1."""
    if not metadata.fapi:
        return
    if metadata.token_endpoint_auth_method not in METHODS:
        yield "token_endpoint_auth_method"
    if not metadata.require_pkce:
        yield "require_pkce"
    if AUTHORIZATION_CODE in metadata.grant_types:
        if not metadata.require_pushed_authorization_requests:
            yield "require_pushed_authorization_requests"
        if not all(uri.startswith("https://") for uri in metadata.redirect_uris):
            yield "redirect_uris"
    if not metadata.is_sender_constrained:
        yield "dpop_bound_access_tokens"
    for name in SIGNED:
        if getattr(metadata, name) not in {"", *FAPI_ALGORITHMS}:
            yield name
