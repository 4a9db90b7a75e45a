"""Browsers that somebody has signed in with before."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a browser and account."""
    op.create_table(
        "known_devices",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remembered_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_known_devices_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_devices")),
        sa.UniqueConstraint(
            "account_id", "token_hash", name=op.f("uq_known_devices_account_id_token_hash")
        ),
    )
    op.create_index(op.f("ix_known_devices_token_hash"), "known_devices", ["token_hash"])
    op.create_index(op.f("ix_known_devices_last_used_at"), "known_devices", ["last_used_at"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("known_devices")
