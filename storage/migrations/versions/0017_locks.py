"""Promotions that hold prices and stock: who keeps how much until when, what waits for their end, where stock lies."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0019"
branch_labels = None
depends_on = None

READ_ALL = "UPDATE sync_mark SET high_water = NULL WHERE stream = 'listings' AND backfill_done_at IS NOT NULL"
WAITING = """
UPDATE change SET locked_since = decided_at, locked_until = not_before, reason = 'price_locked'
WHERE state = 'approved' AND not_before IS NOT NULL AND reason IN ('', 'price_locked')
"""


def upgrade() -> None:
    op.add_column("listing", sa.Column("wholesale", sa.BigInteger()))
    op.add_column("listing_variant", sa.Column("promotion", sa.Text(), nullable=False, server_default=""))
    op.add_column("listing_variant", sa.Column("promotion_ends", sa.DateTime(timezone=True)))
    op.add_column("listing_variant", sa.Column("places", sa.Text(), nullable=False, server_default="[]"))
    for table in ("change", "shown_stock"):
        op.add_column(table, sa.Column("locked_since", sa.DateTime(timezone=True)))
        op.add_column(table, sa.Column("locked_until", sa.DateTime(timezone=True)))
    op.add_column("shown_stock", sa.Column("freed_at", sa.DateTime(timezone=True)))
    op.execute(WAITING)
    op.execute(READ_ALL)


def downgrade() -> None:
    op.drop_column("shown_stock", "freed_at")
    for table in ("shown_stock", "change"):
        op.drop_column(table, "locked_until")
        op.drop_column(table, "locked_since")
    for column in ("places", "promotion_ends", "promotion"):
        op.drop_column("listing_variant", column)
    op.drop_column("listing", "wholesale")
