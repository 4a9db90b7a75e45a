"""Changes of e-mail addresses, and their undoing; second factors that are to be removed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "email_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "account",
                "recovery",
                "staff",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("old_email", sa.Text(), nullable=False),
        sa.Column("new_email", sa.Text(), nullable=False),
        sa.Column("caller_name", sa.Text(), nullable=False),
        sa.Column("caller_phone", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("opens_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("undo_until", TIME, nullable=False),
        sa.Column("confirmed_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("undone_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_email_changes_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_changes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_email_changes_public_id")),
    )
    op.create_index(
        "uq_email_changes_open",
        "email_changes",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("confirmed_at IS NULL AND ended_at IS NULL"),
    )
    op.create_index("ix_email_changes_account_id", "email_changes", ["account_id", "id"])
    op.create_index(
        "ix_email_changes_old_email",
        "email_changes",
        ["old_email"],
        postgresql_where=sa.text("confirmed_at IS NOT NULL AND undone_at IS NULL"),
    )
    op.create_index("ix_email_changes_undo_until", "email_changes", ["undo_until"])
    op.create_table(
        "factor_removals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("cancelled_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_factor_removals_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_removals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_factor_removals_public_id")),
    )
    waiting = sa.text("done_at IS NULL AND cancelled_at IS NULL")
    op.create_index(
        "uq_factor_removals_open",
        "factor_removals",
        ["account_id"],
        unique=True,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_factor_removals_due", "factor_removals", ["due_at"], postgresql_where=waiting
    )
    op.create_index("ix_factor_removals_account_id", "factor_removals", ["account_id"])
    op.create_index("ix_factor_removals_created_at", "factor_removals", ["created_at"])


def downgrade() -> None:
    """Both of them."""
    op.drop_table("factor_removals")
    op.drop_table("email_changes")
