"""variant_cost, settlement, settlement_fee, fee_lesson."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from storage.tables.metadata import ID, metadata, seller_column
from storage.types import Amount, UtcTime

variant_cost = Table(
    "variant_cost",
    metadata,
    Column("variant_id", ID, ForeignKey("variant.id"), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("since", UtcTime, primary_key=True),
    seller_column(),
    Column("each", Amount, nullable=False),
)

settlement = Table(
    "settlement",
    metadata,
    Column("order_id", ID, ForeignKey("sale_order.id", ondelete="CASCADE"), primary_key=True),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("released_at", UtcTime, nullable=False),
    Column("read_at", UtcTime),
    Column("category", String(64), nullable=False, server_default=""),
    Column("goods", Amount),
    Column("payout", Amount),
    Column("is_refunded", Boolean, nullable=False, server_default="0"),
    Index("ix_settlement_shop", "shop_id", "read_at", "released_at"),
)

settlement_fee = Table(
    "settlement_fee",
    metadata,
    Column("order_id", ID, ForeignKey("settlement.order_id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    seller_column(),
    Column("amount", Amount, nullable=False),
)

fee_lesson = Table(
    "fee_lesson",
    metadata,
    Column("shop_id", ID, ForeignKey("shop.id"), primary_key=True),
    Column("category", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    seller_column(),
    Column("currency", String(3), nullable=False),
    Column("orders", Integer, nullable=False),
    Column("goods", Amount, nullable=False),
    Column("amount", Amount, nullable=False),
)
