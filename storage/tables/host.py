"""What the host looks at: host_tally, active_day, breakage, feedback, host_note, audit_cut."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

host_tally = Table(
    "host_tally",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("meter", String(24), primary_key=True),
    Column("labels", String(120), primary_key=True),
    Column("count", Integer, nullable=False),
)

active_day = Table(
    "active_day",
    metadata,
    Column("seller_id", ID, ForeignKey("seller.id"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Index("ix_active_day_day", "day"),
)

breakage = Table(
    "breakage",
    metadata,
    Column("reference", String(8), primary_key=True),
    Column("seller_id", ID, ForeignKey("seller.id")),
    Column("at", UtcTime, nullable=False),
    Column("code", String(64), nullable=False),
    Column("source", String(48), nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    id_column(),
    seller_column(),
    Column("at", UtcTime, nullable=False),
    Column("reference", String(8), nullable=False, server_default=""),
    Column("words", Text, nullable=False),
    Index("ix_feedback_at", "at"),
)

host_note = Table(
    "host_note",
    metadata,
    id_column(),
    Column("kind", String(24), nullable=False),
    Column("dedupe_key", String(160), nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("told_at", UtcTime),
    Index("ix_host_note_due", "told_at", "not_before"),
)

audit_cut = Table(
    "audit_cut",
    metadata,
    Column("seller_id", ID, ForeignKey("seller.id"), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
)
