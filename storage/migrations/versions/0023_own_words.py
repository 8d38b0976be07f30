"""What a seller writes against a return in words of his own."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    added = sa.Column("own_words", sa.Text(), nullable=False, server_default="")
    op.add_column("return_action", added)


def downgrade() -> None:
    op.drop_column("return_action", "own_words")
