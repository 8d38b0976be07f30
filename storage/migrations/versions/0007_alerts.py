"""alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_choice",
        sa.Column("view_id", sa.String(length=32), nullable=False),
        sa.Column("alert", sa.String(length=24), nullable=False),
        sa.Column("loudness", sa.String(length=8), nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_alert_choice_view_id")),
        sa.PrimaryKeyConstraint("view_id", "alert", name=op.f("pk_alert_choice")),
    )
    op.create_table(
        "quiet_hours",
        sa.Column("view_id", sa.String(length=32), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("end", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_quiet_hours_view_id")),
        sa.PrimaryKeyConstraint("view_id", name=op.f("pk_quiet_hours")),
    )
    op.create_table(
        "schedule",
        sa.Column("view_id", sa.String(length=32), nullable=False),
        sa.Column("report", sa.String(length=24), nullable=False),
        sa.Column("local_time", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_schedule_view_id")),
        sa.PrimaryKeyConstraint("view_id", "report", name=op.f("pk_schedule")),
    )
    op.create_index("ix_schedule_next_due", "schedule", ["next_due"])
    _create_episodes()
    _create_low_alerts()


def _create_episodes() -> None:
    op.create_table(
        "stock_episode",
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("variant_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("now", sa.Integer(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("cover_h", sa.Integer(), nullable=False),
        sa.Column("level_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("above_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_stock_episode_seller_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_episode_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", name=op.f("pk_stock_episode")),
    )
    op.create_index(
        "ix_stock_episode_open",
        "stock_episode",
        ["seller_id", "cover_h", "units", "variant_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _create_low_alerts() -> None:
    op.create_table(
        "low_alert",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("view_id", sa.String(length=32), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edit_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_low_alert_seller_id")),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_low_alert_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_low_alert")),
        sa.UniqueConstraint("view_id", "outbox_id", name=op.f("uq_low_alert_view_id_outbox_id")),
    )
    op.create_index("ix_low_alert_view", "low_alert", ["view_id", "opened_at"])
    op.create_table(
        "low_alert_line",
        sa.Column("alert_id", sa.String(length=32), nullable=False),
        sa.Column("variant_id", sa.String(length=32), nullable=False),
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["low_alert.id"], name=op.f("fk_low_alert_line_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_low_alert_line_variant_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_low_alert_line_seller_id")),
        sa.PrimaryKeyConstraint("alert_id", "variant_id", name=op.f("pk_low_alert_line")),
    )
    op.create_index("ix_low_alert_line_variant", "low_alert_line", ["variant_id", "number"])


def downgrade() -> None:
    op.drop_table("low_alert_line")
    op.drop_table("low_alert")
    op.drop_table("stock_episode")
    op.drop_table("schedule")
    op.drop_table("quiet_hours")
    op.drop_table("alert_choice")
