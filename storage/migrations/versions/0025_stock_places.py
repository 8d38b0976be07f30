"""Stock counted at one of a shop's locations: in a draft, and where a shop's next change goes to."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shown_stock", _text("place", 64))
    op.add_column("stock_draft", _text("listing_variant_id", 32))
    op.add_column("stock_draft", _text("place", 64))
    op.add_column("stock_draft", sa.Column("place_name", sa.Text(), nullable=False, server_default=""))
    for name in ("placed_before", "placed_after"):
        op.add_column("stock_draft", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("placed_after", "placed_before", "place_name", "place", "listing_variant_id"):
        op.drop_column("stock_draft", name)
    op.drop_column("shown_stock", "place")


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")
