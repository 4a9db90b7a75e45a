"""What is registered of a client, in the names of RFC 7591."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from idp.oauth.clients import redirect_uris
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.scopes import is_registrable

GRANT_TYPES = ("authorization_code", "refresh_token", "client_credentials")
AUTHENTICATION_METHODS = ("client_secret_basic", "client_secret_post", "none")
ID_TOKEN_ALGORITHMS = ("RS256", "ES256")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMetadata:
    """RFC 7591 section 2, in its names; below them what is our own."""

    client_name: str
    redirect_uris: tuple[str, ...] = ()
    grant_types: tuple[str, ...] = ("authorization_code", "refresh_token")
    response_types: tuple[str, ...] = ("code",)
    scope: str = "openid profile email"  # all that it may ask for, and what it gets by default
    token_endpoint_auth_method: str = "client_secret_basic"  # noqa: S105 - a method's name
    application_type: str = "web"  # or native: RFC 8252 rules for its redirect URIs
    client_uri: str = ""
    logo_uri: str = ""
    policy_uri: str = ""
    tos_uri: str = ""
    post_logout_redirect_uris: tuple[str, ...] = ()
    id_token_signed_response_alg: str = "RS256"  # noqa: S105 - an algorithm's name
    resources: tuple[str, ...] = ()  # RFC 8707: what its tokens may be for; the first by default
    require_pkce: bool = True
    single_holder: bool = False  # acts for one holder at a time, whom the person picks
    introspect: bool = False  # a resource server: may ask about others' tokens for its resources

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
        return self.token_endpoint_auth_method == "none"  # noqa: S105 - a method's name

    def check(self) -> None:
        """Raises `InvalidClientMetadata` or `InvalidRedirectUri`."""
        known = (
            set(self.grant_types) <= set(GRANT_TYPES)
            and set(self.response_types) <= {"code"}
            and all(map(is_registrable, self.scope.split()))
            and self.token_endpoint_auth_method in AUTHENTICATION_METHODS
            and self.application_type in {"web", "native"}
            and self.id_token_signed_response_alg in ID_TOKEN_ALGORITHMS
        )
        secretless = self.is_public and (
            "client_credentials" in self.grant_types or self.introspect or not self.require_pkce
        )
        redirects = "authorization_code" in self.grant_types
        if not known or secretless or redirects != bool(self.redirect_uris) or not self.client_name:
            raise InvalidClientMetadata()
        pages = (self.client_uri, self.logo_uri, self.policy_uri, self.tos_uri)
        for uri in filter(None, pages):  # people are shown links to them: never `javascript:`
            redirect_uris.check_registrable(uri, native=False)
        for uri in (*self.redirect_uris, *self.post_logout_redirect_uris):
            redirect_uris.check_registrable(uri, native=self.application_type == "native")
