"""What a product screen shows beside what a listing already has: its tiers, and the picture as Telegram knows it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listing", sa.Column("tiers", sa.Text(), nullable=False, server_default="[]"))
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


def downgrade() -> None:
    op.drop_table("listing_photo")
    op.drop_column("listing_variant", "position")
    op.drop_column("listing_variant", "options")
    op.drop_column("listing", "tiers")
