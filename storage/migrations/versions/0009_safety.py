"""safety."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HEADS = """
INSERT INTO audit_head (seller_id, hash, count)
SELECT tip.seller_id, audit.hash, tip.number
FROM (SELECT seller_id, max(seq) AS seq, count(*) AS number FROM audit GROUP BY seller_id) AS tip
JOIN audit ON audit.seq = tip.seq
"""


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_audit_head_seller_id")),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_audit_head")),
    )
    op.execute(HEADS)
    op.add_column("seller", sa.Column("writes_paused_at", sa.DateTime(timezone=True)))
    op.add_column(
        "seller", sa.Column("writes_paused_by", sa.String(length=32), nullable=False, server_default="")
    )
    op.add_column("seller", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("shop", sa.Column("former_external_id", sa.String(length=64)))


def downgrade() -> None:
    op.drop_column("shop", "former_external_id")
    op.drop_column("seller", "version")
    op.drop_column("seller", "writes_paused_by")
    op.drop_column("seller", "writes_paused_at")
    op.drop_table("audit_head")
