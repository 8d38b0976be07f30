"""chat, view, card, button_ticket, dialogue."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

chat = Table(
    "chat",
    metadata,
    id_column(),
    Column("bot_id", String(20), nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("bot_id", "telegram_id"),
)

view = Table(
    "view",
    metadata,
    id_column(),
    Column("chat_id", ID, ForeignKey("chat.id"), nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    seller_column(),
    Column("role_cap", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("shops", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("chat_id", "thread_id"),
)

card = Table(
    "card",
    metadata,
    id_column(),
    Column("view_id", ID, ForeignKey("view.id"), nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("media", String(8), nullable=False),
    Column("subject", String(24), nullable=False),
    Column("subject_id", String(48), nullable=False),
    Column("version", Integer, nullable=False),
    Column("shown_at", UtcTime, nullable=False),
    UniqueConstraint("view_id", "message_id"),
    Index("ix_card_subject", "subject", "subject_id"),
)

button_ticket = Table(
    "button_ticket",
    metadata,
    id_column(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("view_id", ID, ForeignKey("view.id"), nullable=False),
    Column("action", String(24), nullable=False),
    Column("object_id", ID, nullable=False),
    Column("object_version", Integer, nullable=False),
    Column("min_role", String(16), nullable=False),
    Column("user_id", String(20), nullable=False, server_default=""),
    Column("message_id", BigInteger),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", String(20), nullable=False, server_default=""),
    UniqueConstraint("view_id", "action", "object_id", "object_version"),
)

dialogue = Table(
    "dialogue",
    metadata,
    Column("view_id", ID, ForeignKey("view.id"), primary_key=True),
    Column("user_id", String(20), primary_key=True),
    Column("flow", String(32), nullable=False),
    Column("draft", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)
