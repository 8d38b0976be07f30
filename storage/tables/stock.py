"""stock_balance, stock_movement, stock_draft, shown_stock, stock_place, stock_tally."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

stock_balance = Table(
    "stock_balance",
    metadata,
    seller_column(),
    Column("variant_id", ID, ForeignKey("variant.id"), primary_key=True),
    Column("location", String(32), primary_key=True),
    Column("on_hand", Integer, nullable=False),
    Column("allocated", Integer, nullable=False),
    Column("counted_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_stock_balance_seller", "seller_id"),
)

stock_movement = Table(
    "stock_movement",
    metadata,
    id_column(),
    seller_column(),
    Column("variant_id", ID, ForeignKey("variant.id"), nullable=False),
    Column("location", String(32), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("on_hand", Integer, nullable=False),
    Column("allocated", Integer, nullable=False),
    Column("source", String(200), nullable=False),
    Column("order_id", ID, nullable=False, server_default=""),
    Column("listing_variant_id", ID, nullable=False, server_default=""),
    Column("actor", String(20), nullable=False, server_default=""),
    Column("at", UtcTime, nullable=False),
    Column("seq", Integer, nullable=False),
    UniqueConstraint("seller_id", "source"),
    Index("ix_stock_movement_variant", "variant_id", "seq"),
    Index("ix_stock_movement_order", "order_id"),
)

stock_draft = Table(
    "stock_draft",
    metadata,
    id_column(),
    seller_column(),
    Column("view_id", ID, ForeignKey("view.id"), nullable=False),
    Column("variant_id", ID, ForeignKey("variant.id"), nullable=False),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("received", Integer, nullable=False, server_default="0"),
    Column("listing_variant_id", ID, nullable=False, server_default=""),
    Column("place", String(64), nullable=False, server_default=""),
    Column("place_name", Text, nullable=False, server_default=""),
    Column("placed_before", Integer, nullable=False, server_default="0"),
    Column("placed_after", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    UniqueConstraint("view_id", "variant_id"),
)

shown_stock = Table(
    "shown_stock",
    metadata,
    seller_column(),
    Column("listing_variant_id", ID, ForeignKey("listing_variant.id"), primary_key=True),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("variant_id", ID, ForeignKey("variant.id"), nullable=False),
    Column("units", Integer, nullable=False),
    Column("known_from", UtcTime),
    Column("keeps_back", Integer, nullable=False, server_default="0"),
    Column("state", String(12), nullable=False),
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("sent_from", Integer, nullable=False, server_default="0"),
    Column("seen", Integer),
    Column("seen_at", UtcTime),
    Column("reason", String(48), nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcTime, nullable=False),
    Column("asked_at", UtcTime),
    Column("shown_at", UtcTime),
    Column("locked_since", UtcTime),
    Column("locked_until", UtcTime),
    Column("freed_at", UtcTime),
    Column("place", String(64), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_shown_stock_due", "state", "due_at"),
    Index("ix_shown_stock_variant", "variant_id"),
)

stock_place = Table(
    "stock_place",
    metadata,
    seller_column(),
    Column("variant_id", ID, ForeignKey("variant.id"), primary_key=True),
    Column("units", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("out_at", UtcTime),
    Index("ix_stock_place_scarce", "seller_id", "units", "title", "variant_id"),
)

stock_tally = Table(
    "stock_tally",
    metadata,
    Column("seller_id", ID, ForeignKey("seller.id"), primary_key=True),
    Column("on_sale", Integer, nullable=False),
    Column("sold_out", Integer, nullable=False),
    Column("look_due", UtcTime),
    Index("ix_stock_tally_look_due", "look_due"),
)
