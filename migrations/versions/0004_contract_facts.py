"""Facts of contracts that show who is the holder."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("contract_number", "bank_digits", "invoice_total")


def upgrade() -> None:
    """What is kept of each fact, found by itself."""
    op.create_table(
        "contract_facts",
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="factkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name=op.f("fk_contract_facts_installation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "installation_id", "kind", "fingerprint", name=op.f("pk_contract_facts")
        ),
    )
    op.create_index(op.f("ix_contract_facts_fingerprint"), "contract_facts", ["fingerprint"])


def downgrade() -> None:
    """Forget them."""
    op.drop_index(op.f("ix_contract_facts_fingerprint"), table_name="contract_facts")
    op.drop_table("contract_facts")
