"""P13, `kill-switch`: paused, nothing leaves for a seller's shops; what waits is held, and leaves once after the resume."""

import asyncio
import time
from typing import Any

import pytest

from domain.changes import Change, ChangeState
from domain.people import Role
from domain.tickets import Action
from services import Services
from services.views import PressResult
from storage.repositories import pauses
from tests.factories import DAY, listing_snapshot, money, variant_snapshot
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.stocking import count
from tests.proofs.crash_price import models_of, new_price, propose
from tests.proofs.houses import KINDS, open_houses
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, until

WORKERS = 2
LAMPS = 4
BEFORE = 129_000
STOPS_WITHIN_S = 2.0
SLOW = {"path": "/api/v2/product/*", "kind": "latency", "next": 500, "seconds": 0.5}
"""Every look and every price takes a while, so that a pause finds some of them on their way."""


async def kill_switch(trial: Trial) -> Verdict:
    """P13: paused at any moment, killed and started again, no write begins; what was held is sent once after."""
    verdict = trial.verdict()
    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(pauses, "is_held", lambda *_: False)
        for kind in KINDS:
            async with open_houses(kind, WORKERS) as (house, workers):
                await _among_workers(trial, house, workers, verdict)
    async with open_scene(trial) as scene:
        for _ in range(trial.size(1, 20)):
            await _amid_a_stream(scene, trial.size(4, 10), verdict)
    return verdict


# Several workers over one database, paused between any two of their steps


async def _among_workers(trial: Trial, house: House, workers: list[Services], verdict: Verdict) -> None:
    random = trial.random
    lamps = [f"9{at:05d}" for at in range(LAMPS)]
    shop, truth = await house.stocked(
        *(listing_snapshot(each, variant_snapshot(sku=each), title=f"Lampu {each}") for each in lamps)
    )
    for at in range(trial.size(6, 200)):
        after = {each: BEFORE - 1000 * (at % 2 + 1) - number for number, each in enumerate(lamps)}
        changes = [await _approved(house, each, after[each]) for each in lamps]
        variant_id = (await house.shown(lamps[0])).variant_id
        await count(house, 50 + at, variant_id=variant_id)
        running = [asyncio.create_task(_work(each, changes, shop.id)) for each in workers]
        for _ in range(random.randrange(40)):
            await asyncio.sleep(0)
        await _switch(house, Action.PAUSE_WRITES)
        begun = _writes(house)
        await asyncio.gather(*running)
        await _stays_off(house, workers, changes, shop.id, begun, verdict)
        await _switch(house, Action.RESUME_WRITES)
        await asyncio.gather(*(_work(each, changes, shop.id) for each in workers))
        await _each_once(house, changes, verdict)
        shown = {each: truth.price(each) for each in lamps}
        verdict.check(shown == {each: money(after[each]) for each in lamps}, f"after the resume: {shown}")
        verdict.check(truth.units(lamps[0]) == 50 + at, f"stock {truth.units(lamps[0])}, not {50 + at}")
        verdict.trials += 1
        house.clock.advance(DAY)


async def _approved(house: House, sku: str, amount: int) -> Change:
    variant_id = (await house.shown(sku)).variant_id
    proposal = await house.services.prices.propose(
        house.owner, variant_id, money(amount).amount, f"{sku}:{house.clock()}"
    )
    await house.press(proposal, Action.APPROVE)
    return await house.change(proposal.prices[0].change.id)


async def _work(services: Services, changes: list[Change], shop_id: str) -> None:
    """Do what a worker is asked to do for these prices and this stock."""
    for change in changes:
        await services.applying.apply(change.seller_id, change.id)
    await services.stock_pushes.push(shop_id)


async def _switch(house: House, action: Action) -> None:
    writes = await house.services.pausing.look(house.owner)
    about = (house.owner.seller_id, writes.version, Role.MANAGER)
    data = await house.services.buttons.token(house.owner.view.id, action, *about)
    done = PressResult.PAUSED if action is Action.PAUSE_WRITES else PressResult.RESUMED
    assert (await house.services.buttons.press(house.owner, data, MESSAGE)).result is done


def _writes(house: House) -> int:
    return house.bazaar.calls["push_prices"] + house.bazaar.calls["push_stock"]


async def _stays_off(
    house: House, workers: list[Services], changes: list[Change], shop_id: str, begun: int, verdict: Verdict
) -> None:
    """Whoever asks, nothing is sent, nothing is lost, and nothing is asked for over and over."""
    await asyncio.gather(*(_work(each, changes, shop_id) for each in workers))
    verdict.check(_writes(house) == begun, f"{_writes(house) - begun} writes began while paused")
    states = {(await house.change(each.id)).state for each in changes}
    verdict.check(states <= {ChangeState.APPROVED, ChangeState.APPLIED}, f"while paused: {sorted(states)}")
    due = [*await house.services.applying.due(), *await house.services.stock_pushes.due()]
    verdict.check(not due, f"still asked for while paused: {due}")


async def _each_once(house: House, changes: list[Change], verdict: Verdict) -> None:
    for change in changes:
        done = await house.change(change.id)
        sent = [asked for _, asked in house.bazaar.pushed if asked == change.after]
        verdict.check(done.state is ChangeState.APPLIED, f"{change.after.amount} ended as {done.state}")
        verdict.check(len(sent) <= 1, f"{change.after.amount} was sent {len(sent)} times")
    house.bazaar.pushed.clear()


# A running StoreSync, paused by a button in the middle of a stream, killed, started again


async def _amid_a_stream(scene: Scene, prices: int, verdict: Verdict) -> None:
    models = [each for each in await models_of(scene) if each["item_id"]][:prices]
    cards = [await propose(scene, each) for each in models]
    screen = await scene.phone.sees("Nothing is paused", after=await scene.phone.say("/pause"))
    await scene.stage.seller.control("faults", SLOW)
    half = len(cards) // 2
    await asyncio.gather(*(scene.phone.press(card, "^Approve", wait_s=0.1) for card in cards[:half]))
    await scene.phone.press(screen, "^Pause all")
    await scene.phone.sees_in(screen, "All sending is paused")
    stopped_s = await _last_write(scene)
    verdict.check(stopped_s <= STOPS_WITHIN_S, f"a price left {stopped_s:.1f} s after the pause")
    verdict.numbers["last_write_after_s"] = max(verdict.numbers.get("last_write_after_s", 0), stopped_s)
    sent = await _sent(scene)
    await asyncio.gather(*(scene.phone.press(card, "^Approve", wait_s=0.1) for card in cards[half:]))
    for card in cards[half:]:
        await scene.phone.sees_in(card, "Approved by")
    await scene.stage.kill_bot()
    await scene.start()
    await _works_on(scene, models[0])
    verdict.check(await _sent(scene) == sent, f"{await _sent(scene) - sent} prices left over a restart")
    held = [card for card in await _shown(scene, cards) if card.says("Approved, held")]
    verdict.numbers["held"] = int(verdict.numbers.get("held", 0)) + len(held)
    await scene.stage.seller.control("faults/clear", {})
    screen = await scene.phone.sees("All sending is paused", after=await scene.phone.say("/pause"))
    await scene.phone.press(screen, "^Resume")
    for card, model in zip(cards, models, strict=True):
        await scene.phone.sees_in(card, "read back", within_s=30)
        shown = int(await scene.stage.seller.price(model["item_id"], model["model_id"]))
        verdict.check(shown == new_price(model), f"the shop shows {shown}, not {new_price(model)}")
    verdict.check(await _sent(scene) == sent + len(held), "a price that was held did not leave exactly once")
    verdict.trials += 1


async def _last_write(scene: Scene) -> float:
    """Return how long after the pause the last price arrived, once nothing is on its way any more."""
    began, last, seen = time.perf_counter(), 0.0, await _sent(scene)

    async def is_still() -> bool:
        nonlocal last, seen
        now = await _sent(scene)
        if now != seen:
            last, seen = time.perf_counter() - began, now
        on_the_way = scene.rows("SELECT count(*) FROM change WHERE state IN ('applying', 'unknown')")
        return on_the_way == [(0,)]

    await until(is_still, "nothing to be on its way", within_s=30)
    return round(last, 2)


async def _works_on(scene: Scene, model: dict[str, Any]) -> None:
    """Paused, it hears of a new order as always: it runs, and its sweep has gone by."""
    said = max(one.id for one in await scene.phone.messages())
    await scene.stage.seller.order(int(model["item_id"]), int(model["model_id"]))
    await scene.phone.sees("🔔 New order", after=said)


async def _sent(scene: Scene) -> int:
    return len(await scene.stage.seller.calls("/product/update_price"))


async def _shown(scene: Scene, cards: list[Message]) -> list[Message]:
    numbers = {card.id for card in cards}
    return [one for one in await scene.phone.messages() if one.id in numbers]
