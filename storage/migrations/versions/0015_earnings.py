"""What the platforms kept and paid, order by order, what goods cost, and what settled orders teach of fees.

Shops that are linked already are read from here on, too: their releases by a mark of their own, and all their
listings once more, for the category that fees depend on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MARKS = """
INSERT INTO sync_mark (shop_id, stream, next_due)
SELECT shop_id, 'money', next_due FROM sync_mark WHERE stream = 'orders'
"""
READ_ALL = "UPDATE sync_mark SET high_water = NULL WHERE stream = 'listings' AND backfill_done_at IS NOT NULL"


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _seller(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f(f"fk_{table}_seller_id"))


def upgrade() -> None:
    op.add_column("listing", sa.Column("category", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "variant_cost",
        _id("variant_id"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _id("seller_id"),
        sa.Column("each", sa.BigInteger(), nullable=False),
        _seller("variant_cost"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_variant_cost_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", "currency", "since", name=op.f("pk_variant_cost")),
    )
    op.create_table(
        "settlement",
        _id("order_id"),
        _id("seller_id"),
        _id("shop_id"),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("category", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("goods", sa.BigInteger()),
        sa.Column("payout", sa.BigInteger()),
        sa.Column("is_refunded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sale_order.id"], name=op.f("fk_settlement_order_id"), ondelete="CASCADE"
        ),
        _seller("settlement"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_settlement_shop_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_settlement")),
    )
    op.create_index("ix_settlement_shop", "settlement", ["shop_id", "read_at", "released_at"])
    op.create_table(
        "settlement_fee",
        _id("order_id"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        _id("seller_id"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["settlement.order_id"], name=op.f("fk_settlement_fee_order_id"), ondelete="CASCADE"
        ),
        _seller("settlement_fee"),
        sa.PrimaryKeyConstraint("order_id", "kind", name=op.f("pk_settlement_fee")),
    )
    op.create_table(
        "fee_lesson",
        _id("shop_id"),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        _id("seller_id"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("goods", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _seller("fee_lesson"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_fee_lesson_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "category", "kind", name=op.f("pk_fee_lesson")),
    )
    op.execute(MARKS)
    op.execute(READ_ALL)


def downgrade() -> None:
    op.execute("DELETE FROM sync_mark WHERE stream = 'money'")
    for table in ("fee_lesson", "settlement_fee", "settlement", "variant_cost"):
        op.drop_table(table)
    op.drop_column("listing", "category")
