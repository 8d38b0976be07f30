"""Prices that came in a file: what the file was, and the price it has for each listing variant."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

_COUNTS = ("file_rows", "file_same", "file_bad")


def _id(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=32), nullable=False)


def upgrade() -> None:
    op.add_column("bulk", sa.Column("file_name", sa.Text(), nullable=False, server_default=""))
    op.add_column("bulk", sa.Column("file_digest", sa.String(length=64), nullable=False, server_default=""))
    for name in _COUNTS:
        op.add_column("bulk", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "bulk_price",
        _id("bulk_id"),
        _id("listing_variant_id"),
        _id("seller_id"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk.id"], name=op.f("fk_bulk_price_bulk_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_variant_id"], ["listing_variant.id"], name=op.f("fk_bulk_price_listing_variant_id")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_bulk_price_seller_id")),
        sa.PrimaryKeyConstraint("bulk_id", "listing_variant_id", name=op.f("pk_bulk_price")),
    )


def downgrade() -> None:
    op.drop_table("bulk_price")
    for name in (*reversed(_COUNTS), "file_digest", "file_name"):
        op.drop_column("bulk", name)
