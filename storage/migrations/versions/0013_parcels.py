"""Parcels with our own packing state, and the batches that members claim."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _number(name: str, default: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    op.add_column("parcel", sa.Column("state", sa.String(12), server_default="unknown", nullable=False))
    op.add_column("parcel", _text("courier_id", 32))
    op.add_column("parcel", _text("place", 48))
    op.add_column("parcel", sa.Column("is_instant", sa.Boolean(), nullable=True))
    _create_batch()
    _create_packing()
    _create_way()
    _fill()


def _create_batch() -> None:
    op.create_table(
        "batch",
        _id("id"),
        _id("seller_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        _id("view_id"),
        sa.Column("courier", sa.Text(), nullable=False),
        sa.Column("is_instant", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        _moment("closed_at"),
        sa.Column("labels", sa.String(length=12), nullable=False),
        _moment("labels_due_at"),
        _number("attempts", "0"),
        _number("prints", "0"),
        _text("last_parcel_id", 32),
        _number("version", "1"),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_batch_seller_id")),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_batch_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("seller_id", "number", name=op.f("uq_batch_seller_id_number")),
    )
    op.create_index("ix_batch_open", "batch", ["seller_id", "closed_at"], unique=False)
    op.create_index("ix_batch_labels", "batch", ["labels", "labels_due_at"], unique=False)


def _create_packing() -> None:
    op.create_table(
        "packing",
        _id("seller_id"),
        _id("parcel_id"),
        _id("shop_id"),
        _id("order_id"),
        sa.Column("courier", sa.Text(), nullable=False),
        sa.Column("is_instant", sa.Boolean(), nullable=False),
        _moment("ship_by"),
        sa.Column("sku", sa.String(length=128), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("is_mixed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        _text("step", 12),
        sa.Column("choice", sa.Text(), server_default="", nullable=False),
        _text("reason", 48),
        _number("attempts", "0"),
        _moment("due_at"),
        _text("asked_by", 20),
        _id("batch_id", nullable=True),
        _number("position", "0"),
        _number("page", "0"),
        _number("printed", "0"),
        _text("last_print", 40),
        _moment("packed_at"),
        _text("packed_by", 20),
        _moment("handed_over_at"),
        sa.Column("photo_id", sa.Text(), server_default="", nullable=False),
        _text("photo_key", 64),
        _text("pickup_code", 32),
        _number("version", "1"),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_packing_seller_id")),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcel.id"], name=op.f("fk_packing_parcel_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_packing_shop_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sale_order.id"], name=op.f("fk_packing_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_packing_batch_id")),
        sa.PrimaryKeyConstraint("parcel_id", name=op.f("pk_packing")),
    )
    op.create_index("ix_packing_state", "packing", ["seller_id", "state", "courier"], unique=False)
    op.create_index("ix_packing_step", "packing", ["step", "due_at"], unique=False)
    op.create_index("ix_packing_batch", "packing", ["batch_id", "position"], unique=False)
    op.create_index("ix_packing_order", "packing", ["order_id"], unique=False)


def _create_way() -> None:
    op.create_table(
        "shipping_way",
        _id("seller_id"),
        _id("shop_id"),
        sa.Column("courier_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=48), nullable=False),
        sa.Column("courier", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), server_default="", nullable=False),
        _moment("read_at"),
        _text("way", 12),
        _text("address_id", 64),
        _text("branch_id", 64),
        _text("chosen_by", 20),
        _moment("chosen_at"),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_shipping_way_seller_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_shipping_way_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "courier_id", "place", name=op.f("pk_shipping_way")),
    )
    op.create_index("ix_shipping_way_seller", "shipping_way", ["seller_id"], unique=False)


def _fill() -> None:
    """Give the parcels of orders that wait to be packed a row each; the rest is history."""
    kind = "CASE WHEN order_line.sku <> '' THEN order_line.sku ELSE order_line.title END"
    op.execute(
        "INSERT INTO packing (seller_id, parcel_id, shop_id, order_id, courier, is_instant, ship_by, "  # noqa: S608
        "sku, units, is_mixed, state) "
        "SELECT parcel.seller_id, parcel.id, parcel.shop_id, min(sale_order.id), "
        "min(CASE WHEN parcel.courier <> '' THEN parcel.courier ELSE sale_order.courier END), false, "
        "min(sale_order.ship_by), "
        f"CASE WHEN count(DISTINCT {kind}) = 1 THEN substr(min({kind}), 1, 128) ELSE '' END, "
        f"sum(parcel_line.quantity), count(DISTINCT {kind}) <> 1, "
        "min(CASE WHEN sale_order.status = 'arranged' THEN 'arranged' ELSE 'to_arrange' END) "
        "FROM parcel JOIN parcel_line ON parcel_line.parcel_id = parcel.id "
        "JOIN sale_order ON sale_order.id = parcel_line.order_id "
        "JOIN order_line ON order_line.order_id = parcel_line.order_id "
        "AND order_line.position = parcel_line.position "
        "WHERE sale_order.status IN ('to_ship', 'arranged') "
        "GROUP BY parcel.seller_id, parcel.id, parcel.shop_id"
    )


def downgrade() -> None:
    for name in ("shipping_way", "packing", "batch"):
        op.drop_table(name)
    for name in ("is_instant", "place", "courier_id", "state"):
        op.drop_column("parcel", name)
