"""Money and time come back from both databases exactly as they were given."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, select, text
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.types import Amount, UtcTime

SAMPLE = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("amount", Amount),
    Column("at", UtcTime),
    prefixes=["TEMPORARY"],
)


async def round_trip(database: Database, column: str, value: Any) -> tuple[Any, Any]:
    """Return the value read back, and what the column holds by itself."""

    def work(conn: Connection) -> tuple[Any, Any]:
        SAMPLE.drop(conn, checkfirst=True)
        SAMPLE.create(conn)
        conn.execute(SAMPLE.insert().values(id=1, **{column: value}))
        back = conn.execute(select(SAMPLE.c[column])).scalar_one()
        return back, getattr(conn.execute(text("SELECT amount, at FROM sample")).one(), column)

    return await database.write(work, "t")


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("0", 0),
        ("129000", 1_290_000_000),
        ("0.1", 1_000),
        ("-0.0001", -1),
        ("19.9900", 199_900),
        ("90071992547409.9301", 900_719_925_474_099_301),
    ],
)
async def test_an_amount_is_exact(database: Database, amount: str, kept: int) -> None:
    back, raw = await round_trip(database, "amount", Decimal(amount))
    assert (back, raw) == (Decimal(amount), kept)
    assert "E" not in str(back), "1.29E+5 is no way to show a price"


async def test_nothing_stays_nothing(database: Database) -> None:
    assert await round_trip(database, "amount", None) == (None, None)
    assert await round_trip(database, "at", None) == (None, None)


@pytest.mark.parametrize("amount", ["0.00001", "1.23456"])
async def test_an_amount_finer_than_we_keep_is_refused(database: Database, amount: str) -> None:
    with pytest.raises(StatementError, match="more than four digits"):
        await round_trip(database, "amount", Decimal(amount))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=7))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
    ids=str,
)
async def test_a_moment_stays_the_same_moment_and_is_told_in_utc(
    database: Database, moment: datetime
) -> None:
    back, _ = await round_trip(database, "at", moment)
    assert back == moment
    assert back.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        await round_trip(database, "at", datetime(2026, 3, 1))  # noqa: DTZ001 - the mistake under test


async def test_moments_given_in_different_zones_are_in_order(database: Database) -> None:
    earlier = datetime(2026, 3, 1, 23, 0, tzinfo=timezone(timedelta(hours=7)))
    later = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)

    def work(conn: Connection) -> list[int]:
        SAMPLE.drop(conn, checkfirst=True)
        SAMPLE.create(conn)
        conn.execute(SAMPLE.insert(), [{"id": 1, "at": later}, {"id": 2, "at": earlier}])
        return list(conn.scalars(select(SAMPLE.c.id).where(SAMPLE.c.at <= later).order_by(SAMPLE.c.at)))

    assert await database.write(work, "t") == [2, 1]
