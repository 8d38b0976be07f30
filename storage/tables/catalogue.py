"""product, variant, variant_apart, listing, listing_variant, listing_photo, option_photo."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.metadata import ID, id_column, metadata, seller_column
from storage.types import Amount, UtcTime

product = Table(
    "product",
    metadata,
    id_column(),
    seller_column(),
    Column("title", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_product_seller_id", "seller_id"),
)

variant = Table(
    "variant",
    metadata,
    id_column(),
    seller_column(),
    Column("product_id", ID, ForeignKey("product.id"), nullable=False),
    Column("sku", String(128), nullable=False),
    Column("sku_folded", String(128), nullable=False),
    Column("name", Text, nullable=False),
    Column("floor", Amount),
    Column("floor_currency", String(3)),
    Column("stock_policy", String(16), nullable=False, server_default="tracked"),
    Column("alert_at", Integer),
    Column("keeps_back", Integer, nullable=False, server_default="0"),
    Column("keeping_version", Integer, nullable=False, server_default="1"),
    Column("joined_to", ID),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_variant_sku", "seller_id", "sku_folded"),
)
"""`joined_to` names the variant that stands for this one since all its listings went there."""

variant_apart = Table(
    "variant_apart",
    metadata,
    Column("one_id", ID, ForeignKey("variant.id"), primary_key=True),
    Column("other_id", ID, ForeignKey("variant.id"), primary_key=True),
    seller_column(),
    Column("said_at", UtcTime, nullable=False),
)
"""Two variants that somebody said are not the same product; the smaller id stands first."""

listing = Table(
    "listing",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("product_id", ID, ForeignKey("product.id")),
    Column("external_id", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("raw_state", String(48), nullable=False),
    Column("image_url", Text, nullable=False),
    Column("category", String(64), nullable=False, server_default=""),
    Column("tiers", Text, nullable=False, server_default="[]"),
    Column("sku", String(128), nullable=False, server_default=""),
    Column("description", Text, nullable=False, server_default=""),
    Column("weight", String(16), nullable=False, server_default=""),
    Column("wholesale", Amount),
    Column("boosted_until", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "external_id"),
)

listing_variant = Table(
    "listing_variant",
    metadata,
    id_column(),
    seller_column(),
    Column("shop_id", ID, ForeignKey("shop.id"), nullable=False),
    Column("listing_id", ID, ForeignKey("listing.id"), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("variant_id", ID, ForeignKey("variant.id")),
    Column("name", Text, nullable=False),
    Column("options", Text, nullable=False, server_default="[]"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("sku", String(128), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("listed", Amount, nullable=False),
    Column("is_taxed", Boolean, nullable=False),
    Column("buyer_pays", Amount, nullable=False),
    Column("locked_until", UtcTime),
    Column("promotion", Text, nullable=False, server_default=""),
    Column("promotion_ends", UtcTime),
    Column("places", Text, nullable=False, server_default="[]"),
    Column("available", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("is_sellable", Boolean, nullable=False),
    Column("image_url", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    UniqueConstraint("listing_id", "external_id"),
    Index("ix_listing_variant_variant_id", "variant_id"),
    Index("ix_listing_variant_stock", "seller_id", "available"),
)

listing_photo = Table(
    "listing_photo",
    metadata,
    Column("listing_id", ID, ForeignKey("listing.id"), primary_key=True),
    Column("bot_id", String(20), primary_key=True),
    Column("url_digest", String(64), nullable=False),
    Column("file_id", Text, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
)
"""What Telegram calls a listing's picture; empty where the picture could not be had."""

option_photo = Table(
    "option_photo",
    metadata,
    Column("listing_id", ID, ForeignKey("listing.id"), primary_key=True),
    Column("bot_id", String(20), primary_key=True),
    Column("url_digest", String(64), primary_key=True),
    Column("file_id", Text, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
)
"""What Telegram calls the pictures of a listing's options, such as its colours."""
