"""What Alembic runs: migrations on the connection, and in the transaction, that storage/migrate.py gives it."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from storage.migrate import default_differs
from storage.tables import metadata


def plain(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a migration must not change with them."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=context.script.get_current_head() is not None,
    render_item=plain,
    compare_server_default=default_differs,
)
context.run_migrations()
