"""shop_health, shop_holiday: how a shop stands with its platform, and whether it is on holiday there."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.metadata import ID, metadata, seller_column
from storage.types import UtcTime

shop_health = Table(
    "shop_health",
    metadata,
    Column("shop_id", ID, ForeignKey("shop.id"), primary_key=True),
    seller_column(),
    Column("read_at", UtcTime, nullable=False),
    Column("told", Text, nullable=False),
)

shop_holiday = Table(
    "shop_holiday",
    metadata,
    Column("shop_id", ID, ForeignKey("shop.id"), primary_key=True),
    seller_column(),
    Column("is_on", Boolean, nullable=False, server_default="0"),
    Column("ends_at", UtcTime),
    Column("read_at", UtcTime),
    Column("wish", String(4), nullable=False, server_default=""),
    Column("wished_by", String(20), nullable=False, server_default=""),
    Column("view_id", String(32), nullable=False, server_default=""),
    Column("due_at", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("refusal", String(48), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0"),
    Index("ix_shop_holiday_due", "due_at"),
)
