"""Many prices changed as one: the heads of such changes, and what each left out."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0020"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _word(name: str, length: int, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=default)


def upgrade() -> None:
    op.create_table(
        "bulk",
        _id("id"),
        _id("seller_id"),
        _word("source", 16),
        _word("scope_filter", 16),
        _word("scope_shop", 32),
        sa.Column("scope_words", sa.Text(), nullable=False),
        _word("move", 8),
        sa.Column("value", sa.BigInteger(), nullable=False),
        _word("rounding", 8),
        sa.Column("floor", sa.BigInteger()),
        _word("currency", 3),
        _word("state", 16),
        sa.Column("version", sa.Integer(), nullable=False),
        _word("digest", 64),
        _word("requested_by", 20),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        _word("undo_of", 32, default=""),
        _word("reason", 48, default=""),
        _word("stopped_by", 20, default=""),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_bulk_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk")),
    )
    op.create_index("ix_bulk_requested_at", "bulk", ["seller_id", "requested_at"])
    op.create_table(
        "bulk_skip",
        _id("bulk_id"),
        _id("listing_variant_id"),
        _id("seller_id"),
        _word("currency", 3),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        _word("reason", 24),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk.id"], name=op.f("fk_bulk_skip_bulk_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_variant_id"], ["listing_variant.id"], name=op.f("fk_bulk_skip_listing_variant_id")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_bulk_skip_seller_id")),
        sa.PrimaryKeyConstraint("bulk_id", "listing_variant_id", name=op.f("pk_bulk_skip")),
    )


def downgrade() -> None:
    op.drop_table("bulk_skip")
    op.drop_table("bulk")
