"""P8, `crash-bulk`: a bulk price change survives a kill before its first price is live, and midway."""

from collections import Counter

from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, until

PRODUCTS = 8
SETTLED_WITHIN_S = 120.0
PATIENCE_S = 90.0
"""How long an answer may take on a slow machine; every wait ends as soon as there is one."""
POINTS = (
    ("bulk.push:before", True),
    ("bulk.push:after", False),
    ("bulk.push:after", True),
    ("bulk.settle:before_commit", True),
    ("bulk.settle:committed", False),
    ("bulk.claim:committed", True),
)
"""Where it is killed, and whether that is midway."""
AT_CI = 2
FINAL = frozenset({"applied", "failed", "conflict"})
SLOW = {"path": "/api/v2/product/*", "kind": "latency", "next": 100_000, "seconds": 0.05}
"""Every call takes a moment, so that a kill finds a change midway."""

Price = tuple[int, int]
"""An item and its model."""


async def crash_bulk(trial: Trial) -> Verdict:
    """P8: killed at any step, each price is the old or the new one, applied only if read, and sent once."""
    verdict = trial.verdict()
    async with open_scene(trial, products=PRODUCTS) as scene:
        await scene.stage.seller.control("faults", SLOW)
        points = POINTS * trial.size(1, 5)
        for at, (point, is_midway) in enumerate(points[: trial.size(AT_CI, len(points))]):
            words = f"{point}{' midway' if is_midway else ''}"
            percent = (
                r"^\+5" if at % 2 else "^−5"
            )  # back and forth, so that no limit and no wholesale price is met
            card = await _asked(scene, percent)
            await _crash_once(scene, card, point, words, verdict, is_midway=is_midway)
            verdict.trials += 1
    return verdict


async def _crash_once(
    scene: Scene, card: Message, point: str, words: str, verdict: Verdict, *, is_midway: bool
) -> None:
    old, sent = await _prices(scene), await _sent(scene)
    new = _approved_prices(scene)
    if not is_midway:
        await scene.crash_at(point)
    await scene.phone.press(card, "^Approve", wait_s=0.1)
    if is_midway:
        await until(lambda: _is_begun(scene), "the first price to be live", within_s=PATIENCE_S)
        await scene.crash_at(point)
    await scene.stage.bot.ended(within_s=PATIENCE_S)
    shown = await _prices(scene)
    odd = [each for each, price in shown.items() if price not in {old[each], new.get(each, old[each])}]
    verdict.check(not odd, f"{words}: {len(odd)} prices are neither old nor new")
    hasty = [
        each for each, state in _states(scene).items() if state == "applied" and shown[each] != new[each]
    ]
    verdict.check(not hasty, f"{words}: {len(hasty)} are applied, but the shop does not show them")
    await scene.start()
    await _settles(scene, words, verdict)
    ends = Counter(_states(scene).values())
    verdict.check(set(ends) == {"applied"}, f"{words}: ended as {dict(ends)}")
    verdict.check(await _prices(scene) == old | new, f"{words}: the shop shows other prices than approved")
    times = await _sent(scene) - sent
    twice = [each for each in new if times[each] != 1]
    verdict.check(not twice, f"{words}: {len(twice)} prices were not sent exactly once")
    try:
        await scene.phone.sees_in(card, f"{len(new)} prices are live", within_s=PATIENCE_S)
    except AssertionError as missing:
        verdict.check(holds=False, otherwise=f"{words}: {missing}")


async def _asked(scene: Scene, percent: str) -> Message:
    """Draw up a change of all that is sold, and ask for it."""
    listed = await scene.phone.sees("Products", after=await scene.phone.say("/products"), within_s=PATIENCE_S)
    await scene.phone.press(listed, "^Change prices")
    await scene.phone.press(await scene.phone.sees_in(listed, "Change ", within_s=PATIENCE_S), percent)
    draft = await scene.phone.sees_in(listed, "All that is in stock", within_s=PATIENCE_S)
    await scene.phone.press(draft, "^Ask for")
    return await scene.phone.sees_in(listed, "Asked by", within_s=PATIENCE_S)


async def _settles(scene: Scene, words: str, verdict: Verdict) -> None:
    async def is_final() -> bool:
        return set(_states(scene).values()) <= FINAL

    try:
        await until(is_final, "the change to settle", within_s=SETTLED_WITHIN_S)
    except AssertionError:
        verdict.check(holds=False, otherwise=f"{words}: not settled after {SETTLED_WITHIN_S:.0f} s")


async def _is_begun(scene: Scene) -> bool:
    return "applied" in _states(scene).values()


_NEWEST = "(SELECT id FROM bulk WHERE state <> 'draft' ORDER BY requested_at DESC LIMIT 1)"
_CHANGES = (
    "SELECT listing.external_id, listing_variant.external_id, change.state, change.after FROM change"  # noqa: S608 - nobody's words
    " JOIN listing_variant ON listing_variant.id = change.listing_variant_id"
    f" JOIN listing ON listing.id = listing_variant.listing_id WHERE change.proposal_id = {_NEWEST}"
)


def _states(scene: Scene) -> dict[Price, str]:
    return {(int(item), int(model)): state for item, model, state, _ in scene.rows(_CHANGES)}


def _approved_prices(scene: Scene) -> dict[Price, int]:
    return {(int(item), int(model)): after // 10_000 for item, model, _, after in scene.rows(_CHANGES)}


async def _prices(scene: Scene) -> dict[Price, int]:
    world = await scene.stage.seller.world()
    return {
        (item["item_id"], model["model_id"]): int(float(model["price"]))
        for item in world["shops"][0]["items"]
        for model in item["models"]
    }


async def _sent(scene: Scene) -> Counter[Price]:
    """Count how often each price was sent to the platform so far."""
    calls = await scene.stage.seller.calls("/product/update_price")
    return Counter(
        (int(call["body"]["item_id"]), int(row["model_id"]))
        for call in calls
        for row in call["body"]["price_list"]
    )
