"""What the provider keeps: clients, keys, authorizations and the secrets that belong to them.

Secrets are kept as hashes, private keys sealed (see `idp.sealing`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from idp.accounts.models import Account
from idp.extensions import Base
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class Client(Base):
    """A registered application (RFC 6749 section 2); ids hold no colon (RFC 9068 section 5)."""

    __tablename__ = "clients"
    __table_args__ = (
        # Resource servers are few: whoever asks for those of one resource looks here.
        Index(
            "ix_clients_resource_servers",
            "id",
            postgresql_where=text("(metadata ->> 'introspect') = 'true' AND disabled_at IS NULL"),
        ),
        # Whose pages may call us, see `origins`.
        Index(
            "ix_clients_in_browsers",
            "id",
            postgresql_where=text(
                "(metadata ->> 'token_endpoint_auth_method') = 'none' AND disabled_at IS NULL"
            ),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # NULL: shows no secret
    sealed_secret: Mapped[str | None]  # of client_secret_jwt, whose secret is a key; else NULL
    # RFC 7591 section 2 metadata, in the names of that document.
    metadata_: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB)
    first_party: Mapped[bool]  # the utility's own: no consent page
    invitation_id: Mapped[int | None] = mapped_column(  # NULL: registered by the operator
        ForeignKey("client_invitations.id"), index=True
    )
    management_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # RFC 7592 token; NULL: none
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]  # NULL: in use


class SigningKey(Base):
    """A key pair of ours; several live side by side while they are rotated."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(primary_key=True)  # RFC 7638 thumbprint
    algorithm: Mapped[str]  # ES256, RS256, PS256 or EdDSA
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed_private_jwk: Mapped[str]
    created_at: Mapped[datetime]
    active_at: Mapped[datetime]  # signs from then on; published earlier, so that caches know it
    retired_at: Mapped[datetime | None]  # NULL: in JWKS for good; else until then


class Authorization(Base):
    """One completed authorization request: what every code, token and refresh token hangs from.

    Revoking this row ends all of them; access tokens name it in their `jti`.
    """

    __tablename__ = "authorizations"
    __table_args__ = (
        Index("ix_authorizations_account_id", "account_id", "client_id"),
        Index("ix_authorizations_client_id", "client_id"),
        Index("ix_authorizations_session_id", "session_id"),
        Index("ix_authorizations_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # z_…
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    session_id: Mapped[int | None] = mapped_column(  # NULL: the session row is gone
        ForeignKey("browser_sessions.id", ondelete="SET NULL")
    )
    sid: Mapped[str]
    offline: Mapped[bool]  # offline_access was granted: outlives the browser session
    scope: Mapped[str]
    # RFC 9396 details as granted, without the live parts; NULL: none were asked for.
    authorization_details: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    # Claims asked for one by one (Core section 5.5), see `claims_requests`; NULL: none were.
    claims_requested: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # On whose behalf alone (see `on_behalf`); NULL: of everybody whom the person may act for
    holder_tax_id: Mapped[TaxId | None] = mapped_column(TaxIdColumn)
    resource: Mapped[str]  # `aud` of its access tokens (RFC 8707)
    nonce: Mapped[str]  # empty: none
    auth_time: Mapped[datetime]  # of the original sign-in; kept through refreshes
    acr: Mapped[str]
    amr: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # nothing of it is good afterwards
    revoked_at: Mapped[datetime | None]  # NULL: good

    account: Mapped[Account] = relationship()
    client: Mapped[Client] = relationship()


class AuthorizationCode(Base):
    """RFC 6749 section 4.1.2: bound to client, redirect URI and PKCE challenge, used once."""

    __tablename__ = "authorization_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    authorization_id: Mapped[int] = mapped_column(
        ForeignKey("authorizations.id", ondelete="CASCADE"), index=True
    )
    redirect_uri: Mapped[str]
    redirect_uri_given: Mapped[bool]  # RFC 6749 section 4.1.3: then the token request repeats it
    code_challenge: Mapped[str]  # S256; empty only for clients registered require_pkce=false
    dpop_jkt: Mapped[str | None]  # RFC 9449 section 10: the key that may use it; NULL: any
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]  # NULL: not used

    authorization: Mapped[Authorization] = relationship()


class RefreshToken(Base):
    """One link of a rotating chain; a used one that comes back ends the whole authorization."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    authorization_id: Mapped[int] = mapped_column(
        ForeignKey("authorizations.id", ondelete="CASCADE"), index=True
    )
    scope: Mapped[str]
    dpop_jkt: Mapped[str | None]  # of a public client: the key (or certificate) it is for
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]  # NULL: the newest link

    authorization: Mapped[Authorization] = relationship()


class RevokedToken(Base):
    """An access token revoked by itself (RFC 7009), remembered until it would have expired."""

    __tablename__ = "revoked_tokens"

    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
