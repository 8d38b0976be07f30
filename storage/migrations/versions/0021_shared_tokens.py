"""Shops that have one pair of tokens together, and what else an app of a platform has."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

SHARING = ("shop", "linking")


def upgrade() -> None:
    for table in SHARING:
        added = sa.Column("authorisation", sa.String(length=64), nullable=False, server_default="")
        op.add_column(table, added)
    op.add_column("platform_app", sa.Column("options", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("platform_app", "options")
    for table in SHARING:
        op.drop_column(table, "authorisation")
