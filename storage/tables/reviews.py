"""review, review_answer."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import UtcTime

review = Table(
    "review",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("order_external_id", String(64), nullable=False),
    Column("listing_external_id", String(64), nullable=False),
    Column("variant_external_id", String(64), nullable=False),
    Column("stars", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("videos", Integer, nullable=False),
    Column("is_hidden", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("reply", Text, nullable=False, server_default=""),
    Column("replied_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "external_id"),
    Index("ix_review_seller", "seller_id", "created_at"),
)

review_answer = Table(
    "review_answer",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("review_id", ID, ForeignKey("review.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_by", String(20), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("refusal", String(48), nullable=False, server_default=""),
    Column("ended_at", UtcTime),
    Index("ix_review_answer_due", "state", "due_at"),
    Index("ix_review_answer_review", "review_id", "requested_at"),
)
