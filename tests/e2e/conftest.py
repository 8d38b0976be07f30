"""PostgreSQL for whole processes."""

from tests.databases import bare_postgres_url, postgres_server

__all__ = ["bare_postgres_url", "postgres_server"]
