"""approvals."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LIMITS = {"percent_per_day": "50", "items_per_proposal": "200"}


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("seller_id", sa.String(length=32), nullable=False),
        sa.Column("change_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_typed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_approval_seller_id")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_approval_change_id")),
        sa.PrimaryKeyConstraint("change_id", "user_id", name=op.f("pk_approval")),
    )
    # What was approved before is not asked for again: one's own word beyond the limit was always typed.
    op.execute(
        "INSERT INTO approval (seller_id, change_id, user_id, at, is_typed) "
        "SELECT seller_id, id, approved_by, decided_at, approved_by = requested_by FROM change "
        "WHERE state IN ('approved', 'applying', 'unknown') AND decided_at IS NOT NULL"
    )
    for name, allowed in LIMITS.items():
        op.add_column("seller", sa.Column(name, sa.Integer(), server_default=allowed, nullable=False))


def downgrade() -> None:
    for name in reversed(LIMITS):
        op.drop_column("seller", name)
    op.drop_table("approval")
