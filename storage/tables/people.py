"""seller, member, invite, audit, audit_head."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

seller = Table(
    "seller",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("percent_per_change", Integer, nullable=False, server_default="30"),
    Column("shop_limit", Integer, nullable=False, server_default="20"),
    Column("percent_per_day", Integer, nullable=False, server_default="50"),
    Column("items_per_proposal", Integer, nullable=False, server_default="200"),
    Column("writes_paused_at", UtcTime),
    Column("writes_paused_by", String(32), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("seller_id", ID, ForeignKey("seller.id"), primary_key=True),
    Column("user_id", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),
    Index("ix_member_user_id", "user_id"),
)
invite = Table(
    "invite",
    metadata,
    id_column(),
    Column("seller_id", ID, ForeignKey("seller.id")),
    Column("role", String(16), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", String(20)),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    seller_column(),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("action", String(48), nullable=False),
    Column("subject", String(48), nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("seller_id", "previous_hash"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("seller_id", ID, ForeignKey("seller.id"), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("count", Integer, nullable=False),
)
