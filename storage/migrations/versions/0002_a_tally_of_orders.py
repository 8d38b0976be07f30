"""a tally of orders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_tally",
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_order_tally_seller_id")),
        sa.PrimaryKeyConstraint("seller_id", "status", name=op.f("pk_order_tally")),
    )
    op.execute(
        "INSERT INTO order_tally (seller_id, status, count) "
        "SELECT seller_id, status, count(*) FROM sale_order GROUP BY seller_id, status"
    )


def downgrade() -> None:
    op.drop_table("order_tally")
