"""The schema of the first release."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The trail and the uses of grants can be added to and read; not even our own code can change them.
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON grant_uses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("landline", sa.Text(), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column(
            "assurance",
            sa.Enum(
                "declared",
                "proven",
                "verified",
                name="assurance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("former_tax_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (tax_id IS NOT NULL)",
            name=op.f("ck_accounts_found_until_erased"),
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR locked_at IS NOT NULL",
            name=op.f("ck_accounts_erased_is_locked"),
        ),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR former_tax_id IS NULL",
            name=op.f("ck_accounts_former_if_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_accounts_public_id")),
        sa.UniqueConstraint("tax_id", name=op.f("uq_accounts_tax_id")),
    )
    op.create_index("ix_accounts_email", "accounts", ["email"], unique=False)
    op.create_index(
        "ix_accounts_locked",
        "accounts",
        ["id"],
        unique=False,
        postgresql_where=sa.text("locked_at IS NOT NULL"),
    )
    op.create_index(
        "ix_accounts_name",
        "accounts",
        [sa.literal_column("lower(name) text_pattern_ops")],
        unique=False,
    )
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("invitation", sa.Text(), nullable=True),
        sa.Column("grant", sa.Text(), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(
        "ix_audit_events_account",
        "audit_events",
        ["account", "id"],
        unique=False,
        postgresql_where=sa.text('"account" IS NOT NULL'),
    )
    op.create_index(
        "ix_audit_events_client",
        "audit_events",
        ["client", "id"],
        unique=False,
        postgresql_where=sa.text('"client" IS NOT NULL'),
    )
    op.create_index("ix_audit_events_event", "audit_events", ["event", "id"], unique=False)
    op.create_index(
        "ix_audit_events_grant",
        "audit_events",
        ["grant", "id"],
        unique=False,
        postgresql_where=sa.text('"grant" IS NOT NULL'),
    )
    op.create_index(
        "ix_audit_events_invitation",
        "audit_events",
        ["invitation", "id"],
        unique=False,
        postgresql_where=sa.text('"invitation" IS NOT NULL'),
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_party", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        sa.UniqueConstraint("client_id", name=op.f("uq_clients_client_id")),
    )
    op.create_table(
        "evidence_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "media_type",
            sa.Enum(
                "application/pdf",
                "image/jpeg",
                "image/png",
                name="mediatype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(sealed IS NULL) = (deleted_at IS NOT NULL)",
            name=op.f("ck_evidence_documents_content_until_deleted"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_documents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_documents_public_id")),
    )
    op.create_index(
        "ix_evidence_documents_delete_at",
        "evidence_documents",
        ["delete_at"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "holders",
        sa.Column("tax_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("installation_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tax_id", name=op.f("pk_holders")),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("recipient_address", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("context", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
    )
    op.create_index(
        "ix_mails_due",
        "mails",
        ["priority", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    )
    op.create_index(
        "ix_mails_failed_at",
        "mails",
        ["failed_at"],
        unique=False,
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_mails_sent_at",
        "mails",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limits")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_rate_limits_free_at"), "rate_limits", ["free_at"], unique=False)
    op.create_table(
        "registrations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("landline", sa.Text(), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column(
            "assurance",
            sa.Enum(
                "declared",
                "proven",
                "verified",
                name="assurance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("terms_version", sa.Text(), nullable=False),
        sa.Column("terms_locale", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_registrations_public_id")),
    )
    op.create_index(
        "ix_registrations_email", "registrations", ["email", "created_at"], unique=False
    )
    op.create_index("ix_registrations_expires_at", "registrations", ["expires_at"], unique=False)
    op.create_index(
        "ix_registrations_tax_id", "registrations", ["tax_id", "created_at"], unique=False
    )
    op.create_table(
        "revoked_tokens",
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_revoked_tokens")),
    )
    op.create_index(
        op.f("ix_revoked_tokens_expires_at"), "revoked_tokens", ["expires_at"], unique=False
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_jwk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed_private_jwk", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "staff_members",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "support",
                "reviewer",
                "operator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("sealed_totp_secret", sa.Text(), nullable=False),
        sa.Column("last_totp_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_members_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_members_public_id")),
    )
    op.create_table(
        "terms_acceptances",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=True),
        sa.Column(
            "terms",
            sa.Enum(
                "platform",
                "permission",
                name="terms",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptances")),
    )
    op.create_index(
        "ix_terms_acceptances_account", "terms_acceptances", ["account", "terms"], unique=False
    )
    op.create_index(
        "ix_terms_acceptances_invitation",
        "terms_acceptances",
        ["invitation"],
        unique=False,
        postgresql_where=sa.text("invitation IS NOT NULL"),
    )
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amr", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_browser_sessions_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_browser_sessions_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_browser_sessions_token_hash")),
    )
    op.create_index(
        "ix_browser_sessions_account_id",
        "browser_sessions",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_browser_sessions_expires_at", "browser_sessions", ["expires_at"], unique=False
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_consents_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_client_id", "consents", ["client_id"], unique=False)
    op.create_index(
        "uq_consents_live",
        "consents",
        ["account_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("grantee_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("ancestors", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "owner",
                "representative",
                "delegate",
                "manager",
                "collaborator",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "extent",
            sa.Enum(
                "chosen",
                "everything",
                name="extent",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "full",
                "read_only",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "revoked",
                "renounced",
                "expired",
                "ended",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("installation_count", sa.Integer(), nullable=False),
        sa.Column("excepted_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("unsettled_below", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (cardinality(ancestors) = 0)",
            name=op.f("ck_grants_below_parent"),
        ),
        sa.CheckConstraint(
            "(granted_by_id IS NULL) = (relation = 'representative')",
            name=op.f("ck_grants_given_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["grants.id"], name=op.f("fk_grants_parent_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"],
            ["accounts.id"],
            name=op.f("fk_grants_granted_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["grantee_id"], ["accounts.id"], name=op.f("fk_grants_grantee_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["holder_tax_id"],
            ["holders.tax_id"],
            name=op.f("fk_grants_holder_tax_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grants_public_id")),
    )
    op.create_index(
        "ix_grants_expires_at",
        "grants",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index("ix_grants_granted_by_id", "grants", ["granted_by_id", "id"], unique=False)
    op.create_index("ix_grants_grantee_id", "grants", ["grantee_id", "id"], unique=False)
    op.create_index("ix_grants_holder_tax_id", "grants", ["holder_tax_id", "id"], unique=False)
    op.create_index(
        "ix_grants_between",
        "grants",
        [sa.literal_column("((grantee_id::text || ' '::text) || holder_tax_id)")],
        unique=False,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "ix_grants_received",
        "grants",
        ["grantee_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index("ix_grants_parent_id", "grants", ["parent_id", "id"], unique=False)
    op.create_index(
        "ix_grants_unsettled_below",
        "grants",
        ["id"],
        unique=False,
        postgresql_where=sa.text("unsettled_below"),
    )
    op.create_index(
        "ix_grants_everything",
        "grants",
        ["holder_tax_id", "relation"],
        unique=False,
        postgresql_where=sa.text("extent = 'everything' AND state = 'active'"),
    )
    op.create_table(
        "installations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("distributor", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "inactive",
                name="installationstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_tax_id"],
            ["holders.tax_id"],
            name=op.f("fk_installations_holder_tax_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint("distributor", "code", name=op.f("uq_installations_distributor_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_installations_public_id")),
    )
    op.create_index("ix_installations_code", "installations", ["code"], unique=False)
    op.create_index(
        "ix_installations_holder", "installations", ["holder_tax_id", "code", "id"], unique=False
    )
    op.create_table(
        "password_resets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_password_resets_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("public_id", name=op.f("uq_password_resets_public_id")),
    )
    op.create_index(
        op.f("ix_password_resets_account_id"), "password_resets", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_password_resets_expires_at"), "password_resets", ["expires_at"], unique=False
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["staff_members.id"],
            name=op.f("fk_staff_sessions_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(
        op.f("ix_staff_sessions_expires_at"), "staff_sessions", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_staff_sessions_member_id"), "staff_sessions", ["member_id"], unique=False
    )
    op.create_table(
        "authorizations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("authorization_details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("holder_tax_id", sa.Text(), nullable=True),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("auth_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acr", sa.Text(), nullable=False),
        sa.Column("amr", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_authorizations_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["clients.id"],
            name=op.f("fk_authorizations_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["browser_sessions.id"],
            name=op.f("fk_authorizations_session_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorizations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_authorizations_public_id")),
    )
    op.create_index(
        "ix_authorizations_account_id", "authorizations", ["account_id", "client_id"], unique=False
    )
    op.create_index("ix_authorizations_client_id", "authorizations", ["client_id"], unique=False)
    op.create_index("ix_authorizations_expires_at", "authorizations", ["expires_at"], unique=False)
    op.create_index("ix_authorizations_session_id", "authorizations", ["session_id"], unique=False)
    op.create_table(
        "holder_choices",
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["clients.id"],
            name=op.f("fk_holder_choices_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["browser_sessions.id"],
            name=op.f("fk_holder_choices_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "client_id", name=op.f("pk_holder_choices")),
    )
    op.create_index(
        op.f("ix_holder_choices_client_id"), "holder_choices", ["client_id"], unique=False
    )
    op.create_table(
        "grant_installations",
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"],
            ["grants.id"],
            name=op.f("fk_grant_installations_grant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name=op.f("fk_grant_installations_installation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("grant_id", "installation_id", name=op.f("pk_grant_installations")),
    )
    op.create_index(
        "ix_grant_installations_installation_id",
        "grant_installations",
        ["installation_id"],
        unique=False,
    )
    op.create_index(
        "ix_grant_installations_live",
        "grant_installations",
        ["grant_id", "installation_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("inviter_id", sa.BigInteger(), nullable=True),
        sa.Column("guest_name", sa.Text(), nullable=False),
        sa.Column("guest_tax_id", sa.Text(), nullable=False),
        sa.Column("guest_email", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "owner",
                "representative",
                "delegate",
                "manager",
                "collaborator",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "full",
                "read_only",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "extent",
            sa.Enum(
                "chosen",
                "everything",
                name="extent",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("installation_count", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("grant_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "accepted",
                "declined",
                "cancelled",
                "lapsed",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.Column("resent_from_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "inviter_id IS NOT NULL OR relation = 'representative'",
            name=op.f("ck_invitations_sent_by_somebody"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (decision IS NULL)",
            name=op.f("ck_invitations_settled_by_a_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_invitations_grant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["grants.id"],
            name=op.f("fk_invitations_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["holder_tax_id"],
            ["holders.tax_id"],
            name=op.f("fk_invitations_holder_tax_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["inviter_id"],
            ["accounts.id"],
            name=op.f("fk_invitations_inviter_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["resent_from_id"],
            ["invitations.id"],
            name=op.f("fk_invitations_resent_from_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("protocol", name=op.f("uq_invitations_protocol")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitations_public_id")),
        sa.UniqueConstraint("resent_from_id", name=op.f("uq_invitations_resent_from_id")),
    )
    op.create_index(op.f("ix_invitations_grant_id"), "invitations", ["grant_id"], unique=False)
    op.create_index(op.f("ix_invitations_parent_id"), "invitations", ["parent_id"], unique=False)
    op.create_index(op.f("ix_invitations_batch"), "invitations", ["batch"], unique=False)
    op.create_index("ix_invitations_guest_email", "invitations", ["guest_email"], unique=False)
    op.create_index(
        "ix_invitations_guest_tax_id", "invitations", ["guest_tax_id", "id"], unique=False
    )
    op.create_index(
        "ix_invitations_holder_tax_id", "invitations", ["holder_tax_id", "id"], unique=False
    )
    op.create_index("ix_invitations_inviter_id", "invitations", ["inviter_id", "id"], unique=False)
    op.create_index(
        "ix_invitations_open",
        "invitations",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "authorization_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("authorization_id", sa.BigInteger(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("redirect_uri_given", sa.Boolean(), nullable=False),
        sa.Column("code_challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authorization_id"],
            ["authorizations.id"],
            name=op.f("fk_authorization_codes_authorization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_authorization_codes")),
    )
    op.create_index(
        op.f("ix_authorization_codes_authorization_id"),
        "authorization_codes",
        ["authorization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_authorization_codes_expires_at"),
        "authorization_codes",
        ["expires_at"],
        unique=False,
    )
    op.create_table(
        "invitation_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("installation_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("guest_name", sa.Text(), nullable=False),
        sa.Column("guest_tax_id", sa.Text(), nullable=False),
        sa.Column("guest_email", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invitation_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_invitation_drafts_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_invitation_drafts_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_drafts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_drafts_public_id")),
    )
    op.create_index(
        op.f("ix_invitation_drafts_account_id"), "invitation_drafts", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_invitation_drafts_created_at"), "invitation_drafts", ["created_at"], unique=False
    )
    op.create_index(
        op.f("ix_invitation_drafts_invitation_id"),
        "invitation_drafts",
        ["invitation_id"],
        unique=False,
    )
    op.create_table(
        "installation_uploads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "csv", "xlsx", name="kind", native_enum=False, length=32, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=True),
        sa.Column("lines_read", sa.Integer(), nullable=False),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["invitation_drafts.id"],
            name=op.f("fk_installation_uploads_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_uploads")),
        sa.UniqueConstraint("public_id", name=op.f("uq_installation_uploads_public_id")),
    )
    op.create_index(
        op.f("ix_installation_uploads_draft_id"),
        "installation_uploads",
        ["draft_id"],
        unique=False,
    )
    op.create_index(
        "ix_installation_uploads_waiting",
        "installation_uploads",
        ["id"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "installation_upload_lines",
        sa.Column("upload_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "finding",
            sa.Enum(
                "fine",
                "not_found",
                "zeros_lost",
                "changed",
                "several",
                "repeated",
                "inactive",
                "other_segment",
                name="finding",
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("installation_id", sa.BigInteger(), nullable=True),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["installation_uploads.id"],
            name=op.f("fk_installation_upload_lines_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "line", name=op.f("pk_installation_upload_lines")),
    )
    op.create_index(
        "ix_installation_upload_lines_finding",
        "installation_upload_lines",
        ["upload_id", "finding", "line"],
        unique=False,
    )
    op.create_table(
        "invitation_installations",
        sa.Column("invitation_id", sa.BigInteger(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name=op.f("fk_invitation_installations_installation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_invitation_installations_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "invitation_id", "installation_id", name=op.f("pk_invitation_installations")
        ),
    )
    op.create_index(
        "ix_invitation_installations_installation_id",
        "invitation_installations",
        ["installation_id"],
        unique=False,
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("authorization_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authorization_id"],
            ["authorizations.id"],
            name=op.f("fk_refresh_tokens_authorization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(
        op.f("ix_refresh_tokens_authorization_id"),
        "refresh_tokens",
        ["authorization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_refresh_tokens_expires_at"), "refresh_tokens", ["expires_at"], unique=False
    )
    op.create_table(
        "grant_uses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=True),
        sa.Column("installation_code", sa.Text(), nullable=False),
        sa.Column("distributor", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_name", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "read",
                "write",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("was_allowed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_uses_grant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["holder_tax_id"],
            ["holders.tax_id"],
            name=op.f("fk_grant_uses_holder_tax_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name=op.f("fk_grant_uses_installation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_uses")),
        sa.UniqueConstraint(
            "client_id", "reference", name=op.f("uq_grant_uses_client_id_reference")
        ),
    )
    op.create_index("ix_grant_uses_grant_id", "grant_uses", ["grant_id", "at", "id"], unique=False)
    op.create_index(
        "ix_grant_uses_holder_tax_id", "grant_uses", ["holder_tax_id", "at", "id"], unique=False
    )
    op.create_table(
        "contact_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=True),
        sa.Column("client_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("extent", sa.Text(), nullable=False),
        sa.Column("installation_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Text(), nullable=False),
        sa.Column("guest_name", sa.Text(), nullable=False),
        sa.Column("guest_tax_id", sa.Text(), nullable=False),
        sa.Column("guest_email", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invitation_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_contact_drafts_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_contact_drafts_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_drafts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_drafts_public_id")),
    )
    for column in ("account_id", "created_at", "invitation_id"):
        op.create_index(
            op.f(f"ix_contact_drafts_{column}"), "contact_drafts", [column], unique=False
        )
    op.create_table(
        "mandate_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "representative",
                "manager",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "approved",
                "refused",
                "withdrawn",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "desk",
                "phone",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("nominee_tax_id", sa.Text(), nullable=False),
        sa.Column("nominee_name", sa.Text(), nullable=False),
        sa.Column("nominee_email", sa.Text(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "full",
                "read_only",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("caller_name", sa.Text(), nullable=False),
        sa.Column("caller_phone", sa.Text(), nullable=False),
        sa.Column("caller_relation", sa.Text(), nullable=False),
        sa.Column("case_reason", sa.Text(), nullable=False),
        sa.Column("seen_at_desk", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identity_seen", sa.Boolean(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column(
            "refusal",
            sa.Enum(
                "unreadable",
                "incomplete",
                "mismatch",
                "no_powers",
                "not_a_customer",
                "other",
                name="refusal",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.Column("invitation_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(account_id IS NULL) = (staff <> '')", name=op.f("ck_mandate_requests_opened_by_one")
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (sent_at IS NULL)",
            name=op.f("ck_mandate_requests_sent_unless_draft"),
        ),
        sa.CheckConstraint(
            "(state IN ('draft', 'open')) = (settled_at IS NULL)",
            name=op.f("ck_mandate_requests_settled_at_the_end"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_mandate_requests_account_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"],
            ["grants.id"],
            name=op.f("fk_mandate_requests_grant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_mandate_requests_invitation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["grants.id"],
            name=op.f("fk_mandate_requests_replaces_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_requests")),
        sa.UniqueConstraint("protocol", name=op.f("uq_mandate_requests_protocol")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mandate_requests_public_id")),
    )
    op.create_index(
        "ix_mandate_requests_account_id", "mandate_requests", ["account_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_mandate_requests_grant_id"), "mandate_requests", ["grant_id"], unique=False
    )
    op.create_index(
        op.f("ix_mandate_requests_invitation_id"),
        "mandate_requests",
        ["invitation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mandate_requests_replaces_id"), "mandate_requests", ["replaces_id"], unique=False
    )
    op.create_index("ix_mandate_requests_state", "mandate_requests", ["state", "id"], unique=False)
    op.create_index(
        "uq_mandate_requests_open",
        "mandate_requests",
        ["holder_tax_id", "nominee_tax_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "mandate_documents",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["evidence_documents.id"],
            name=op.f("fk_mandate_documents_document_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["mandate_requests.id"],
            name=op.f("fk_mandate_documents_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "document_id", name=op.f("pk_mandate_documents")),
    )
    op.create_index(
        op.f("ix_mandate_documents_document_id"), "mandate_documents", ["document_id"], unique=False
    )
    op.create_table(
        "mandate_readings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("holder_tax_id", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("nominee_tax_id", sa.Text(), nullable=False),
        sa.Column("nominee_name", sa.Text(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "full",
                "read_only",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["mandate_requests.id"],
            name=op.f("fk_mandate_readings_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_readings")),
    )
    op.create_index(
        "ix_mandate_readings_request_id",
        "mandate_readings",
        ["request_id", "reviewer", "id"],
        unique=False,
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_index("ix_mandate_readings_request_id", table_name="mandate_readings")
    op.drop_table("mandate_readings")
    op.drop_index(op.f("ix_mandate_documents_document_id"), table_name="mandate_documents")
    op.drop_table("mandate_documents")
    op.drop_index(
        "uq_mandate_requests_open",
        table_name="mandate_requests",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_mandate_requests_state", table_name="mandate_requests")
    op.drop_index(op.f("ix_mandate_requests_replaces_id"), table_name="mandate_requests")
    op.drop_index(op.f("ix_mandate_requests_invitation_id"), table_name="mandate_requests")
    op.drop_index(op.f("ix_mandate_requests_grant_id"), table_name="mandate_requests")
    op.drop_index("ix_mandate_requests_account_id", table_name="mandate_requests")
    op.drop_table("mandate_requests")
    op.drop_index("ix_grant_uses_holder_tax_id", table_name="grant_uses")
    op.drop_index("ix_grant_uses_grant_id", table_name="grant_uses")
    op.drop_table("grant_uses")
    op.drop_table("contact_drafts")
    op.drop_index(op.f("ix_refresh_tokens_expires_at"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_authorization_id"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index(
        "ix_invitation_installations_installation_id", table_name="invitation_installations"
    )
    op.drop_table("invitation_installations")
    op.drop_index("ix_installation_upload_lines_finding", table_name="installation_upload_lines")
    op.drop_table("installation_upload_lines")
    op.drop_index(
        "ix_installation_uploads_waiting",
        table_name="installation_uploads",
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.drop_index(op.f("ix_installation_uploads_draft_id"), table_name="installation_uploads")
    op.drop_table("installation_uploads")
    op.drop_index(op.f("ix_invitation_drafts_invitation_id"), table_name="invitation_drafts")
    op.drop_index(op.f("ix_invitation_drafts_created_at"), table_name="invitation_drafts")
    op.drop_index(op.f("ix_invitation_drafts_account_id"), table_name="invitation_drafts")
    op.drop_table("invitation_drafts")
    op.drop_index(op.f("ix_authorization_codes_expires_at"), table_name="authorization_codes")
    op.drop_index(op.f("ix_authorization_codes_authorization_id"), table_name="authorization_codes")
    op.drop_table("authorization_codes")
    op.drop_index(
        "ix_invitations_open",
        table_name="invitations",
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_index("ix_invitations_inviter_id", table_name="invitations")
    op.drop_index("ix_invitations_holder_tax_id", table_name="invitations")
    op.drop_index("ix_invitations_guest_tax_id", table_name="invitations")
    op.drop_index("ix_invitations_guest_email", table_name="invitations")
    op.drop_index(op.f("ix_invitations_grant_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(
        "ix_grant_installations_live",
        table_name="grant_installations",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_grant_installations_installation_id", table_name="grant_installations")
    op.drop_table("grant_installations")
    op.drop_index(op.f("ix_holder_choices_client_id"), table_name="holder_choices")
    op.drop_table("holder_choices")
    op.drop_index("ix_authorizations_session_id", table_name="authorizations")
    op.drop_index("ix_authorizations_expires_at", table_name="authorizations")
    op.drop_index("ix_authorizations_client_id", table_name="authorizations")
    op.drop_index("ix_authorizations_account_id", table_name="authorizations")
    op.drop_table("authorizations")
    op.drop_index(op.f("ix_staff_sessions_member_id"), table_name="staff_sessions")
    op.drop_index(op.f("ix_staff_sessions_expires_at"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_index(op.f("ix_password_resets_expires_at"), table_name="password_resets")
    op.drop_index(op.f("ix_password_resets_account_id"), table_name="password_resets")
    op.drop_table("password_resets")
    op.drop_index("ix_installations_holder", table_name="installations")
    op.drop_index("ix_installations_code", table_name="installations")
    op.drop_table("installations")
    op.drop_index("ix_grants_holder_tax_id", table_name="grants")
    op.drop_index("ix_grants_grantee_id", table_name="grants")
    op.drop_index("ix_grants_granted_by_id", table_name="grants")
    op.drop_index(
        "ix_grants_expires_at", table_name="grants", postgresql_where=sa.text("state = 'active'")
    )
    op.drop_table("grants")
    op.drop_index(
        "uq_consents_live", table_name="consents", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_index("ix_consents_client_id", table_name="consents")
    op.drop_table("consents")
    op.drop_index("ix_browser_sessions_expires_at", table_name="browser_sessions")
    op.drop_index(
        "ix_browser_sessions_account_id",
        table_name="browser_sessions",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("browser_sessions")
    op.drop_index(
        "ix_terms_acceptances_invitation",
        table_name="terms_acceptances",
        postgresql_where=sa.text("invitation IS NOT NULL"),
    )
    op.drop_index("ix_terms_acceptances_account", table_name="terms_acceptances")
    op.drop_table("terms_acceptances")
    op.drop_table("staff_members")
    op.drop_table("signing_keys")
    op.drop_index(op.f("ix_revoked_tokens_expires_at"), table_name="revoked_tokens")
    op.drop_table("revoked_tokens")
    op.drop_index("ix_registrations_tax_id", table_name="registrations")
    op.drop_index("ix_registrations_expires_at", table_name="registrations")
    op.drop_index("ix_registrations_email", table_name="registrations")
    op.drop_table("registrations")
    op.drop_index(op.f("ix_rate_limits_free_at"), table_name="rate_limits")
    op.drop_table("rate_limits")
    op.drop_index(
        "ix_mails_due",
        table_name="mails",
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    )
    op.drop_index(
        "ix_mails_sent_at",
        table_name="mails",
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_mails_failed_at",
        table_name="mails",
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    )
    op.drop_table("mails")
    op.drop_table("holders")
    op.drop_index(
        "ix_evidence_documents_delete_at",
        table_name="evidence_documents",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("evidence_documents")
    op.drop_table("clients")
    op.drop_index(
        "ix_audit_events_invitation",
        table_name="audit_events",
        postgresql_where=sa.text('"invitation" IS NOT NULL'),
    )
    op.drop_index(
        "ix_audit_events_grant",
        table_name="audit_events",
        postgresql_where=sa.text('"grant" IS NOT NULL'),
    )
    op.drop_index("ix_audit_events_event", table_name="audit_events")
    op.drop_index(
        "ix_audit_events_client",
        table_name="audit_events",
        postgresql_where=sa.text('"client" IS NOT NULL'),
    )
    op.drop_index(
        "ix_audit_events_account",
        table_name="audit_events",
        postgresql_where=sa.text('"account" IS NOT NULL'),
    )
    op.drop_table("audit_events")
    op.drop_index("ix_accounts_name", table_name="accounts")
    op.drop_index(
        "ix_accounts_locked",
        table_name="accounts",
        postgresql_where=sa.text("locked_at IS NOT NULL"),
    )
    op.drop_index("ix_accounts_email", table_name="accounts")
    op.drop_table("accounts")
    op.execute("DROP FUNCTION refuse_change")
