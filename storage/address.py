"""DATABASE_URL, read once: which database it is, and the driver that speaks to it."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import ConfigurationError

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def read_address(text: str) -> URL:
    """Return the address with our driver in it; the errors never repeat it, as it may hold a password."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigurationError("DATABASE_URL is not an address of a database") from None
    driver = DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise ConfigurationError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    if driver == DRIVERS["sqlite"] and url.database in {None, "", ":memory:"}:
        raise ConfigurationError(
            "DATABASE_URL must name a file: a database in memory is lost at the first crash"
        )
    return url.set(drivername=driver)


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite address, nothing for a server."""
    return Path(url.database or "").absolute() if url.drivername == DRIVERS["sqlite"] else None
