"""What clients prove themselves with, and how they register themselves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Assertions that were shown; who may register clients, and what those manage themselves by."""
    op.create_table(
        "used_assertions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_assertions")),
    )
    op.create_index(op.f("ix_used_assertions_expires_at"), "used_assertions", ["expires_at"])
    op.create_table(
        "client_invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("allowance", postgresql.JSONB(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_invitations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_invitations_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_client_invitations_token_hash")),
    )
    op.add_column("clients", sa.Column("sealed_secret", sa.Text(), nullable=True))
    op.add_column("clients", sa.Column("invitation_id", sa.BigInteger(), nullable=True))
    op.add_column("clients", sa.Column("management_hash", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_clients_invitation_id"),
        "clients",
        "client_invitations",
        ["invitation_id"],
        ["id"],
    )
    op.create_index(op.f("ix_clients_invitation_id"), "clients", ["invitation_id"])
    op.create_index(
        "ix_clients_in_browsers",
        "clients",
        ["id"],
        postgresql_where=sa.text(
            "(metadata ->> 'token_endpoint_auth_method') = 'none' AND disabled_at IS NULL"
        ),
    )


def downgrade() -> None:
    """Clients of client_secret_jwt lose their secret."""
    op.drop_index("ix_clients_in_browsers", table_name="clients")
    op.drop_index(op.f("ix_clients_invitation_id"), table_name="clients")
    op.drop_constraint(op.f("fk_clients_invitation_id"), "clients", type_="foreignkey")
    for column in ("management_hash", "invitation_id", "sealed_secret"):
        op.drop_column("clients", column)
    op.drop_table("client_invitations")
    op.drop_index(op.f("ix_used_assertions_expires_at"), table_name="used_assertions")
    op.drop_table("used_assertions")
