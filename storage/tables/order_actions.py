"""order_action."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

order_action = Table(
    "order_action",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("order_id", ID, ForeignKey("sale_order.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("reason", String(24), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_by", String(20), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("refusal", String(48), nullable=False, server_default=""),
    Column("ended_at", UtcTime),
    Index("ix_order_action_due", "state", "due_at"),
    Index("ix_order_action_order", "order_id", "requested_at"),
)
