"""stock_episode: when a variant ran low; low_alert, low_alert_line: which message rang for which level of it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

stock_episode = Table(
    "stock_episode",
    metadata,
    seller_column(),
    Column("variant_id", ID, ForeignKey("variant.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("now", Integer),
    Column("units", Integer, nullable=False),
    Column("cover_h", Integer, nullable=False),
    Column("level_at", UtcTime, nullable=False),
    Column("above_since", UtcTime),
    Column("closed_at", UtcTime),
    Column("version", Integer, nullable=False),
)
_OPEN = stock_episode.c.closed_at.is_(None)
# Few of many variants are low, so that what is low now has an index of its own.
Index(
    "ix_stock_episode_open",
    stock_episode.c.seller_id,
    stock_episode.c.cover_h,
    stock_episode.c.units,
    stock_episode.c.variant_id,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

low_alert = Table(
    "low_alert",
    metadata,
    id_column(),
    seller_column(),
    Column("view_id", ID, ForeignKey("view.id"), nullable=False),
    Column("outbox_id", BigInteger, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("edited_at", UtcTime, nullable=False),
    Column("edit_due_at", UtcTime),
    UniqueConstraint("view_id", "outbox_id"),
    Index("ix_low_alert_view", "view_id", "opened_at"),
)

low_alert_line = Table(
    "low_alert_line",
    metadata,
    Column("alert_id", ID, ForeignKey("low_alert.id", ondelete="CASCADE"), primary_key=True),
    Column("variant_id", ID, ForeignKey("variant.id"), primary_key=True),
    seller_column(),
    Column("number", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Index("ix_low_alert_line_variant", "variant_id", "number"),
)
