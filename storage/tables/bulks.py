"""bulk, bulk_price, bulk_skip."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import Amount, UtcTime

bulk = Table(
    "bulk",
    metadata,
    id_column(),
    seller_column(),
    Column("source", String(16), nullable=False),
    Column("scope_filter", String(16), nullable=False),
    Column("scope_shop", String(32), nullable=False),
    Column("scope_words", Text, nullable=False),
    Column("move", String(8), nullable=False),
    Column("value", Amount, nullable=False),
    Column("rounding", String(8), nullable=False),
    Column("floor", Amount),
    Column("currency", String(3), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("requested_by", String(20), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("undo_of", ID, nullable=False, server_default=""),
    Column("reason", String(48), nullable=False, server_default=""),
    Column("stopped_by", String(20), nullable=False, server_default=""),
    Column("file_name", Text, nullable=False, server_default=""),
    Column("file_digest", String(64), nullable=False, server_default=""),
    Column("file_rows", Integer, nullable=False, server_default="0"),
    Column("file_same", Integer, nullable=False, server_default="0"),
    Column("file_bad", Integer, nullable=False, server_default="0"),
    Index("ix_bulk_requested_at", "seller_id", "requested_at"),
)
"""The head of changes that were asked for as one: they have its id as their `proposal_id`."""

bulk_price = Table(
    "bulk_price",
    metadata,
    Column("bulk_id", ID, ForeignKey("bulk.id", ondelete="CASCADE"), primary_key=True),
    Column("listing_variant_id", ID, ForeignKey("listing_variant.id"), primary_key=True),
    seller_column(),
    Column("currency", String(3), nullable=False),
    Column("amount", Amount, nullable=False),
)
"""The price that a file has for each, where a bulk change came out of one."""

bulk_skip = Table(
    "bulk_skip",
    metadata,
    Column("bulk_id", ID, ForeignKey("bulk.id", ondelete="CASCADE"), primary_key=True),
    Column("listing_variant_id", ID, ForeignKey("listing_variant.id"), primary_key=True),
    seller_column(),
    Column("currency", String(3), nullable=False),
    Column("before", Amount, nullable=False),
    Column("after", Amount, nullable=False),
    Column("reason", String(24), nullable=False),
)
"""What a bulk change left as it was when it was asked for, and why."""
