"""host."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_tally",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("meter", sa.String(length=24), nullable=False),
        sa.Column("labels", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "meter", "labels", name=op.f("pk_host_tally")),
    )
    op.create_table(
        "active_day",
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_active_day_seller_id")),
        sa.PrimaryKeyConstraint("seller_id", "day", name=op.f("pk_active_day")),
    )
    op.create_index("ix_active_day_day", "active_day", ["day"])
    op.create_table(
        "breakage",
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_breakage_seller_id")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_breakage")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=8), server_default="", nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_feedback_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_at", "feedback", ["at"])
    op.create_table(
        "host_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_note")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_host_note_dedupe_key")),
    )
    op.create_index("ix_host_note_due", "host_note", ["told_at", "not_before"])
    op.create_table(
        "audit_cut",
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_audit_cut_seller_id")),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_audit_cut")),
    )
    with op.batch_alter_table("seller") as batch:
        batch.add_column(sa.Column("shop_limit", sa.Integer(), server_default="20", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("seller") as batch:
        batch.drop_column("shop_limit")
    for name in ("audit_cut", "host_note", "feedback", "breakage", "active_day", "host_tally"):
        op.drop_table(name)
