"""One variant for what several shops sell under one SKU: what went into what, and what was said to be apart."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("variant", sa.Column("joined_to", sa.String(length=32)))
    op.add_column("sync_mark", sa.Column("matched_at", sa.DateTime(timezone=True)))
    op.create_table(
        "variant_apart",
        sa.Column("one_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["variant.id"], name=op.f("fk_variant_apart_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["variant.id"], name=op.f("fk_variant_apart_other_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_variant_apart_seller_id")),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_variant_apart")),
    )


def downgrade() -> None:
    op.drop_table("variant_apart")
    op.drop_column("sync_mark", "matched_at")
    op.drop_column("variant", "joined_to")
