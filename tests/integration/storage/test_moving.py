"""From SQLite to PostgreSQL: every row arrives as it was, or none does."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text, update

import storage.moving
from domain.errors import ConfigurationError
from storage import inbox
from storage.copying import is_empty, sums_of, tables
from storage.database import Connection, Database
from storage.lock import InstanceLock
from storage.moving import move_database
from storage.tables.people import seller
from storage.tables.shops import data_key, secret
from storage.tables.transit import inbox as inbox_table
from tests.factories import order_snapshot
from tests.integration.services.house import House
from tests.integration.storage.rows import NOON


@pytest.fixture
async def source_url(sqlite_url: str, connect: Callable[[str], Database]) -> str:
    """A shop with its orders, listings and secrets, an approved change, and odd text."""
    database = connect(sqlite_url)
    house = await House(database).open()
    shop, _ = await house.stocked()
    await house.services.orders.record(shop, [order_snapshot(external_id=str(each)) for each in range(3)])
    await house.approved()

    def more(conn: Connection) -> None:
        odd = "ครีม 'กันแดด' \\ 🛍 \x1f"
        conn.execute(insert(seller).values(id="odd", name=odd, created_at=NOON))
        for number in range(1100):
            inbox.add(conn, source="telegram", dedupe_key=str(number), lane="c", body=odd, now=NOON)

    await database.write(more, "t")
    await database.close()
    return sqlite_url


async def test_every_row_arrives_as_it_was(
    source_url: str, bare_postgres_url: str, connect: Callable[[str], Database]
) -> None:
    before = await connect(source_url).read(sums_of)
    moved = await move_database(source_url, bare_postgres_url)
    target = connect(bare_postgres_url)
    assert moved == before == await target.read(sums_of) == await connect(source_url).read(sums_of)
    assert moved["inbox"].rows >= 1100
    filled = {name for name, each in moved.items() if each.rows}
    assert {"seller", "shop", "sale_order", "secret", "change", "audit", "listing_variant"} <= filled


async def test_secrets_open_and_new_rows_get_new_numbers(
    source_url: str, bare_postgres_url: str, connect: Callable[[str], Database]
) -> None:
    await move_database(source_url, bare_postgres_url)
    source, target = connect(source_url), connect(bare_postgres_url)
    raw = (
        select(secret.c.ciphertext, data_key.c.wrapped)
        .join(data_key)
        .order_by(secret.c.owner, secret.c.field)
    )
    there = await source.read(lambda conn: {(bytes(a), bytes(b)) for a, b in conn.execute(raw)})
    assert there == await target.read(lambda conn: {(bytes(a), bytes(b)) for a, b in conn.execute(raw)})
    newest = await target.read(lambda conn: conn.scalar(select(func.max(inbox_table.c.id))))
    assert newest is not None

    def one_more(conn: Connection) -> int:
        inbox.add(conn, source="telegram", dedupe_key="new", lane="c", body="", now=NOON)
        found = conn.scalar(select(inbox_table.c.id).where(inbox_table.c.dedupe_key == "new"))
        return int(found or 0)

    assert await target.write(one_more, "t") == newest + 1


async def test_a_target_with_something_in_it_is_refused(
    source_url: str, postgres_url: str, connect: Callable[[str], Database]
) -> None:
    target = connect(postgres_url)
    await target.write(
        lambda conn: conn.execute(insert(seller).values(id="s", name="Other", created_at=NOON)), "t"
    )
    before = await target.read(sums_of)
    await target.close()
    with pytest.raises(ConfigurationError, match="not empty"):
        await move_database(source_url, postgres_url)
    assert await connect(postgres_url).read(sums_of) == before


async def test_a_file_in_use_is_refused(source_url: str, bare_postgres_url: str, tmp_path: Path) -> None:
    with (
        InstanceLock(Path(source_url.removeprefix("sqlite:///"))),
        pytest.raises(ConfigurationError, match="already runs"),
    ):
        await move_database(source_url, bare_postgres_url)


async def test_a_target_in_use_is_refused(
    source_url: str, postgres_url: str, connect: Callable[[str], Database]
) -> None:
    running = connect(postgres_url)
    await running.read(lambda conn: conn.execute(text("SELECT 1")).scalar())
    with pytest.raises(ConfigurationError, match="StoreSync runs on the target"):
        await move_database(source_url, postgres_url)


async def test_a_copy_that_differs_is_taken_back(
    source_url: str,
    bare_postgres_url: str,
    connect: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spoil(conn: Connection) -> None:
        conn.execute(update(seller).values(name="spoilt"))

    monkeypatch.setattr(storage.moving, "go_on_counting", spoil)
    with pytest.raises(ConfigurationError, match="differs from the file in seller"):
        await move_database(source_url, bare_postgres_url)
    assert await connect(bare_postgres_url).read(is_empty)


async def test_the_wrong_way_round_and_a_missing_file_are_refused(
    source_url: str, bare_postgres_url: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="in this order"):
        await move_database(bare_postgres_url, source_url)
    with pytest.raises(ConfigurationError, match="there is no"):
        await move_database(f"sqlite:///{tmp_path / 'none.db'}", bare_postgres_url)
    assert not (tmp_path / "none.db").exists()


async def test_sums_notice_any_change(
    source_url: str, tmp_path: Path, connect: Callable[[str], Database]
) -> None:
    first = await connect(source_url).read(sums_of)
    for number, change in enumerate(
        (
            "UPDATE seller SET name = name || ' '",
            "UPDATE secret SET version = version + 1",
            "DELETE FROM audit",
        )
    ):
        copy = tmp_path / f"{number}.db"
        await asyncio.to_thread(shutil.copyfile, source_url.removeprefix("sqlite:///"), copy)
        changed = connect(f"sqlite:///{copy}")
        await changed.write(lambda conn, change=change: conn.execute(text(change)), "t")  # type: ignore[misc]
        second = await changed.read(sums_of)
        assert {name for name in first if first[name] != second[name]} == {
            change.split()[1 if change[0] == "U" else 2]
        }


async def test_tables_come_after_those_they_refer_to() -> None:
    seen: set[str] = set()
    for table in tables():
        assert {key.column.table.name for key in table.foreign_keys} - {table.name} <= seen
        seen.add(table.name)
