"""Putting a backup in the place of an empty database, and taking the edge off what it remembers (R20).

What was under way when the backup was made may have happened since. So nothing that waited to be said
is said, nothing that came in is done again, nothing that was to be sent to a shop is sent: prices are
read back, stock waits for a person's word, and all writes are paused until somebody resumes.
"""

import asyncio
import os
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, select, update

from domain.changes import ChangeState
from domain.errors import ConfigurationError
from domain.events import EventKind
from domain.failpoint import failpoint
from domain.parcels import ShipStep
from domain.pausing import STORESYNC
from domain.shops import ShopState
from domain.stock import ShownState
from storage import outbox as outbox_rows
from storage.address import file_of, read_address
from storage.backup import Backup, open_backup, sync_folder
from storage.copying import is_empty
from storage.database import Database
from storage.keys import MasterKeys
from storage.lock import InstanceLock
from storage.migrate import head, migrate, version_of
from storage.moving import fill
from storage.repositories.audit import Audit
from storage.repositories.cards import Cards
from storage.repositories.order_actions import OrderActions
from storage.repositories.return_actions import ReturnActions
from storage.repositories.review_answers import ReviewAnswers
from storage.tables.changes import change, listing_change
from storage.tables.order_alerts import order_alert
from storage.tables.parcels import packing
from storage.tables.people import seller
from storage.tables.shops import shop
from storage.tables.stock import shown_stock
from storage.tables.transit import inbox, outbox

REASON = "restored"
NEVER_AGAIN = 99
"""As many attempts as let a change be read back and not sent."""


async def restore(url: str, keys: MasterKeys, backup: Path, now: datetime) -> Backup:
    """Bring a backup into the empty database at `url`.

    Raises ConfigurationError when StoreSync runs there, when anything is in it, and when the backup does
    not open with these keys; the database is then as it was.
    """
    target = file_of(read_address(url))
    with ExitStack() as held:
        if target:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            held.enter_context(InstanceLock(target))
            await _assert_empty(url, target)
        home = target.parent if target else None
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix=".storesync-", dir=home)))
        copy = folder / "copy.db"
        opened = await asyncio.to_thread(open_backup, backup, copy, keys)
        await migrate(f"sqlite:///{copy}")
        await asyncio.to_thread(_soften, copy, opened.taken_at, now)
        if target:
            await asyncio.to_thread(_put_in_place, copy, target)
        else:
            await _fill_server(url, copy)
    return opened


async def _assert_empty(url: str, target: Path) -> None:
    if not await asyncio.to_thread(_has_bytes, target):
        return
    database = Database(url)
    try:
        is_free = await database.read(lambda conn: version_of(conn) == head() and is_empty(conn))
    finally:
        await database.close()
    if not is_free:
        raise ConfigurationError(f"{target} is not empty: move it and its -wal away first")


def _has_bytes(target: Path) -> bool:
    return target.exists() and target.stat().st_size > 0


def _put_in_place(copy: Path, target: Path) -> None:
    for suffix in ("-wal", "-shm"):  # a stale log beside the restored file would be played into it
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    failpoint("restore.in_place:before")
    with copy.open("rb") as content:
        os.fsync(content.fileno())
    copy.replace(target)
    sync_folder(target.parent)
    failpoint("restore.in_place:after")


async def _fill_server(url: str, copy: Path) -> None:
    await migrate(url)
    database = Database(url)
    try:
        await database.write(lambda conn: fill(conn, copy), "restore.fill")
    finally:
        await database.close()


def _soften(copy: Path, taken_at: datetime, now: datetime) -> None:
    engine = create_engine(f"sqlite:///{copy}", hide_parameters=True)
    try:
        with engine.begin() as conn:
            _end_what_was_under_way(conn, now)
            for seller_id in conn.scalars(select(seller.c.id)).all():
                _tell(conn, seller_id, taken_at, now)
        failpoint("restore.softened")
    finally:
        engine.dispose()
    with closing(sqlite3.connect(copy, isolation_level=None)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.execute("PRAGMA journal_mode=delete")


def _end_what_was_under_way(conn: Connection, now: datetime) -> None:
    waiting = outbox.c.state.in_(["pending", "sending"])
    conn.execute(update(outbox).where(waiting).values(state="merged", reason=REASON, lease_until=None))
    # Edits that were planned went with them: left as planned, their messages would never be edited again.
    # One planned anew for the same moment would pass for one that was there: edits are counted from now.
    conn.execute(update(order_alert).values(edit_due_at=None, edited_at=now))
    came_in = inbox.c.state.in_(["new", "leased"])
    conn.execute(update(inbox).where(came_in).values(state="done", reason=REASON, lease_until=None))
    for table in (change, listing_change):
        going_out = table.c.state.in_([ChangeState.APPROVED, ChangeState.APPLYING, ChangeState.UNKNOWN])
        conn.execute(
            update(table)
            .where(going_out)
            .values(state=ChangeState.UNKNOWN, attempts=NEVER_AGAIN, lease_until=now, reason=REASON)
        )
    OrderActions.only_look(conn, now)
    ReturnActions.only_look(conn, now)
    ReviewAnswers.only_look(conn, now)
    # What was to be arranged may be on its way by now: the order is read first.
    asked = packing.c.step.in_([ShipStep.ASKED, ShipStep.SENDING]) & packing.c.due_at.is_not(None)
    conn.execute(update(packing).where(asked).values(step=ShipStep.UNKNOWN, due_at=now))
    seen = func.coalesce(shown_stock.c.seen, shown_stock.c.units)
    conn.execute(update(shown_stock).values(state=ShownState.HELD, reason=REASON, seen=seen))
    # What was changed after the backup is not known here: somebody must look before anything is sent.
    paused = {"writes_paused_at": now, "writes_paused_by": STORESYNC, "version": seller.c.version + 1}
    conn.execute(update(seller).values(paused))
    # As if linked anew: orders of the time in between are taken in silently, as they may have been told.
    linked = shop.c.state == ShopState.LINKED
    conn.execute(update(shop).where(linked).values(linked_at=now, lease_until=None))


def _tell(conn: Connection, seller_id: str, taken_at: datetime, now: datetime) -> None:
    moment = taken_at.isoformat()
    for view_id in Cards(conn, seller_id).views():
        outbox_rows.add(
            conn,
            view_id=view_id,
            dedupe_key=f"restored:{now.isoformat()}",
            kind=EventKind.RESTORED,
            payload={"taken_at": moment},
            now=now,
        )
    Audit(conn, seller_id).add(
        actor="storesync", action="restored", subject="installation", facts={"taken_at": moment}, now=now
    )
