"""Sign-in without a browser at hand: devices, calls, delegated tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = ("pending", "allowed", "denied", "used")


def upgrade() -> None:
    """What is asked of people elsewhere waits in a row; resource servers are found among clients."""
    op.create_table(
        "pending_approvals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("user_code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("authorization_details", sa.Text(), nullable=False),
        sa.Column("two_factors", sa.Boolean(), nullable=False),
        sa.Column("binding_message", sa.Text(), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                *STATES, name="approvalstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authorization_id", sa.BigInteger(), nullable=True),
        sa.Column("sealed_ping", sa.Text(), nullable=True),
        sa.Column("ping_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ping_attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["clients.id"],
            name=op.f("fk_pending_approvals_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_pending_approvals_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["authorization_id"],
            ["authorizations.id"],
            name=op.f("fk_pending_approvals_authorization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_approvals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pending_approvals_public_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_pending_approvals_secret_hash")),
        sa.UniqueConstraint("user_code_digest", name=op.f("uq_pending_approvals_user_code_digest")),
    )
    for column in ("client_id", "account_id", "expires_at", "authorization_id"):
        op.create_index(op.f(f"ix_pending_approvals_{column}"), "pending_approvals", [column])
    op.create_index(
        "ix_pending_approvals_waiting",
        "pending_approvals",
        ["account_id"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_pending_approvals_ping_due_at",
        "pending_approvals",
        ["ping_due_at"],
        postgresql_where=sa.text("ping_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_clients_resource_servers",
        "clients",
        ["id"],
        postgresql_where=sa.text("(metadata ->> 'introspect') = 'true' AND disabled_at IS NULL"),
    )


def downgrade() -> None:
    """Nobody is asked elsewhere any more."""
    op.drop_index("ix_clients_resource_servers", table_name="clients")
    op.drop_table("pending_approvals")
