"""What a product screen shows beside what a listing already has: its tiers, and the picture as Telegram knows it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listing", sa.Column("tiers", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("listing", sa.Column("sku", sa.String(length=128), nullable=False, server_default=""))
    op.add_column("listing", sa.Column("description", sa.Text(), nullable=False, server_default=""))
    op.add_column("listing", sa.Column("weight", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("listing_variant", sa.Column("options", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("listing_variant", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "listing_photo",
        sa.Column("listing_id", sa.String(length=32), nullable=False),
        sa.Column("bot_id", sa.String(length=20), nullable=False),
        sa.Column("url_digest", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_listing_photo_listing_id")),
        sa.PrimaryKeyConstraint("listing_id", "bot_id", name=op.f("pk_listing_photo")),
    )
    op.create_table(
        "listing_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("listing_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=20), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=48), nullable=False, server_default=""),
        sa.Column("seen_value", sa.Text(), nullable=True),
        sa.Column("undo_of", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_listing_change_seller_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_listing_change_shop_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_listing_change_listing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_change")),
        sa.UniqueConstraint("source_key", name=op.f("uq_listing_change_source_key")),
    )
    op.create_index("ix_listing_change_state", "listing_change", ["state", "not_before"])
    op.create_index("ix_listing_change_listing", "listing_change", ["listing_id", "state"])


def downgrade() -> None:
    op.drop_table("listing_change")
    op.drop_table("listing_photo")
    op.drop_column("listing_variant", "position")
    op.drop_column("listing_variant", "options")
    for name in ("weight", "description", "sku", "tiers"):
        op.drop_column("listing", name)
