"""groups and teams."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("view", sa.Column("shops", sa.Text(), nullable=False, server_default=""))
    op.add_column("member", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_member_user_id", "member", ["user_id"])


def downgrade() -> None:
    op.drop_index("ix_member_user_id", "member")
    op.drop_column("member", "version")
    op.drop_column("view", "shops")
