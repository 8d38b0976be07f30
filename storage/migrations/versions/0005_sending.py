"""new orders on one message."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_alert",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("view_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edit_due_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_order_alert_seller_id")),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_order_alert_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_alert")),
    )
    op.create_index("ix_order_alert_view", "order_alert", ["view_id", "last_at"])
    op.create_table(
        "order_alert_line",
        sa.Column("alert_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["order_alert.id"], name=op.f("fk_order_alert_line_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sale_order.id"], name=op.f("fk_order_alert_line_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_order_alert_line_seller_id")),
        sa.PrimaryKeyConstraint("alert_id", "order_id", name=op.f("pk_order_alert_line")),
    )
    op.create_index("ix_order_alert_line_order", "order_alert_line", ["order_id"])


def downgrade() -> None:
    op.drop_table("order_alert_line")
    op.drop_table("order_alert")
