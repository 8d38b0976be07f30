"""order_alert, order_alert_line: which new orders one message rings for."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

order_alert = Table(
    "order_alert",
    metadata,
    id_column(),
    seller_column(),
    Column("view_id", ID, ForeignKey("view.id"), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("edited_at", UtcTime, nullable=False),
    Column("edit_due_at", UtcTime),
    Index("ix_order_alert_view", "view_id", "last_at"),
)

order_alert_line = Table(
    "order_alert_line",
    metadata,
    Column("alert_id", ID, ForeignKey("order_alert.id", ondelete="CASCADE"), primary_key=True),
    Column("order_id", ID, ForeignKey("sale_order.id", ondelete="CASCADE"), primary_key=True),
    seller_column(),
    Column("added_at", UtcTime, nullable=False),
    Index("ix_order_alert_line_order", "order_id"),
)
