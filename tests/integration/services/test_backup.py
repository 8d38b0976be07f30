"""Backups: whole or none, opened with the right key only, and back into either database without doing anything twice."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.errors import ConfigurationError
from domain.parcels import ShipStep
from domain.pausing import Pause
from storage.backup import NAME, make_backup, open_backup, prune, superfluous
from storage.copying import sums_of
from storage.database import Connection, Database
from storage.keys import MasterKeys
from storage.lock import InstanceLock
from storage.repositories.audit import verify_all
from storage.repositories.order_alerts import OrderAlerts
from storage.repositories.pauses import Pauses
from storage.restoring import restore
from storage.tables.changes import change
from storage.tables.parcels import packing
from storage.tables.shops import shop
from storage.tables.transit import inbox, outbox
from tests.factories import NOW, order_snapshot
from tests.integration.services.house import House
from tests.integration.services.packing_table import Table
from tests.integration.storage.test_keys import ONE, TWO, text_of

LATER = NOW + timedelta(hours=5)
KEYS = MasterKeys.parse(text_of(k1=ONE))
UNTOUCHED = {"member", "sale_order", "order_line", "secret", "data_key", "listing_variant"}


async def fill(house: House) -> None:
    shop_, _ = await house.stocked()
    await house.services.orders.record(shop_, [order_snapshot(external_id=str(each)) for each in range(3)])
    await house.approved()


@pytest_asyncio.fixture(loop_scope="session")
async def backup(house: House, tmp_path: Path) -> Path:
    """A backup of a shop with orders and an approved change, from either database."""
    await fill(house)
    return (await make_backup(house.database, KEYS, tmp_path / "all.backup", NOW)).file


def target_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'elsewhere' / 'storesync.db'}"


async def test_everything_comes_back_from_either_database(
    house: House, backup: Path, tmp_path: Path, connect: Callable[[str], Database]
) -> None:
    before = await house.database.read(sums_of)
    restored = await restore(target_url(tmp_path), KEYS, backup, LATER)
    after = await connect(target_url(tmp_path)).read(sums_of)
    assert restored.taken_at == NOW
    assert {name: after[name] for name in UNTOUCHED} == {name: before[name] for name in UNTOUCHED}
    assert before["sale_order"].rows == 3
    looks = await connect(target_url(tmp_path)).read(verify_all)
    assert not any(look.wrong for look in looks)


async def test_a_file_comes_back_into_a_server(
    sqlite_house: House, tmp_path: Path, bare_postgres_url: str, connect: Callable[[str], Database]
) -> None:
    await fill(sqlite_house)
    made = await make_backup(sqlite_house.database, KEYS, tmp_path / "all.backup", NOW)
    await restore(bare_postgres_url, KEYS, made.file, LATER)
    before = await sqlite_house.database.read(sums_of)
    after = await connect(bare_postgres_url).read(sums_of)
    assert {name: after[name] for name in UNTOUCHED} == {name: before[name] for name in UNTOUCHED}
    with pytest.raises(ConfigurationError, match="the target"):
        await restore(bare_postgres_url, KEYS, made.file, LATER)


async def test_nothing_that_was_under_way_is_done_again(
    house: House, backup: Path, tmp_path: Path, connect: Callable[[str], Database]
) -> None:
    def states(conn: Connection) -> tuple[set[str], set[str], list[tuple[str, str]], set[object]]:
        waiting = conn.execute(select(outbox.c.kind, outbox.c.state).where(outbox.c.state == "pending")).all()
        return (
            set(conn.scalars(select(change.c.state))),
            set(conn.scalars(select(inbox.c.state))),
            [(str(kind), str(state)) for kind, state in waiting],
            set(conn.scalars(select(shop.c.linked_at))),
        )

    changes, _, waiting, _ = await house.database.read(states)
    assert changes == {"approved"}
    assert waiting
    await restore(target_url(tmp_path), KEYS, backup, LATER)
    changes, came_in, waiting, linked = await connect(target_url(tmp_path)).read(states)
    assert changes == {"unknown"}
    assert not came_in & {"new", "leased"}
    assert waiting == [("restored", "pending")]
    assert linked == {LATER}


async def test_a_message_whose_edit_was_planned_is_edited_again_after_a_restore(
    sqlite_house: House, tmp_path: Path, connect: Callable[[str], Database]
) -> None:
    house, alerts = sqlite_house, sqlite_house.owner.view.id
    await fill(house)
    await house.database.write(lambda conn: _with_planned_edit(conn, house.owner.seller_id, alerts), "t")
    made = await make_backup(house.database, KEYS, tmp_path / "all.backup", NOW)
    await restore(target_url(tmp_path), KEYS, made.file, LATER)
    newest = await connect(target_url(tmp_path)).read(
        lambda conn: OrderAlerts(conn, house.owner.seller_id).newest(alerts)
    )
    assert newest
    assert newest.edit_due_at is None
    assert newest.edited_at == LATER  # or the next edit would be planned for the moment of one that ended


def _with_planned_edit(conn: Connection, seller_id: str, view_id: str) -> None:
    alerts = OrderAlerts(conn, seller_id)
    alerts.plan_edit(alerts.open(view_id, NOW).id, NOW + timedelta(seconds=5))


async def test_a_restored_installation_sends_nothing_until_somebody_resumes(
    house: House, backup: Path, tmp_path: Path, connect: Callable[[str], Database]
) -> None:
    await restore(target_url(tmp_path), KEYS, backup, LATER)
    found = await connect(target_url(tmp_path)).read(lambda conn: Pauses(conn, house.owner.seller_id).find())
    assert found == Pause(LATER, "storesync")
    assert found.is_after_restore


async def test_another_key_a_changed_byte_and_a_cut_are_refused(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    with pytest.raises(ConfigurationError, match="'k1'"):
        open_backup(backup, tmp_path / "1", MasterKeys.parse(text_of(k2=TWO)))
    with pytest.raises(ConfigurationError, match="another key of that name"):
        open_backup(backup, tmp_path / "2", MasterKeys.parse(text_of(k1=TWO)))
    backup.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    with pytest.raises(ConfigurationError, match="does not open"):
        open_backup(backup, tmp_path / "3", KEYS)
    backup.write_bytes(whole[:-20])
    with pytest.raises(ConfigurationError, match="cut off"):
        open_backup(backup, tmp_path / "4", KEYS)
    backup.write_bytes(b"SQLite format 3\0")
    with pytest.raises(ConfigurationError, match="no backup"):
        open_backup(backup, tmp_path / "5", KEYS)


async def test_a_backup_under_an_older_key_opens_while_that_key_is_kept(backup: Path, tmp_path: Path) -> None:
    both = MasterKeys.parse(text_of(k2=TWO, k1=ONE))
    assert open_backup(backup, tmp_path / "again", both).counts["sale_order"] == 3


async def test_restoring_refuses_a_database_in_use_and_one_with_something_in_it(
    backup: Path, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere" / "storesync.db"
    target.parent.mkdir()
    with InstanceLock(target), pytest.raises(ConfigurationError, match="already runs"):
        await restore(target_url(tmp_path), KEYS, backup, LATER)
    await restore(target_url(tmp_path), KEYS, backup, LATER)
    kept = target.stat().st_ino
    with pytest.raises(ConfigurationError, match="not empty"):
        await restore(target_url(tmp_path), KEYS, backup, LATER)
    assert target.stat().st_ino == kept


async def test_a_stale_log_beside_the_place_is_not_played_into_the_restored_file(
    backup: Path, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere" / "storesync.db"
    target.parent.mkdir()
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).write_bytes(b"stale" * 100)
    await restore(target_url(tmp_path), KEYS, backup, LATER)
    assert sorted(each.name for each in target.parent.iterdir()) == ["storesync.db", "storesync.db.lock"]
    with closing(sqlite3.connect(target)) as look:
        assert look.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert target.stat().st_mode & 0o777 == 0o600


async def test_a_backup_is_for_our_eyes_and_holds_nothing_readable(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert b"CREATE TABLE" not in backup.read_bytes()
    assert [each.name for each in backup.parent.iterdir() if each.name.startswith(".storesync")] == []


def test_days_weeks_and_months_keep_their_newest() -> None:
    taken = [datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(hours=12 * each) for each in range(2 * 300)]
    kept = sorted(set(taken) - superfluous(taken), reverse=True)
    newest = taken[-1]
    assert kept[:7] == [newest - timedelta(days=each) for each in range(7)]
    assert len(kept) <= 7 + 4 + 6
    assert {each.strftime("%Y-%m") for each in kept} == {f"2026-{each:02}" for each in range(5, 11)}
    assert superfluous(taken[:1]) == set()


def test_only_our_own_names_are_deleted(tmp_path: Path) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for each in range(60):
        (tmp_path / (start + timedelta(days=each)).strftime(NAME)).touch()
    for name in ("before-the-move.backup", "notes.txt"):
        (tmp_path / name).touch()
    gone = prune(tmp_path)
    assert gone
    assert prune(tmp_path) == []
    assert (tmp_path / "before-the-move.backup").exists()
    assert (tmp_path / "notes.txt").exists()


async def test_parcels_that_were_to_be_arranged_are_looked_at_first(
    sqlite_house: House, tmp_path: Path, connect: Callable[[str], Database]
) -> None:
    house = sqlite_house
    table = await Table.lay(house)
    await table.place(2)
    batch_id = await table.take(house.owner)
    await table.arrange()
    await table.choose(house.owner, batch_id)
    assert (await house.services.pausing.look(house.owner)).parcels == 2
    made = await make_backup(house.database, KEYS, tmp_path / "all.backup", NOW)
    await restore(target_url(tmp_path), KEYS, made.file, LATER)
    query = select(packing.c.step, packing.c.due_at)
    found = await connect(target_url(tmp_path)).read(lambda conn: conn.execute(query).all())
    assert [tuple(row) for row in found] == [(ShipStep.UNKNOWN, LATER)] * 2
