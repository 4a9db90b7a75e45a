"""What a person agreed to, and took back."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find the consents of an account that were withdrawn, too."""
    op.create_index(op.f("ix_consents_account_id"), "consents", ["account_id"])


def downgrade() -> None:
    """Those in force have an index of their own."""
    op.drop_index(op.f("ix_consents_account_id"), table_name="consents")
