"""What buyers say of goods and what is answered, what a shop shows first, and pictures of options.

Shops that are linked already are read for it from here on, by a mark of their own.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

MARKS = """
INSERT INTO sync_mark (shop_id, stream, next_due)
SELECT shop_id, 'showcase', next_due FROM sync_mark WHERE stream = 'orders'
"""


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def upgrade() -> None:
    op.add_column("listing", _moment("boosted_until", nullable=True))
    op.create_table(
        "option_photo",
        _id("listing_id"),
        sa.Column("bot_id", sa.String(length=20), nullable=False),
        sa.Column("url_digest", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        _moment("kept_at"),
        _key("option_photo", "listing_id", "listing.id"),
        sa.PrimaryKeyConstraint("listing_id", "bot_id", "url_digest", name=op.f("pk_option_photo")),
    )
    op.create_table(
        "review",
        _id("id"),
        _id("seller_id"),
        _id("shop_id"),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("order_external_id", sa.String(length=64), nullable=False),
        sa.Column("listing_external_id", sa.String(length=64), nullable=False),
        sa.Column("variant_external_id", sa.String(length=64), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("videos", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.Column("reply", sa.Text(), nullable=False, server_default=""),
        _moment("replied_at", nullable=True),
        _moment("seen_at"),
        _key("review", "seller_id", "seller.id"),
        _key("review", "shop_id", "shop.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("shop_id", "external_id", name=op.f("uq_review_shop_id_external_id")),
    )
    op.create_index("ix_review_seller", "review", ["seller_id", "created_at"])
    op.create_table(
        "review_answer",
        _id("id"),
        _id("seller_id"),
        _id("shop_id"),
        _id("review_id"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=20), nullable=False),
        _moment("requested_at"),
        _moment("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("looks", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("refusal", sa.String(length=48), nullable=False, server_default=""),
        _moment("ended_at", nullable=True),
        _key("review_answer", "seller_id", "seller.id"),
        _key("review_answer", "shop_id", "shop.id"),
        _key("review_answer", "review_id", "review.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_answer")),
    )
    op.create_index("ix_review_answer_due", "review_answer", ["state", "due_at"])
    op.create_index("ix_review_answer_review", "review_answer", ["review_id", "requested_at"])
    op.execute(MARKS)


def downgrade() -> None:
    op.execute("DELETE FROM sync_mark WHERE stream = 'showcase'")
    for table in ("review_answer", "review", "option_photo"):
        op.drop_table(table)
    op.drop_column("listing", "boosted_until")
