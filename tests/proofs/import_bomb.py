"""P27, `import-bomb`: no file that is sent in costs more than it may, or draws up a price that it does not plainly say."""

import asyncio
import contextlib
import re
import resource
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from domain.errors import InputError
from domain.imports import FileLimits
from services import imports
from services.imports import READ_AT_MOST
from services.table_reading import read_table
from tests.integration.services.bulking import BEFORE, Rack
from tests.integration.services.house import House
from tests.proofs.bombs import KINDS, MB, Bomb
from tests.proofs.houses import open_houses
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

SIZES = (MB, 48 * MB, 4 * MB, 12 * MB)
"""How large the parts of a file are once they are unpacked, from round to round."""
CPU_S, MEMORY_KB, LAG_S = 10, 256 * 1024, 0.1
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
NAMES = ("prices.xlsx", "../../etc/passwd", "C:\\prices.csv", "", "a" * 300, "\u202ecsv.exe")


async def import_bomb(trial: Trial) -> Verdict:
    """P27: every kind of file at CI size, 500 of them before a release; the price list of 12 shirts stays as it is."""
    verdict = trial.verdict()
    rounds = trial.size(1, -(-500 // len(KINDS)))
    async with open_houses("sqlite") as (house, _):
        with _sabotage(trial):
            await _Range(trial, verdict, house, await Rack.filled(house)).fire(rounds)
    return verdict


@dataclass(slots=True)
class _Range:
    trial: Trial
    verdict: Verdict
    house: House
    rack: Rack
    most_cpu_s: float = 0.0
    most_lag_s: float = 0.0
    most_kb: int = 0

    async def fire(self, rounds: int) -> None:
        random, sizes = self.trial.random, SIZES if self.trial.is_release else SIZES[:1]
        for at, kind in enumerate(KINDS * rounds):
            bomb = await asyncio.to_thread(kind, random, sizes[at // len(KINDS) % len(sizes)])
            if self.verdict.trials % READ_AT_MOST == 0:
                self.house.clock.advance(timedelta(days=1))
            await self._send(kind.__name__, bomb, NAMES[self.verdict.trials % len(NAMES)])
            self.verdict.trials += 1
        self.verdict.check(self.rack.prices() == [self.rack.prices()[0]] * 12, "a price was sent")
        self.verdict.numbers["most_cpu_s"] = round(self.most_cpu_s, 2)
        self.verdict.numbers["most_lag_s"] = round(self.most_lag_s, 3)
        self.verdict.numbers["most_memory_mb"] = self.most_kb // 1024

    async def _send(self, kind: str, bomb: Bomb, name: str) -> None:
        before = _cpu_s()
        with TemporaryDirectory(prefix="storesync-proof-") as folder:
            async with self._watched(kind):
                drawn = await self._drawn_up(kind, bomb, name, Path(folder))
        spent = _cpu_s() - before
        self.most_cpu_s = max(self.most_cpu_s, spent)
        self.verdict.check(spent < CPU_S, f"{kind}: {spent:.1f} s of processor time")
        may = {sku: price for sku, price in bomb.says.items() if price != BEFORE}
        self.verdict.check(drawn is None or drawn.items() <= may.items(), f"{kind}: {drawn} drawn up")
        self.verdict.check(drawn is None or not bomb.is_refused, f"{kind}: not refused")

    async def _drawn_up(self, kind: str, bomb: Bomb, name: str, folder: Path) -> dict[str, int] | None:
        """Send a file; return the prices that are drawn up of it, nothing when it is refused."""
        try:
            intake = await self.house.services.imports.take(self.house.owner, name, bomb.content, folder)
        except InputError:
            return None
        except Exception as error:  # noqa: BLE001 - whatever else is raised is what must not be
            self.verdict.check(False, f"{kind}: {error!r}")
            return None
        if intake.bad:
            await self.house.services.imports.answer(intake, {}, folder)
        return {each.shown.sku: int(each.after.amount) for each in intake.card.lines} if intake.card else {}

    @contextlib.asynccontextmanager
    async def _watched(self, kind: str) -> AsyncIterator[None]:
        """Note what a child takes and how late the loop is; how fast a machine is counts before a release only."""
        late, kb = 0.0, 0

        async def tick() -> None:
            nonlocal late, kb
            loop = asyncio.get_running_loop()
            while True:
                due = loop.time() + 0.01
                await asyncio.sleep(0.01)
                late = max(late, loop.time() - due)
                kb = max(kb, _children_kb())

        ticking = asyncio.ensure_future(tick())
        try:
            yield
        finally:
            ticking.cancel()
        self.most_lag_s, self.most_kb = max(self.most_lag_s, late), max(self.most_kb, kb)
        self.verdict.check(kb < MEMORY_KB, f"{kind}: {kb} kB of memory")
        self.verdict.check(
            not self.trial.is_release or late < LAG_S, f"{kind}: the loop was {late:.2f} s late"
        )


def _cpu_s() -> float:
    """Return what the processes that ended have spent."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _children_kb() -> int:
    """Return the most that a process begun here has had in memory so far."""
    most = 0
    for pid in Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text("ascii").split():
        with contextlib.suppress(OSError):  # it has just ended
            found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("ascii"))
            most = max(most, int(found[1]) if found else 0)
    return most


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Read files of any length."""
    endless = FileLimits(rows=10**9, columns=10**9, cell=10**9, characters=10**9)
    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(imports, "read_table", lambda content, folder: read_table(content, folder, endless))
        yield
