"""The databases of tests/databases.py, for every test that fits the parts together."""

import pytest

from tests.databases import (
    bare_postgres_url,
    connect,
    database,
    database_url,
    postgres_server,
    postgres_tables,
    postgres_url,
    sqlite_database,
    sqlite_template,
    sqlite_url,
)

__all__ = [
    "bare_postgres_url",
    "connect",
    "database",
    "database_url",
    "postgres_server",
    "postgres_tables",
    "postgres_url",
    "sqlite_database",
    "sqlite_template",
    "sqlite_url",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count lines on SQLite only: on PostgreSQL the same ones are passed, and counting takes as long as passing."""
    for item in items:
        if "postgresql" in item.name and "/integration/services/" in item.path.as_posix():
            item.add_marker(pytest.mark.no_cover)
