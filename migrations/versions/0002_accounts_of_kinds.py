"""Accounts of several kinds, and what agencies say of themselves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = ("customer", "agency")
CREDENTIAL_STATES = ("waiting", "confirmed", "refused")
TERMS = ("platform", "permission")
ADDRESS = ("postal_code", "state", "city", "district", "street", "number", "complement")


def choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    """A text column that the database keeps to `values`."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Whoever has an account is a customer; agencies and unfinished forms get tables."""
    for table in ("accounts", "registrations"):
        op.add_column(
            table, sa.Column("kind", sa.String(32), nullable=False, server_default="customer")
        )
        op.create_check_constraint("accountkind", table, _one_of("kind", KINDS))
    op.add_column("registrations", sa.Column("agency", JSONB(none_as_null=True), nullable=True))
    op.add_column(
        "registrations",
        sa.Column("statement_version", sa.Text(), nullable=False, server_default=""),
    )
    _create_agencies()
    _create_drafts()
    op.drop_constraint("terms", "terms_acceptances")
    op.create_check_constraint(
        "terms",
        "terms_acceptances",
        _one_of("terms", (*TERMS, "agency")),
    )


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _create_agencies() -> None:
    op.create_table(
        "agencies",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("trade_name", "responsible", *ADDRESS, "creci")
        ),
        sa.Column("creci_state", choice("crecistate", CREDENTIAL_STATES), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_agencies_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agencies")),
    )
    op.create_index(
        "ix_agencies_creci_state", "agencies", ["creci_state", "stated_at", "account_id"]
    )


def _create_drafts() -> None:
    op.create_table(
        "registration_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_drafts")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registration_drafts_token_hash")),
    )
    op.create_index(
        op.f("ix_registration_drafts_expires_at"), "registration_drafts", ["expires_at"]
    )


def downgrade() -> None:
    """Agencies become customers, and what they accepted is forgotten."""
    op.execute("DELETE FROM terms_acceptances WHERE terms = 'agency'")
    op.drop_constraint("terms", "terms_acceptances")
    op.create_check_constraint("terms", "terms_acceptances", _one_of("terms", TERMS))
    op.drop_index(op.f("ix_registration_drafts_expires_at"), table_name="registration_drafts")
    op.drop_table("registration_drafts")
    op.drop_index("ix_agencies_creci_state", table_name="agencies")
    op.drop_table("agencies")
    op.drop_column("registrations", "statement_version")
    op.drop_column("registrations", "agency")
    op.drop_column("registrations", "kind")
    op.drop_column("accounts", "kind")
