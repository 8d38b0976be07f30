"""The databases of tests/databases.py, for every test that fits the parts together."""

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
