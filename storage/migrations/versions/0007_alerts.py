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


def downgrade() -> None:
    op.drop_table("schedule")
    op.drop_table("quiet_hours")
    op.drop_table("alert_choice")
