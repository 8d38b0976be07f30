"""platform_app, shop, linking, secret, data_key, sync_mark."""

from sqlalchemy import BigInteger as BigInt
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

platform_app = Table(
    "platform_app",
    metadata,
    id_column(),
    Column("seller_id", ID, ForeignKey("seller.id")),
    Column("platform", String(24), nullable=False),
    Column("environment", String(16), nullable=False),
    Column("region", String(8), nullable=False),
    Column("key", String(64), nullable=False),
    Column("api_url", Text, nullable=False),
    Column("auth_url", Text, nullable=False),
    Column("hook_url", Text, nullable=False),
    Column("per_shop", Float, nullable=False),
    Column("per_app", Float, nullable=False),
    Column("is_simulated", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("options", Text, nullable=False, server_default="{}"),
    UniqueConstraint("platform", "environment", "key"),
)

shop = Table(
    "shop",
    metadata,
    id_column(),
    seller_column(),
    Column("app_id", ID, ForeignKey("platform_app.id"), nullable=False),
    Column("platform", String(24), nullable=False),
    Column("environment", String(16), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("region", String(8), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(16), nullable=False),
    Column("is_simulated", Boolean, nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    Column("authorised_until", UtcTime),
    Column("synced_at", UtcTime),
    Column("trouble", String(48), nullable=False, server_default=""),
    Column("trouble_since", UtcTime),
    Column("token_version", Integer, nullable=False, server_default="1"),
    Column("token_expires_at", UtcTime),
    Column("refresh_expires_at", UtcTime),
    Column("refresh_started_version", Integer, nullable=False, server_default="0"),
    Column("refresh_attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("lease_gen", Integer, nullable=False, server_default="0"),
    Column("link_gen", Integer, nullable=False, server_default="1"),
    Column("former_external_id", String(64)),
    Column("authorisation", String(64), nullable=False, server_default=""),
    UniqueConstraint("platform", "environment", "external_id"),
)

linking = Table(
    "linking",
    metadata,
    id_column(),
    seller_column(),
    Column("view_id", ID, ForeignKey("view.id"), nullable=False),
    Column("user_id", String(20), nullable=False),
    Column("app_id", ID, ForeignKey("platform_app.id"), nullable=False),
    Column("platform", String(24), nullable=False),
    Column("region", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("nonce_hash", String(64), nullable=False, unique=True),
    Column("state_hash", String(64), nullable=False, unique=True),
    Column("cookie_hash", String(64), nullable=False, server_default=""),
    Column("message_id", BigInt),
    Column("started_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("shop_external_id", String(64), nullable=False, server_default=""),
    Column("shop_name", Text, nullable=False, server_default=""),
    Column("shop_currency", String(3), nullable=False, server_default=""),
    Column("shop_region", String(8), nullable=False, server_default=""),
    Column("authorised_until", UtcTime),
    Column("parent_id", String(32), nullable=False, server_default=""),
    Column("refusal", String(32), nullable=False, server_default=""),
    Column("authorisation", String(64), nullable=False, server_default=""),
)

data_key = Table(
    "data_key",
    metadata,
    Column("owner", String(48), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)

secret = Table(
    "secret",
    metadata,
    Column("owner", String(48), ForeignKey("data_key.owner", ondelete="CASCADE"), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
)

key_canary = Table(
    "key_canary",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
)

sync_mark = Table(
    "sync_mark",
    metadata,
    Column("shop_id", ID, ForeignKey("shop.id"), primary_key=True),
    Column("stream", String(16), primary_key=True),
    Column("high_water", UtcTime),
    Column("next_due", UtcTime, nullable=False),
    Column("backfill_done_at", UtcTime),
    Column("backfill_seen", Integer, nullable=False, server_default="0"),
    Column("backfill_total", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("lease_gen", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("matched_at", UtcTime),
    Index("ix_sync_mark_due", "next_due"),
)
