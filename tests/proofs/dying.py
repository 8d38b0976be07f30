"""Dying at a failpoint: what the code around it held in memory is lost, what was committed stays."""

import contextlib
from collections.abc import AsyncIterator, Iterator

from domain.failpoint import arm
from services import Services
from storage.leases import release_all
from tests.integration.services.house import House
from tests.proofs.houses import open_houses

SWEPT = ("sync.claim_due", "outbox.claim", "hints.claim")


class Died(BaseException):
    """No code under test catches this, as none outlives a kill."""


@contextlib.contextmanager
def noting() -> Iterator[list[str]]:
    """Yield a list that fills with the failpoints passed, each once."""
    seen: dict[str, None] = {}
    points: list[str] = []

    def note(name: str) -> None:
        if name not in seen:
            seen[name] = None
            points.append(name)

    arm(note)
    try:
        yield points
    finally:
        arm(None)


@contextlib.contextmanager
def dying_at(point: str) -> Iterator[None]:
    """Die at the first pass of this point."""

    def die(name: str) -> None:
        if name == point:
            arm(None)
            raise Died(point)

    arm(die)
    try:
        with contextlib.suppress(Died):
            yield
    finally:
        arm(None)


class Mortal:
    """A house of two processes over the same data: when one has died the other comes up."""

    def __init__(self, house: House, processes: list[Services]) -> None:
        self.house = house
        self._processes = processes

    async def restart(self) -> None:
        self._processes.reverse()
        self.house.services = self._processes[0]
        await self.house.database.write(lambda conn: release_all(conn, self.house.clock()), "restart")


@contextlib.asynccontextmanager
async def open_mortal(kind: str) -> AsyncIterator[Mortal]:
    async with open_houses(kind, 2) as (house, processes):
        yield Mortal(house, list(processes))
