"""What several processes on one PostgreSQL need: news of what must be said, and shops that are due at a glance."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RING = """
CREATE FUNCTION storesync_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('storesync_' || TG_TABLE_NAME, '');
    RETURN NULL;
END $$
"""
BELL = """
CREATE TRIGGER storesync_outbox_bell AFTER INSERT ON outbox
FOR EACH STATEMENT EXECUTE FUNCTION storesync_ring()
"""


def upgrade() -> None:
    op.create_index("ix_sync_mark_due", "sync_mark", ["next_due"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(RING)
        op.execute(BELL)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER storesync_outbox_bell ON outbox")
        op.execute("DROP FUNCTION storesync_ring()")
    op.drop_index("ix_sync_mark_due", "sync_mark")
