"""P7, `double-tap`: however often and by however many an approval is pressed, the price is written once."""

import asyncio
import contextlib
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from domain.changes import Change, ChangeState
from domain.chats import Visitor
from domain.errors import Conflict
from domain.people import Role
from domain.queue import Task
from domain.tickets import Action
from services import Services
from services.applying import ApplyService
from services.views import Pressed, PressResult, Proposal
from storage.database import Connection
from storage.repositories.changes import Changes
from tests.factories import listing_snapshot, money, variant_snapshot
from tests.integration.services.house import MESSAGE, House, pressed_in
from tests.proofs.houses import KINDS, open_houses, staffed
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

WORKERS = 4
BEFORE = 129_000
REJECTS_EVERY = 5


async def double_tap(trial: Trial) -> Verdict:
    """P7: pressed at once by several people in several chats, and sent again, every approval writes once."""
    verdict, random = trial.verdict(), trial.random
    with _sabotage(trial):
        for kind in KINDS:
            async with open_houses(kind, WORKERS) as (house, workers):
                await _play(trial, house, workers, random, verdict)
    return verdict


async def _play(
    trial: Trial, house: House, workers: list[Services], random: Random, verdict: Verdict
) -> None:
    count, presses = trial.size(50, 200), trial.size(20, 100)
    lamps = [f"LAMP-{at:03d}" for at in range(count)]
    await house.stocked(
        *(
            listing_snapshot(f"9{at:05d}", variant_snapshot(sku=sku), title=f"Lampu {at}")
            for at, sku in enumerate(lamps)
        )
    )
    people = [house.owner, *await staffed(house)]
    places = [*people, await house.group(), await house.group(thread_id=7)]
    approved = 0
    for at, sku in enumerate(lamps):
        asked = await _ask(house, sku, BEFORE - 1000 - at)
        # Every fifth one is fought over: some press Approve, some Reject.
        actions = [Action.APPROVE, Action.REJECT] if at % REJECTS_EVERY == 0 else [Action.APPROVE]
        won = await _press_at_once(house, workers, asked, random, verdict, (people, places, actions, presses))
        verdict.trials += 1
        verdict.check(len(won) == 1, f"{sku}: {len(won)} presses counted")
        approved += any(each.result is PressResult.APPROVED for each in won)
        await _work_at_once(house, workers)
        await _judge(house, asked, won, verdict)
    written = len(house.bazaar.pushed)
    verdict.check(written == approved, f"{written} writes for {approved} approvals")
    verdict.numbers["presses"] = verdict.numbers.get("presses", 0) + count * presses
    verdict.numbers["writes"] = verdict.numbers.get("writes", 0) + written


async def _ask(house: House, sku: str, amount: int) -> Proposal:
    [row] = await house.services.stock.by_sku(house.owner, sku)
    return await house.services.prices.propose(house.owner, row.variant_id, Decimal(amount), f"ask:{sku}")


async def _press_at_once(
    house: House,
    workers: list[Services],
    asked: Proposal,
    random: Random,
    verdict: Verdict,
    crowd: tuple[list[Visitor], list[Visitor], list[Action], int],
) -> list[Pressed]:
    """Let everybody press the card at once, wherever it is shown; return the presses that counted."""
    people, places, actions, presses = crowd
    buttons = {}
    for place in places:
        for action in actions:
            made = await house.services.buttons.token(
                place.view.id, action, asked.id, asked.version, Role.MANAGER
            )
            buttons[place.view.id, action] = made

    async def press() -> Pressed | None:
        place = random.choice(places)
        person = place if place.chat.kind == "private" else pressed_in(place, random.choice(people))
        data = buttons[place.view.id, random.choice(actions)]
        try:
            return await random.choice(workers).buttons.press(person, data, MESSAGE)
        except Conflict as late:
            verdict.check(bool(late.params.get("who")), f"{late.code} does not say who was first")
            return None

    found = await asyncio.gather(*(press() for _ in range(presses)))
    return [each for each in found if each]


async def _work_at_once(house: House, workers: list[Services]) -> None:
    """Let every worker take what the queue asked for and what a sweep would find, all at the same time."""
    queued = house.queue.take(Task.APPLY_CHANGE)
    for _ in range(2):
        due = await house.services.applying.due()
        wanted = [(seller_id, change_id) for seller_id, change_id in [*queued, *due]]
        await asyncio.gather(*(each.applying.apply(*ids) for each in workers for ids in wanted))


async def _judge(house: House, asked: Proposal, won: list[Pressed], verdict: Verdict) -> None:
    [price] = asked.prices
    now = await house.change(price.change.id)
    is_approved = any(each.result is PressResult.APPROVED for each in won)
    expected = ChangeState.APPLIED if is_approved else ChangeState.REJECTED
    verdict.check(now.state is expected, f"{asked.variant.sku} ended as {now.state}, not {expected}")
    written = [after for _, after in house.bazaar.pushed if after == price.change.after]
    verdict.check(len(written) == is_approved, f"{asked.variant.sku} was written {len(written)} times")
    shown = house.bazaar.shops["600011"].price(price.shown.listing_external_id)
    wanted = price.change.after if is_approved else money(BEFORE)
    verdict.check(shown == wanted, f"{asked.variant.sku}: the shop shows {shown.amount}")


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Send whatever is asked for, without taking it in hand first."""

    async def heedless(self: ApplyService, seller_id: str, change_id: str) -> Any:
        def work(conn: Connection) -> tuple[Change, bool] | None:
            changes = Changes(conn, seller_id)
            change = changes.get(change_id)
            if change is None or change.state not in {ChangeState.APPROVED, ChangeState.APPLYING}:
                return None
            changes.move(change, ChangeState.APPLYING)
            taken = changes.get(change_id)
            return (taken, False) if taken else None

        return await self._db.write(work, "apply.claim")

    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(ApplyService, "_claim", heedless)
        yield
