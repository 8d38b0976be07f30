"""What is under way: inbox (what came in), outbox (what must be said), counters of odd things seen."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, metadata
from storage.types import UtcTime

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")

inbox = Table(
    "inbox",
    metadata,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("source", String(24), nullable=False),
    Column("dedupe_key", String(160), nullable=False),
    Column("lane", String(64), nullable=False),
    Column("app_id", String(32), nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("lease_gen", Integer, nullable=False, server_default="0"),
    Column("reason", String(160), nullable=False, server_default=""),
    UniqueConstraint("source", "dedupe_key"),
    Index("ix_inbox_due", "state", "source", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("view_id", ID, ForeignKey("view.id"), nullable=False),
    Column("dedupe_key", String(160), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("lease_gen", Integer, nullable=False, server_default="0"),
    Column("sent_at", UtcTime),
    Column("message_id", BigInteger),
    Column("reason", String(160), nullable=False, server_default=""),
    UniqueConstraint("view_id", "dedupe_key"),
    Index("ix_outbox_due", "state", "not_before", "id"),
)

oddity = Table(
    "oddity",
    metadata,
    Column("platform", String(24), primary_key=True),
    Column("place", String(48), primary_key=True),
    Column("word", String(96), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
)
