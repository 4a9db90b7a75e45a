"""What people can see and take with them."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find the mails that were written to somebody."""
    op.create_index(
        op.f("ix_mails_recipient_address"), "mails", ["recipient_address", "recipient_name", "id"]
    )


def downgrade() -> None:
    """The outbox needs no more than its queue."""
    op.drop_index(op.f("ix_mails_recipient_address"), table_name="mails")
