"""What a registration may say, and what contradicts itself: each refusal names the member."""

from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from idp.oauth.clients import ClientMetadata, vocabulary
from idp.oauth.errors import InvalidClientMetadata, InvalidRedirectUri
from tests.refusals import refusal_of

KEYS = {"keys": [ECKey.generate_key("P-256", auto_kid=True).as_dict(private=False)]}
GOOD: dict[str, Any] = {"client_name": "Bills", "redirect_uris": ("https://app.example/cb",)}
FAPI: dict[str, Any] = {
    **GOOD,
    "fapi": True,
    "token_endpoint_auth_method": "private_key_jwt",
    "jwks": KEYS,
    "require_pushed_authorization_requests": True,
    "dpop_bound_access_tokens": True,
    "id_token_signed_response_alg": "ES256",
    "authorization_signed_response_alg": "ES256",
}
SERVER: dict[str, Any] = {"client_name": "Desk", "redirect_uris": ()}


def keys_of(*keys: Any) -> dict[str, Any]:
    return {"keys": [*keys]}


@pytest.mark.parametrize(
    "changes",
    [
        {"token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS},
        {
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks_uri": "https://app.example/jwks",
            "token_endpoint_auth_signing_alg": "PS256",
        },
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "a.example"},
        {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": KEYS},
        {"subject_type": "pairwise"},
        {
            "subject_type": "pairwise",
            "redirect_uris": ("https://a.example/", "https://b.example/"),
            "sector_identifier_uri": "https://sector.example/uris",
        },
        {"request_uris": ("https://app.example/request#47DEQpj8HBSa",)},
        {"request_object_signing_alg": "none"},
        {
            "userinfo_encrypted_response_alg": "ECDH-ES",
            "userinfo_encrypted_response_enc": "A256GCM",
            "jwks": KEYS,
        },
        {
            **SERVER,
            "grant_types": (vocabulary.CIBA,),
            "backchannel_token_delivery_mode": "ping",
            "backchannel_client_notification_endpoint": "https://desk.example/ping",
        },
        {
            **SERVER,
            "grant_types": (vocabulary.DEVICE_CODE, "refresh_token"),
            "token_endpoint_auth_method": "none",
        },
        {"contacts": ("ops@app.example",), "default_max_age": 0, "logo_uri": "https://a.example/l"},
        {"introspect": True, "act_aware": True},
        FAPI,
        {
            **FAPI,
            "dpop_bound_access_tokens": False,
            "tls_client_certificate_bound_access_tokens": True,
            "token_endpoint_auth_method": "tls_client_auth",
            "tls_client_auth_subject_dn": "CN=app",
        },
    ],
)
def test_what_fits_together_can_be_registered(changes: dict[str, Any]) -> None:
    assert refusal_of(ClientMetadata(**{**GOOD, **changes}).check) is None


@pytest.mark.parametrize(
    ("member", "changes"),
    [
        ("client_name", {"client_name": "a\u202eb"}),
        ("client_name", {"client_name": "x" * 201}),
        ("software_id", {"software_id": "x" * 2001}),
        ("contacts", {"contacts": ("a@b",) * 51}),
        ("contacts", {"contacts": ("nobody",)}),
        ("grant_types", {"grant_types": ("authorization_code", "password")}),
        ("grant_types", {**SERVER, "grant_types": ("client_credentials", "refresh_token")}),
        (
            "grant_types",
            {
                "grant_types": ("authorization_code", vocabulary.TOKEN_EXCHANGE),
                "token_endpoint_auth_method": "none",
            },
        ),
        ("redirect_uris", {"redirect_uris": ()}),
        ("redirect_uris", {"grant_types": ("client_credentials",)}),
        ("response_types", {"response_types": ("code", "token")}),
        ("response_types", {"response_types": ()}),
        ("token_endpoint_auth_method", {"token_endpoint_auth_method": "password"}),
        ("token_endpoint_auth_signing_alg", {"token_endpoint_auth_signing_alg": "RS256"}),
        (
            "token_endpoint_auth_signing_alg",
            {
                "token_endpoint_auth_method": "private_key_jwt",
                "jwks": KEYS,
                "token_endpoint_auth_signing_alg": "HS256",
            },
        ),
        ("jwks", {"token_endpoint_auth_method": "private_key_jwt"}),
        ("jwks", {"token_endpoint_auth_method": "self_signed_tls_client_auth"}),
        ("jwks", {"jwks": KEYS, "jwks_uri": "https://app.example/jwks"}),
        ("jwks", {"jwks": {}}),
        ("jwks", {"jwks": keys_of()}),
        ("jwks", {"jwks": keys_of(ECKey.generate_key("P-256").as_dict(private=True))}),
        ("jwks", {"jwks": keys_of(OctKey.generate_key(256).as_dict())}),
        ("jwks", {"jwks": keys_of({"kty": "RSA", "e": "AQAB", "n": "x" * 171})}),
        ("jwks", {"jwks": keys_of({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"})}),
        ("jwks", {"jwks": keys_of("key")}),
        ("tls_client_auth_subject_dn", {"token_endpoint_auth_method": "tls_client_auth"}),
        ("tls_client_auth_san_ip", {"tls_client_auth_san_ip": "192.0.2.1"}),
        (
            "tls_client_auth_san_dns",
            {
                "token_endpoint_auth_method": "tls_client_auth",
                "tls_client_auth_san_dns": "a.example",
                "tls_client_auth_san_uri": "https://a.example",
            },
        ),
        (
            "tls_client_auth_subject_dn",
            {
                "token_endpoint_auth_method": "tls_client_auth",
                "tls_client_auth_subject_dn": "somebody",
            },
        ),
        (
            "tls_client_auth_san_ip",
            {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_ip": "1.2.3"},
        ),
        ("subject_type", {"subject_type": "private"}),
        (
            "sector_identifier_uri",
            {
                "subject_type": "pairwise",
                "redirect_uris": ("https://a.example/", "https://b.example/"),
            },
        ),
        ("jwks_uri", {"jwks_uri": "http://app.example/jwks"}),
        ("jwks_uri", {"jwks_uri": "file:///etc/passwd"}),
        ("backchannel_logout_uri", {"backchannel_logout_uri": "https://app.example/#x"}),
        ("request_uris", {"request_uris": ("http://app.example/request",)}),
        ("userinfo_signed_response_alg", {"userinfo_signed_response_alg": "none"}),
        ("id_token_encrypted_response_enc", {"id_token_encrypted_response_alg": "ECDH-ES"}),
        (
            "id_token_encrypted_response_alg",
            {
                "id_token_encrypted_response_alg": "ECDH-ES",
                "id_token_encrypted_response_enc": "A256GCM",
            },
        ),
        ("id_token_encrypted_response_alg", {"id_token_encrypted_response_alg": "RSA1_5"}),
        ("require_signed_request_object", {"require_signed_request_object": True}),
        ("default_max_age", {"default_max_age": -1}),
        ("default_acr_values", {"default_acr_values": ("two words",)}),
        ("act_aware", {"act_aware": True}),
        ("introspect", {"token_endpoint_auth_method": "none", "introspect": True}),
        ("require_pkce", {"token_endpoint_auth_method": "none", "require_pkce": False}),
        ("backchannel_token_delivery_mode", {**SERVER, "grant_types": (vocabulary.CIBA,)}),
        ("backchannel_token_delivery_mode", {"backchannel_token_delivery_mode": "poll"}),
        (
            "backchannel_client_notification_endpoint",
            {
                **SERVER,
                "grant_types": (vocabulary.CIBA,),
                "backchannel_token_delivery_mode": "ping",
            },
        ),
        ("token_endpoint_auth_method", {**FAPI, "token_endpoint_auth_method": "none"}),
        (
            "token_endpoint_auth_method",
            {**FAPI, "token_endpoint_auth_method": "client_secret_basic"},
        ),
        ("require_pkce", {**FAPI, "require_pkce": False}),
        (
            "require_pushed_authorization_requests",
            {**FAPI, "require_pushed_authorization_requests": False},
        ),
        ("dpop_bound_access_tokens", {**FAPI, "dpop_bound_access_tokens": False}),
        ("redirect_uris", {**FAPI, "redirect_uris": ("http://127.0.0.1/cb",)}),
        ("id_token_signed_response_alg", {**FAPI, "id_token_signed_response_alg": "RS256"}),
        ("token_endpoint_auth_signing_alg", {**FAPI, "token_endpoint_auth_signing_alg": "RS256"}),
    ],
)
def test_a_contradiction_is_refused_by_the_name_of_its_member(
    member: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidClientMetadata) as refusal:
        ClientMetadata(**{**GOOD, **changes}).check()
    assert refusal.value.field == member


@pytest.mark.parametrize("member", ["redirect_uris", "post_logout_redirect_uris"])
def test_a_redirect_address_that_cannot_be_served_is_refused_by_its_own_code(member: str) -> None:
    with pytest.raises(InvalidRedirectUri) as refusal:
        ClientMetadata(**{**GOOD, member: ("javascript:alert(1)",)}).check()
    assert refusal.value.field == member


@pytest.mark.parametrize(
    ("sector", "members"),
    [
        ("app.example", {}),
        ("", {"redirect_uris": ("https://a.example/", "https://b.example/")}),
        (
            "s.example",
            {
                "redirect_uris": ("https://a.example/", "https://b.example/"),
                "sector_identifier_uri": "https://s.example/uris",
            },
        ),
        ("keys.example", {"redirect_uris": (), "jwks_uri": "https://keys.example/jwks"}),
        ("", {"redirect_uris": ()}),
    ],
)
def test_the_sector_is_a_host(sector: str, members: dict[str, Any]) -> None:
    assert ClientMetadata(**{**GOOD, **members}).sector == sector


def test_what_is_kept_is_what_was_registered() -> None:
    metadata = ClientMetadata(**FAPI)
    assert ClientMetadata.from_json(metadata.as_json()) == metadata
    assert hash(metadata)
