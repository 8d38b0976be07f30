"""What buyers send back, and what sellers do about it on its way to the platform.

Shops that are linked already are read from here on, too, by a mark of their own.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None

MARKS = """
INSERT INTO sync_mark (shop_id, stream, next_due)
SELECT shop_id, 'returns', next_due FROM sync_mark WHERE stream = 'orders'
"""


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _word(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _count(name: str, default: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "sale_return",
        _id("id"),
        _id("seller_id"),
        _id("shop_id"),
        _word("external_id", 64),
        _word("order_number", 64),
        _word("state", 16),
        _word("raw_state", 48),
        _word("solution", 24),
        _word("reason", 48),
        _word("why", 24),
        _text("buyer_says"),
        _text("buyer_name"),
        _word("currency", 3),
        sa.Column("refund", sa.BigInteger(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("updated_at", nullable=False),
        _moment("answer_by"),
        _moment("proof_by"),
        _word("proof_state", 48),
        sa.Column("offered", sa.BigInteger()),
        _word("offered_solution", 24),
        sa.Column("is_buyers_offer", sa.Boolean(), nullable=False),
        sa.Column("is_decided_elsewhere", sa.Boolean(), nullable=False),
        _word("tracking_number", 64),
        _word("raw_goods_state", 64),
        _text("photos"),
        _text("videos"),
        _word("digest", 64),
        _moment("due"),
        _moment("remind_at"),
        _moment("recorded_at", nullable=False),
        _count("version", "1"),
        _refers("sale_return", "seller_id", "seller.id"),
        _refers("sale_return", "shop_id", "shop.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_return")),
        sa.UniqueConstraint("shop_id", "external_id", name=op.f("uq_sale_return_shop_id_external_id")),
    )
    op.create_index("ix_sale_return_state", "sale_return", ["seller_id", "state", "updated_at"])
    op.create_index("ix_sale_return_order", "sale_return", ["shop_id", "order_number"])
    op.create_index("ix_sale_return_remind", "sale_return", ["remind_at"])
    _lines()
    _actions()
    op.execute(MARKS)


def _lines() -> None:
    op.create_table(
        "sale_return_line",
        _id("return_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _id("seller_id"),
        _word("listing_external_id", 64),
        _word("variant_external_id", 64),
        _text("title"),
        _word("sku", 128),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        _text("image_url"),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["sale_return.id"],
            name=op.f("fk_sale_return_line_return_id"),
            ondelete="CASCADE",
        ),
        _refers("sale_return_line", "seller_id", "seller.id"),
        sa.PrimaryKeyConstraint("return_id", "position", name=op.f("pk_sale_return_line")),
    )


def _actions() -> None:
    op.create_table(
        "return_action",
        _id("id"),
        _id("seller_id"),
        _id("shop_id"),
        _id("return_id"),
        _word("kind", 16),
        _word("state", 12),
        sa.Column("version", sa.Integer(), nullable=False),
        _word("was", 16),
        sa.Column("solution", sa.String(length=24), nullable=False, server_default=""),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("currency", sa.String(length=3), nullable=False, server_default=""),
        sa.Column("reason_id", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("reason_text", sa.Text(), nullable=False, server_default=""),
        sa.Column("proofs", sa.Text(), nullable=False, server_default="[]"),
        _count("step", "0"),
        sa.Column("email", sa.Text(), nullable=False, server_default=""),
        _word("requested_by", 20),
        _moment("requested_at", nullable=False),
        _moment("due_at", nullable=False),
        _count("attempts", "0"),
        _count("looks", "0"),
        sa.Column("refusal", sa.String(length=48), nullable=False, server_default=""),
        _moment("ended_at"),
        _refers("return_action", "seller_id", "seller.id"),
        _refers("return_action", "shop_id", "shop.id"),
        _refers("return_action", "return_id", "sale_return.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_action")),
    )
    op.create_index("ix_return_action_due", "return_action", ["state", "due_at"])
    op.create_index("ix_return_action_return", "return_action", ["return_id", "requested_at"])


def downgrade() -> None:
    op.execute("DELETE FROM sync_mark WHERE stream = 'returns'")
    for table in ("return_action", "sale_return_line", "sale_return"):
        op.drop_table(table)
