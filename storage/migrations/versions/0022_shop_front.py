"""The shop front that brought an order, where a platform has more than one."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    added = sa.Column("sold_on", sa.String(length=32), nullable=False, server_default="")
    op.add_column("sale_order", added)


def downgrade() -> None:
    op.drop_column("sale_order", "sold_on")
