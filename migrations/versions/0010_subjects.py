"""Subjects that only one sector knows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the names are made with, and whose they are."""
    op.create_table(
        "subject_secrets",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_secrets")),
    )
    op.create_table(
        "pairwise_subjects",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (tax_id IS NULL)",
            name=op.f("ck_pairwise_subjects_of_account_or_holder"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_pairwise_subjects_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_pairwise_subjects")),
    )
    op.create_index(op.f("ix_pairwise_subjects_account_id"), "pairwise_subjects", ["account_id"])
    op.create_index(op.f("ix_pairwise_subjects_tax_id"), "pairwise_subjects", ["tax_id"])


def downgrade() -> None:
    """Applications that know nobody's tax id lose everybody."""
    op.drop_index(op.f("ix_pairwise_subjects_tax_id"), table_name="pairwise_subjects")
    op.drop_index(op.f("ix_pairwise_subjects_account_id"), table_name="pairwise_subjects")
    op.drop_table("pairwise_subjects")
    op.drop_table("subject_secrets")
