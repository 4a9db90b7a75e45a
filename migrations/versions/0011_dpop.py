"""Tokens bound to a key."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember proofs while they could be shown again, and which key a code or token is for."""
    op.create_table(
        "used_dpop_proofs",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_dpop_proofs")),
    )
    op.create_index(op.f("ix_used_dpop_proofs_expires_at"), "used_dpop_proofs", ["expires_at"])
    op.add_column("authorization_codes", sa.Column("dpop_jkt", sa.Text(), nullable=True))
    op.add_column("refresh_tokens", sa.Column("dpop_jkt", sa.Text(), nullable=True))


def downgrade() -> None:
    """Whoever holds a token may use it, as before."""
    op.drop_column("refresh_tokens", "dpop_jkt")
    op.drop_column("authorization_codes", "dpop_jkt")
    op.drop_index(op.f("ix_used_dpop_proofs_expires_at"), table_name="used_dpop_proofs")
    op.drop_table("used_dpop_proofs")
