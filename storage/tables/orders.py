"""order (as `sale_order`: ORDER is a word of SQL), order_line, order_tally, parcel, parcel_line."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import Amount, UtcTime

sale_order = Table(
    "sale_order",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("number_reversed", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("raw_status", String(48), nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("paid_at", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    Column("ship_by", UtcTime),
    Column("currency", String(3), nullable=False),
    Column("total", Amount),
    Column("buyer_name", Text, nullable=False),
    Column("buyer_city", Text, nullable=False),
    Column("buyer_note", Text, nullable=False),
    Column("seller_note", Text, nullable=False),
    Column("payment_method", Text, nullable=False),
    Column("courier", Text, nullable=False),
    Column("is_cod", Boolean, nullable=False),
    Column("sold_on", String(32), nullable=False, server_default=""),
    Column("cancelled_by", Text, nullable=False),
    Column("cancel_reason", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("told_at", UtcTime),
    UniqueConstraint("shop_id", "external_id"),
    Index("ix_sale_order_status", "seller_id", "status", "placed_at"),
    Index("ix_sale_order_placed", "seller_id", "placed_at"),
    Index("ix_sale_order_paid", "seller_id", "paid_at"),
    Index("ix_sale_order_tail", "seller_id", "number_reversed"),
)

order_line = Table(
    "order_line",
    metadata,
    Column("order_id", ID, ForeignKey("sale_order.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    seller_column(),
    Column("listing_external_id", String(64), nullable=False),
    Column("variant_external_id", String(64), nullable=False),
    Column("unit_ids", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("variant_name", Text, nullable=False),
    Column("sku", String(128), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", Amount, nullable=False),
    Column("list_price", Amount, nullable=False),
    Column("image_url", Text, nullable=False),
    Column("cancelled", Integer, nullable=False, server_default="0"),
)

order_tally = Table(
    "order_tally",
    metadata,
    Column("seller_id", ID, ForeignKey("seller.id"), primary_key=True),
    Column("status", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
)

parcel = Table(
    "parcel",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("raw_status", String(48), nullable=False),
    Column("courier", Text, nullable=False),
    Column("tracking_number", String(64), nullable=False),
    Column("state", String(12), nullable=False, server_default="unknown"),
    Column("courier_id", String(32), nullable=False, server_default=""),
    Column("place", String(48), nullable=False, server_default=""),
    Column("is_instant", Boolean),
    UniqueConstraint("shop_id", "external_id"),
    Index("ix_parcel_tracking", "seller_id", "tracking_number"),
)

parcel_line = Table(
    "parcel_line",
    metadata,
    Column("parcel_id", ID, ForeignKey("parcel.id", ondelete="CASCADE"), primary_key=True),
    Column("order_id", ID, ForeignKey("sale_order.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("quantity", Integer, nullable=False),
)
