"""P8, `crash-price`: a price change survives a crash at every failpoint on its way."""

import time
from typing import Any

from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, until

SETTLED_WITHIN_S = 60.0
SWEPT = ("outbox.claim", "sync.claim_due", "sync.begin", "hints.claim", "inbound.claim")
"""Passed at every tick, whether or not a price changes."""
FINAL = ("applied", "failed", "conflict")


async def crash_price(trial: Trial) -> Verdict:
    """P8: crashed at every failpoint, a price is the old or the new one, and APPLIED only if read back."""
    verdict = trial.verdict()
    async with open_scene(trial) as scene:
        models = await models_of(scene)
        points = await _learn(scene, models.pop())
        rounds = trial.size(1, 5)
        for point in points * rounds:
            verdict.trials += await _crash_once(scene, models.pop(), point, verdict)
        verdict.numbers["failpoints"] = len(points)
    return verdict


async def models_of(scene: Scene) -> list[dict[str, Any]]:
    """Return variants with a SKU of their own and no campaign on them."""
    world = await scene.stage.seller.world()
    rows = [
        {"item_id": item["item_id"], **model}
        for item in world["shops"][0]["items"]
        if item["status"] == "NORMAL"
        for model in item["models"]
        if model["sku"] and not model["price_locked"]
    ]
    skus = [row["sku"] for row in rows]
    return [row for row in rows if skus.count(row["sku"]) == 1]


async def _learn(scene: Scene, model: dict[str, Any]) -> list[str]:
    """Change one price undisturbed and note what is passed between the press and the end."""
    card = await propose(scene, model)
    scene.record()
    await scene.phone.press(card, "^Approve")
    await scene.phone.sees_in(card, "read back")
    await _quiet(scene)
    return [point for point in scene.recorded() if not point.startswith(SWEPT)]


async def _crash_once(scene: Scene, model: dict[str, Any], point: str, verdict: Verdict) -> int:
    """Crash one change at one point and judge it; return 0 when it did not come by there."""
    seller = scene.stage.seller
    old = int(float(model["price"]))
    new = new_price(model)
    card = await propose(scene, model)
    await _quiet(scene)  # the command itself is handled: what crashes from here on is the approval
    await scene.crash_at(point)
    await scene.phone.press(card, "^Approve", wait_s=0.1)
    if not await _crashes(scene, new):
        return 0
    at_crash = int(await seller.price(model["item_id"], model["model_id"]))
    verdict.check(at_crash in (old, new), f"{point}: the shop shows {at_crash}, not {old} or {new}")
    state, _ = _change(scene, new)
    verdict.check(state != "applied" or at_crash == new, f"{point}: applied, but the shop shows {at_crash}")
    began = time.perf_counter()
    await scene.start()
    await _settles(scene, new, point, verdict)
    took = time.perf_counter() - began
    verdict.numbers["slowest_settled_s"] = round(max(took, verdict.numbers.get("slowest_settled_s", 0)), 2)
    shown = int(await seller.price(model["item_id"], model["model_id"]))
    state, _ = _change(scene, new)
    verdict.check(state == "applied" and shown == new, f"{point}: ended as {state} with {shown} in the shop")
    await _told_once(scene, card, point, verdict)
    return 1


async def _crashes(scene: Scene, new: int) -> bool:
    """Wait for the crash; False when this change came to its end without passing that point."""
    bot = scene.stage.bot

    async def is_over() -> bool:
        return not bot.is_running() or (_change(scene, new)[0] in FINAL and is_idle(scene))

    await until(is_over, "the crash or the end of the change", within_s=SETTLED_WITHIN_S)
    if bot.is_running():
        scene.disarm()
        return False
    return True


async def _settles(scene: Scene, new: int, point: str, verdict: Verdict) -> None:
    async def is_final() -> bool:
        return _change(scene, new)[0] in FINAL

    try:
        await until(is_final, "the change to settle", within_s=SETTLED_WITHIN_S)
    except AssertionError:
        verdict.check(holds=False, otherwise=f"{point}: not settled after {SETTLED_WITHIN_S:.0f} s")


async def _told_once(scene: Scene, card: Message, point: str, verdict: Verdict) -> None:
    """The card says how it ended, and nothing beside it says so again."""
    try:
        await scene.phone.sees_in(card, "read back", within_s=15)
    except AssertionError as missing:
        verdict.check(holds=False, otherwise=f"{point}: {missing}")
    later = [one for one in await scene.phone.messages(card.id) if one.is_bot and one.says("is live")]
    verdict.check(not later, f"{point}: told again in {len(later)} more messages")


async def propose(scene: Scene, model: dict[str, Any]) -> Message:
    said = await scene.phone.say(f"/price {model['sku']} {new_price(model)}")
    return await scene.phone.sees("🏷", after=said)


def new_price(model: dict[str, Any]) -> int:
    """Return a price nothing else has, a little below the old one."""
    return int(float(model["price"])) * 97 // 100 - int(model["model_id"]) % 89 - 1


def _change(scene: Scene, new: int) -> tuple[str, int]:
    found = scene.rows(
        "SELECT state, version FROM change WHERE after = ? ORDER BY requested_at DESC", new * 10_000
    )
    return (str(found[0][0]), int(found[0][1])) if found else ("none", 0)


async def _quiet(scene: Scene) -> None:
    """Wait until nothing is on its way to the chat or from it."""

    async def is_empty() -> bool:
        return is_idle(scene)

    await until(is_empty, "an empty inbox and outbox")


def is_idle(scene: Scene) -> bool:
    leaving = scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")
    coming = scene.rows("SELECT count(*) FROM inbox WHERE state IN ('new', 'leased')")
    return leaving == coming == [(0,)]
