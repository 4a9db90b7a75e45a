"""Applications hear of sign-outs."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who is still to be told of which session; sessions of full age are found."""
    op.create_table(
        "logout_notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["clients.id"],
            name=op.f("fk_logout_notices_client_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logout_notices")),
    )
    for column in ("client_id", "due_at"):
        op.create_index(op.f(f"ix_logout_notices_{column}"), "logout_notices", [column])
    op.create_index(
        "ix_browser_sessions_ending",
        "browser_sessions",
        ["expires_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Nobody is told any more."""
    op.drop_index("ix_browser_sessions_ending", table_name="browser_sessions")
    op.drop_table("logout_notices")
