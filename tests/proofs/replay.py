"""P4, `replay`: pushes that come several times, in any order and up to two days late end where each one once does."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

import services.orders
from domain.orders import OrderSnapshot, OrderStatus
from domain.shops import Shop
from storage.database import Connection, Database
from storage.migrate import migrate
from storage.tables.orders import order_line, parcel, parcel_line, sale_order
from tests import factories
from tests.integration.services.house import House
from tests.proofs.saboteurs import SABOTEURS
from tests.proofs.servers import open_server
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

PATHS = (
    "UNPAID TO_SHIP ARRANGED SHIPPED COMPLETED",
    "UNPAID TO_SHIP CANCEL_ASKED CANCELLED",
    "PENDING TO_SHIP TO_SHIP SHIPPED RETURNING",
    "UNPAID CANCELLED",
)
ORDERS, COPIES, LATEST = 3, 5, timedelta(hours=48)
TOGETHER = 12
"""How many pushes come in before what came is worked off."""
OURS = {"id", "shop_id", "order_id", "parcel_id", "recorded_at", "told_at"}
"""Columns that are ours to choose; the rest is what the platform said."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an order at the platform."""

    at: datetime
    seen: OrderSnapshot


async def replay(trial: Trial) -> Verdict:
    """P4: each push 1 to 5 times, in any order, up to 48 h late: the books end as in-order-once leaves them."""
    verdict = trial.verdict()
    with _broken(trial), tempfile.TemporaryDirectory(prefix="storesync-replay-") as folder:
        await _play(f"sqlite:///{Path(folder) / 'replay.db'}", trial.seed, trial.size(200, 4000), verdict)
        async with open_server("replay") as (url,):
            await _play(url, trial.seed + 1_000_000, trial.size(10, 1000), verdict)
    return verdict


@contextlib.contextmanager
def _broken(trial: Trial) -> Iterator[None]:
    """Take the guarded clause away in this very process, and put it back."""
    kept = vars(services.orders)["take"]
    if trial.is_broken:
        SABOTEURS[trial.name]()
    try:
        yield
    finally:
        vars(services.orders)["take"] = kept


async def _play(url: str, first: int, count: int, verdict: Verdict) -> None:
    await migrate(url)
    async with _house(url) as house:
        for seed in range(first, first + count):
            random = Random(seed)  # noqa: S311 - a trial must be repeatable
            steps = _history(random, house.clock())
            seller = await house.found("Sari", 5000 + seed)
            once, again = [await house.link(f"{number}{seed}", by=seller) for number in (1, 2)]
            for step in steps:
                await house.services.orders.record(once, [step.seen])
            await _replayed(house, again, steps, random)
            books = [await _books_of(house, shop) for shop in (once, again)]
            truth = {step.seen.external_id: step.seen for step in steps}
            verdict.trials += 1
            verdict.check(books[0] == books[1], f"seed {seed}: the books differ from in-order-once")
            held = {row["external_id"]: row["raw_status"] for row in books[1]["sale_order"]}
            wanted = {number: seen.raw_status for number, seen in truth.items()}
            verdict.check(held == wanted, f"seed {seed}: {held} in the books, {wanted} at the platform")


@contextlib.asynccontextmanager
async def _house(url: str) -> AsyncIterator[House]:
    database = Database(url)
    try:
        yield await House(database).open()
    finally:
        await database.close()


def _history(random: Random, now: datetime) -> list[Step]:
    """Return what happens to a few orders, in its order; no two changes of one at the same moment."""
    steps = []
    for number in range(ORDERS):
        at = now + timedelta(minutes=random.randrange(600))
        path = random.choice(PATHS).split()
        for place, status in enumerate(path):
            at += timedelta(minutes=random.randrange(1, 400))
            is_arranged = "ARRANGED" in path[: place + 1]
            steps.append(Step(at, _seen(random, number, OrderStatus[status], at, 1 if is_arranged else 0)))
    return sorted(steps, key=lambda step: step.at)


def _seen(random: Random, number: int, status: OrderStatus, at: datetime, parcels: int) -> OrderSnapshot:
    word = f"{status}-{random.randrange(10**6)}"
    lines = tuple(
        factories.order_line(random.randrange(1, 4), listing_external_id=f"90000{each}")
        for each in range(random.randrange(1, 3))
    )
    sent = tuple(factories.parcel(f"OFG{number}{each}", raw_status=word) for each in range(parcels))
    made = factories.order_snapshot(
        f"2603020000{number}", status, updated_at=at, raw_status=word, lines=lines, parcels=sent
    )
    return replace(made, digest=sha256(word.encode()).hexdigest())


async def _replayed(house: House, shop: Shop, steps: Sequence[Step], random: Random) -> None:
    """Let the changes happen, and their pushes come when and as often as they like."""
    pushes = [_push(house, shop, step) for step in steps]
    happens = [(step.at, 0, number) for number, step in enumerate(steps)] + [
        (step.at + LATEST * random.random() ** 3, 1, number)
        for number, step in enumerate(steps)
        for _ in range(random.randint(1, COPIES))
    ]
    came: list[tuple[dict[str, str], bytes]] = []
    for at, is_push, number in sorted(happens):
        house.clock.now = max(house.clock.now, at)
        if is_push:
            came.append(pushes[number])
        else:
            house.bazaar.shops[shop.external_id].place(steps[number].seen)
        if len(came) >= TOGETHER:
            await _receive(house, came)
            await house.services.hints.work_off()
            came.clear()
            # An answer that was under way for long: what it says may be old by now.
            await house.services.orders.record(shop, [steps[random.randrange(number + 1)].seen])
    await _receive(house, random.sample(came, len(came)))
    while await house.services.hints.work_off():
        pass


def _push(house: House, shop: Shop, step: Step) -> tuple[dict[str, str], bytes]:
    return house.bazaar.push(house.app, "order", shop.external_id, step.seen.external_id)


async def _receive(house: House, came: Sequence[tuple[dict[str, str], bytes]]) -> None:
    inbound = house.services.inbound
    await asyncio.gather(*(inbound.receive_hook(house.app.platform, house.app.id, *push) for push in came))


async def _books_of(house: House, shop: Shop) -> dict[str, list[dict[str, Any]]]:
    return await house.database.read(lambda conn: _books(conn, shop.id))


def _books(conn: Connection, shop_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything the books hold of a shop's orders, without the numbers that are ours."""
    orders = select(sale_order.c.id).where(sale_order.c.shop_id == shop_id)
    parts = {
        "sale_order": select(sale_order).where(sale_order.c.shop_id == shop_id).order_by("external_id"),
        "order_line": select(sale_order.c.external_id.label("of_order"), order_line)
        .join(sale_order)
        .where(order_line.c.order_id.in_(orders))
        .order_by("external_id", "position"),
        "parcel": select(parcel).where(parcel.c.shop_id == shop_id).order_by("external_id"),
        "parcel_line": select(sale_order.c.external_id.label("of_order"), parcel_line)
        .join(sale_order)
        .where(parcel_line.c.order_id.in_(orders))
        .order_by("external_id", "position"),
    }
    return {
        name: [
            {column: value for column, value in row.items() if column not in OURS}
            for row in conn.execute(query).mappings()
        ]
        for name, query in parts.items()
    }
