"""orders by payment."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sale_order_paid", "sale_order", ["seller_id", "paid_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_sale_order_paid", table_name="sale_order")
