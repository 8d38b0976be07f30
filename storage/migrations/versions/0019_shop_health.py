"""How each shop stands with its platform, whether it is on holiday there, and consents that open several shops.

Shops that are linked already are read from here on, too.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None

MARKS = """
INSERT INTO sync_mark (shop_id, stream, next_due)
SELECT shop_id, 'health', next_due FROM sync_mark WHERE stream = 'orders'
"""


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def _of_a_shop(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f(f"fk_{table}_shop_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f(f"fk_{table}_seller_id")),
        sa.PrimaryKeyConstraint("shop_id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    _of_a_shop(
        "shop_health",
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
    )
    _of_a_shop(
        "shop_holiday",
        sa.Column("is_on", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        _text("wish", 4),
        _text("wished_by", 20),
        _text("view_id", 32),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        _text("refusal", 48),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_index("ix_shop_holiday_due", "shop_holiday", ["due_at"])
    op.add_column("linking", _text("parent_id", 32))
    op.add_column("linking", _text("refusal", 32))
    op.execute(MARKS)


def downgrade() -> None:
    op.execute("DELETE FROM sync_mark WHERE stream = 'health'")
    op.drop_column("linking", "refusal")
    op.drop_column("linking", "parent_id")
    op.drop_table("shop_holiday")
    op.drop_table("shop_health")
