"""Documents that showed staff whose second factors they had removed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Which documents belong to which removal."""
    op.create_table(
        "factor_removal_documents",
        sa.Column("removal_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["removal_id"],
            ["factor_removals.id"],
            name=op.f("fk_factor_removal_documents_removal_id_factor_removals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["evidence_documents.id"],
            name=op.f("fk_factor_removal_documents_document_id_evidence_documents"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint(
            "removal_id", "document_id", name=op.f("pk_factor_removal_documents")
        ),
    )
    op.create_index(
        op.f("ix_factor_removal_documents_document_id"),
        "factor_removal_documents",
        ["document_id"],
    )


def downgrade() -> None:
    """The documents themselves stay until their time is over."""
    op.drop_table("factor_removal_documents")
