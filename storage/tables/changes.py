"""change, approval, listing_change."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import Amount, UtcTime

change = Table(
    "change",
    metadata,
    id_column(),
    seller_column(),
    Column("proposal_id", ID, nullable=False),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("listing_variant_id", ID, ForeignKey("listing_variant.id"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("before", Amount, nullable=False),
    Column("after", Amount, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("requested_by", String(20), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("approved_by", String(20), nullable=False, server_default=""),
    Column("decided_at", UtcTime),
    Column("not_before", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("ended_at", UtcTime),
    Column("reason", String(48), nullable=False, server_default=""),
    Column("seen_value", Amount),
    Column("undo_of", ID, nullable=False, server_default=""),
    Column("source_key", String(64), nullable=False),
    Column("locked_since", UtcTime),
    Column("locked_until", UtcTime),
    UniqueConstraint("source_key", "listing_variant_id"),
    Index("ix_change_state", "state", "not_before"),
    Index("ix_change_proposal", "seller_id", "proposal_id"),
    Index("ix_change_listing_variant", "listing_variant_id", "state"),
)

approval = Table(
    "approval",
    metadata,
    seller_column(),
    Column("change_id", ID, ForeignKey("change.id"), primary_key=True),
    Column("user_id", String(20), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("is_typed", Boolean, nullable=False),
)

listing_change = Table(
    "listing_change",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("listing_id", ID, ForeignKey("listing.id"), nullable=False),
    Column("field", String(16), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_by", String(20), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("not_before", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime),
    Column("ended_at", UtcTime),
    Column("reason", String(48), nullable=False, server_default=""),
    Column("seen_value", Text),
    Column("undo_of", ID, nullable=False, server_default=""),
    Column("source_key", String(64), nullable=False, unique=True),
    Index("ix_listing_change_state", "state", "not_before"),
    Index("ix_listing_change_listing", "listing_id", "state"),
)
