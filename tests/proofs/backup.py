"""P10, `backup`: a backup under load is a moment of the database, opens with its key only, and repeats nothing."""

import asyncio
import base64
import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

import storage.backup
from domain.clock import utc_now
from domain.errors import ConfigurationError
from storage.backup import count_rows, make_backup
from storage.database import Connection, Database
from storage.keys import MasterKeys
from storage.migrate import migrate
from storage.restoring import restore
from storage.tables.transit import inbox, outbox
from tests.integration.services.house import House
from tests.proofs import children
from tests.proofs.houses import KINDS, open_address
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict
from tests.stage import until

WARM_UP = 50
LEAST_MEANWHILE = 3


async def backup(trial: Trial) -> Verdict:
    """P10: backed up under a stream of writes and restored elsewhere: a prefix of what was committed."""
    verdict = trial.verdict()
    with _sabotage(trial):
        for kind in KINDS:
            async with open_address(kind) as url:
                with tempfile.TemporaryDirectory(prefix="storesync-proof-") as folder:
                    await _play(trial, url, Path(folder), verdict)
    return verdict


async def _play(trial: Trial, url: str, folder: Path, verdict: Verdict) -> None:
    await migrate(url)
    database = Database(url)
    house = await House(database).open()
    child = await children.start("write", url, house.owner.view.id)
    acknowledged = [0]
    reading = asyncio.create_task(_note(child, acknowledged))
    try:
        began = time.perf_counter()
        await _more_than(acknowledged, WARM_UP)
        for number in range(trial.size(2, 20)):
            verdict.trials += 1
            await _one(database, folder / str(number), acknowledged, verdict)
        seconds = time.perf_counter() - began
        verdict.numbers[f"writes_per_s_{'file' if database.file else 'server'}"] = round(
            acknowledged[0] / seconds
        )
    finally:
        child.send_signal(signal.SIGKILL)
        await child.wait()
        await reading
        await database.close()


async def _note(child: asyncio.subprocess.Process, acknowledged: list[int]) -> None:
    assert child.stdout is not None
    async for line in child.stdout:
        acknowledged[0] = int(line)


async def _more_than(acknowledged: list[int], number: int) -> None:
    async def is_more() -> bool:
        return acknowledged[0] > number

    await until(is_more, f"{number} writes", within_s=60)


async def _one(database: Database, folder: Path, acknowledged: list[int], verdict: Verdict) -> None:
    folder.mkdir()
    keys = MasterKeys.parse(f"k1:{base64.b64encode(os.urandom(32)).decode()}")
    other = MasterKeys.parse(f"k1:{base64.b64encode(os.urandom(32)).decode()}")
    before, now = acknowledged[0], utc_now()
    try:
        made = await make_backup(database, keys, folder / "all.backup", now)
    except ConfigurationError:
        verdict.check(holds=False, otherwise="a backup of a sound database failed")
        return
    await _more_than(
        acknowledged, before + LEAST_MEANWHILE
    )  # what is written meanwhile is what makes it hard
    target = folder / "elsewhere.db"
    with contextlib.suppress(ConfigurationError):
        await restore(f"sqlite:///{target}", other, made.file, now)
        verdict.check(holds=False, otherwise="another key opened the backup")
    began = time.perf_counter()
    await restore(f"sqlite:///{target}", keys, made.file, now + timedelta(hours=1))
    verdict.numbers["restored_in_s"] = round(time.perf_counter() - began, 2)
    await _judge(target, before, acknowledged, verdict)


async def _judge(target: Path, before: int, acknowledged: list[int], verdict: Verdict) -> None:
    try:
        count_rows(target)
    except ConfigurationError as wrong:
        verdict.check(holds=False, otherwise=f"what was restored is not whole: {wrong}")
        return
    restored = Database(f"sqlite:///{target}")
    try:
        came_in, told, waiting = await restored.read(_numbers)
    finally:
        await restored.close()
    last = len(came_in)
    verdict.check(came_in == list(range(1, last + 1)), "what came in is no prefix of what was committed")
    verdict.check(told == came_in, "of one transaction, one row is there and the other is not")
    verdict.check(last >= before, f"{before} writes were acknowledged before, {last} are there")
    verdict.check(last <= acknowledged[0] + 1, f"{last} writes are there, {acknowledged[0]} were made")
    verdict.check(waiting == 0, f"{waiting} messages of before wait to be sent again")


def _numbers(conn: Connection) -> tuple[list[int], list[int], int]:
    def numbered(rows: Iterable[str]) -> list[int]:
        return sorted(int(key.partition(":")[2]) for key in rows)

    ours = outbox.c.dedupe_key.startswith(f"{children.SOURCE}:")
    came_in = conn.scalars(select(inbox.c.dedupe_key).where(inbox.c.source == children.SOURCE))
    told = conn.scalars(select(outbox.c.dedupe_key).where(ours))
    query = select(func.count()).select_from(outbox).where(ours, outbox.c.state != "merged")
    return numbered(came_in), numbered(told), conn.scalar(query) or 0


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Copy the file alone, as one does who does not know of its log."""

    def plain(source: Path, copy: Path) -> dict[str, int]:
        shutil.copyfile(source, copy)
        return count_rows(copy)

    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(storage.backup, "_copy_file", plain)
        yield
