"""stock."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def upgrade() -> None:
    op.add_column(
        "variant", sa.Column("stock_policy", sa.String(length=16), server_default="tracked", nullable=False)
    )
    op.add_column("variant", sa.Column("alert_at", sa.Integer(), nullable=True))
    op.add_column("variant", sa.Column("keeps_back", sa.Integer(), server_default="0", nullable=False))
    op.add_column("variant", sa.Column("keeping_version", sa.Integer(), server_default="1", nullable=False))
    _create_balance()
    _create_movement()
    _create_draft()
    _create_shown()
    _create_lists()


def _create_balance() -> None:
    op.create_table(
        "stock_balance",
        _id("seller_id"),
        _id("variant_id"),
        sa.Column("location", sa.String(length=32), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("allocated", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_stock_balance_seller_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_balance_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", "location", name=op.f("pk_stock_balance")),
    )
    op.create_index("ix_stock_balance_seller", "stock_balance", ["seller_id"], unique=False)


def _create_movement() -> None:
    op.create_table(
        "stock_movement",
        _id("id"),
        _id("seller_id"),
        _id("variant_id"),
        sa.Column("location", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("allocated", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.String(length=32), server_default="", nullable=False),
        sa.Column("listing_variant_id", sa.String(length=32), server_default="", nullable=False),
        sa.Column("actor", sa.String(length=20), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_stock_movement_seller_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_movement_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
        sa.UniqueConstraint("seller_id", "source", name=op.f("uq_stock_movement_seller_id_source")),
    )
    op.create_index("ix_stock_movement_variant", "stock_movement", ["variant_id", "seq"], unique=False)
    op.create_index("ix_stock_movement_order", "stock_movement", ["order_id"], unique=False)


def _create_draft() -> None:
    op.create_table(
        "stock_draft",
        _id("id"),
        _id("seller_id"),
        _id("view_id"),
        _id("variant_id"),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_stock_draft_seller_id")),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_stock_draft_view_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_draft_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_draft")),
        sa.UniqueConstraint("view_id", "variant_id", name=op.f("uq_stock_draft_view_id_variant_id")),
    )


def _create_shown() -> None:
    op.create_table(
        "shown_stock",
        _id("seller_id"),
        _id("listing_variant_id"),
        _id("shop_id"),
        _id("variant_id"),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keeps_back", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_from", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=48), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_shown_stock_seller_id")),
        sa.ForeignKeyConstraint(
            ["listing_variant_id"], ["listing_variant.id"], name=op.f("fk_shown_stock_listing_variant_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_shown_stock_shop_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_shown_stock_variant_id")),
        sa.PrimaryKeyConstraint("listing_variant_id", name=op.f("pk_shown_stock")),
    )
    op.create_index("ix_shown_stock_due", "shown_stock", ["state", "due_at"], unique=False)
    op.create_index("ix_shown_stock_variant", "shown_stock", ["variant_id"], unique=False)


def _create_lists() -> None:
    op.create_table(
        "stock_place",
        _id("seller_id"),
        _id("variant_id"),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_stock_place_seller_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_place_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", name=op.f("pk_stock_place")),
    )
    columns = ["seller_id", "units", "title", "variant_id"]
    op.create_index("ix_stock_place_scarce", "stock_place", columns, unique=False)
    op.create_table(
        "stock_tally",
        _id("seller_id"),
        sa.Column("on_sale", sa.Integer(), nullable=False),
        sa.Column("sold_out", sa.Integer(), nullable=False),
        sa.Column("look_due", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_stock_tally_seller_id")),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_stock_tally")),
    )
    op.create_index("ix_stock_tally_look_due", "stock_tally", ["look_due"])
    op.execute(
        "INSERT INTO stock_place (seller_id, variant_id, units, title) "
        "SELECT variant.seller_id, variant.id, min(listing_variant.available), substr(product.title, 1, 120) "
        "FROM variant JOIN product ON product.id = variant.product_id "
        "JOIN listing_variant ON listing_variant.variant_id = variant.id "
        "JOIN listing ON listing.id = listing_variant.listing_id "
        "WHERE listing.state NOT IN ('deleted', 'banned') "
        "GROUP BY variant.seller_id, variant.id, product.title"
    )
    op.execute(
        "INSERT INTO stock_tally (seller_id, on_sale, sold_out) "
        "SELECT seller_id, count(*), sum(CASE WHEN units <= 0 THEN 1 ELSE 0 END) "
        "FROM stock_place GROUP BY seller_id"
    )


def downgrade() -> None:
    for name in (
        "stock_tally",
        "stock_place",
        "shown_stock",
        "stock_draft",
        "stock_movement",
        "stock_balance",
    ):
        op.drop_table(name)
    op.drop_column("variant", "keeping_version")
    op.drop_column("variant", "keeps_back")
    op.drop_column("variant", "alert_at")
    op.drop_column("variant", "stock_policy")
