"""What is registered of a client, in the names of RFC 7591."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self
from urllib.parse import urlsplit

from idp.oauth.clients import checks
from idp.oauth.clients.vocabulary import PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMetadata:
    """In the names of the specifications; below them what is our own. Empty text is "not given"."""

    # RFC 7591 section 2
    client_name: str
    redirect_uris: tuple[str, ...] = ()
    grant_types: tuple[str, ...] = ("authorization_code", "refresh_token")
    response_types: tuple[str, ...] = ("code",)
    scope: str = "openid profile email"  # all that it may ask for, and what it gets by default
    token_endpoint_auth_method: str = "client_secret_basic"  # noqa: S105 - a method's name
    client_uri: str = ""
    logo_uri: str = ""
    policy_uri: str = ""
    tos_uri: str = ""
    contacts: tuple[str, ...] = ()  # e-mail addresses of those who look after it
    jwks: Mapping[str, Any] | None = field(default=None, hash=False)  # its public keys (RFC 7517)
    jwks_uri: str = ""  # … or where they are found
    software_id: str = ""
    software_version: str = ""

    # OpenID Connect Dynamic Client Registration section 2
    application_type: str = "web"  # or native: RFC 8252 rules for its redirect URIs
    sector_identifier_uri: str = ""
    subject_type: str = "public"  # or pairwise
    token_endpoint_auth_signing_alg: str = ""  # of its assertions; empty: any that we take
    id_token_signed_response_alg: str = "RS256"  # noqa: S105 - an algorithm's name
    id_token_encrypted_response_alg: str = ""  # empty: not encrypted
    id_token_encrypted_response_enc: str = ""
    userinfo_signed_response_alg: str = ""  # empty: JSON
    userinfo_encrypted_response_alg: str = ""
    userinfo_encrypted_response_enc: str = ""
    request_object_signing_alg: str = ""  # empty: any that we take, but not none
    request_uris: tuple[str, ...] = ()
    default_max_age: int | None = None  # seconds
    require_auth_time: bool = False
    default_acr_values: tuple[str, ...] = ()
    initiate_login_uri: str = ""

    # RP-Initiated Logout section 3.1, Back-Channel Logout section 2.2
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    backchannel_logout_session_required: bool = False

    require_signed_request_object: bool = False  # RFC 9101 section 10.5
    require_pushed_authorization_requests: bool = False  # RFC 9126 section 6
    authorization_signed_response_alg: str = "RS256"  # JARM section 3
    introspection_signed_response_alg: str = "RS256"  # RFC 9701 section 6
    dpop_bound_access_tokens: bool = False  # RFC 9449 section 5.2

    # RFC 8705 sections 2.1.2 and 3.4: whose certificate it is, and whether tokens are bound to it
    tls_client_auth_subject_dn: str = ""  # RFC 4514
    tls_client_auth_san_dns: str = ""
    tls_client_auth_san_uri: str = ""
    tls_client_auth_san_ip: str = ""
    tls_client_auth_san_email: str = ""
    tls_client_certificate_bound_access_tokens: bool = False

    # CIBA Core section 4
    backchannel_token_delivery_mode: str = ""  # poll or ping
    backchannel_client_notification_endpoint: str = ""
    backchannel_user_code_parameter: bool = False

    # Our own
    resources: tuple[str, ...] = ()  # RFC 8707: what its tokens may be for; the first by default
    require_pkce: bool = True
    single_holder: bool = False  # acts for one holder at a time, whom the person picks
    introspect: bool = False  # a resource server: may ask about others' tokens for its resources
    act_aware: bool = False  # a resource server that understands `act` (RFC 8693 section 4.1)
    fapi: bool = False  # held to the FAPI 2.0 Security Profile

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` gave; members of a later version are passed over."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data.items()
            if name in known
        }
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """For the `metadata` column."""
        return asdict(self)

    @property
    def is_public(self) -> bool:
        """Whether it can keep no secret (RFC 6749 section 2.1)."""
        return self.token_endpoint_auth_method == PUBLIC

    @property
    def has_keys(self) -> bool:
        """Whether it registered public keys, or where they are."""
        return bool(self.jwks or self.jwks_uri)

    @property
    def is_sender_constrained(self) -> bool:
        """Whether its tokens are bound to a key or certificate of its own."""
        return self.dpop_bound_access_tokens or self.tls_client_certificate_bound_access_tokens

    @property
    def sector(self) -> str:
        """The host that pairwise subjects are computed for (OpenID Connect Core section 8.1); of a
        client without redirect URIs that of its keys (CIBA section 4). Empty: several, or none."""
        for addresses in (self.sector_identifier_uri,), self.redirect_uris, (self.jwks_uri,):
            hosts = {urlsplit(each).hostname or "" for each in addresses if each}
            if hosts:
                return hosts.pop() if len(hosts) == 1 else ""
        return ""

    def check(self) -> None:
        """Raises `InvalidClientMetadata` or `InvalidRedirectUri` naming the member at fault."""
        checks.check(self)
