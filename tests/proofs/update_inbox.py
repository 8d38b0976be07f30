"""P6, `update-inbox`: Telegram's updates survive kills between fetching and handling."""

import json
from random import Random

from tests.proofs.servers import open_server
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import until

KILLS = (
    "inbound.store_updates:before_commit",
    "inbound.store_updates:committed",
    "poll.stored:after",
    "inbound.claim_updates:committed",
    "update.handled:before",
    "price.propose:before_commit",
    "price.propose:committed",
    "update.handled:after",
    "inbound.update_done:committed",
)
PRODUCTS = 20
ALL_DONE_WITHIN_S = 300.0


async def update_inbox(trial: Trial) -> Verdict:
    """P6: killed between fetching, storing and handling, no command is lost and none acts twice."""
    verdict, random = trial.verdict(), trial.random
    async with open_server("updates") as (url,):
        for database_url, wanted in (("", trial.size(500, 4000)), (url, trial.size(100, 1000))):
            async with open_scene(trial, products=PRODUCTS, database_url=database_url) as scene:
                await _on_one(scene, wanted, max(3, len(KILLS) * wanted // 500), random, verdict)
    return verdict


async def _on_one(scene: Scene, wanted: int, kills: int, random: Random, verdict: Verdict) -> None:
    sku = str((await scene.stage.seller.sellable())["sku"])
    base = int(scene.rows("SELECT listed FROM listing_variant WHERE sku = ?", sku)[0][0]) // 10_000
    prices = [base - 1 - number for number in range(wanted)]
    said: list[str] = []
    for part in _parts(prices, kills + 1):
        for price in part:
            await scene.phone.say(f"/price {sku} {price}")
            said.append(f"/price {sku} {price}")
        killed = await _kill_somewhere(scene, random, said, verdict)
        verdict.numbers["kills"] = verdict.numbers.get("kills", 0) + killed
    await all_handled(scene)
    judge_effects(scene, prices, verdict)
    verdict.trials += wanted


async def _kill_somewhere(scene: Scene, random: Random, said: list[str], verdict: Verdict) -> int:
    """Let StoreSync work on, end it at a random failpoint, look whether all is still there, start it again."""
    await scene.crash_at(random.choice(KILLS))
    try:
        await scene.stage.bot.ended(within_s=10)
    except AssertionError:
        scene.disarm()  # everything was handled before that point came by again
        return 0
    judge_kept(scene, said, verdict)
    await scene.run_out_leases()
    await scene.start()
    return 1


def judge_kept(scene: Scene, said: list[str], verdict: Verdict) -> None:
    """While nothing runs, what was said is Telegram's still or ours already."""
    pending = scene.stage.telegram.engine.updates.pending()
    stored = scene.rows("SELECT body FROM inbox WHERE source = 'telegram'")
    bodies = [each.body for each in pending] + [json.loads(body) for (body,) in stored]
    held = {body["message"]["text"] for body in bodies if "text" in body.get("message", {})}
    for text in said:
        verdict.check(text in held, f"after a kill {text!r} is nowhere")


async def all_handled(scene: Scene) -> None:
    async def is_done() -> bool:
        left = scene.rows(
            "SELECT count(*) FROM inbox WHERE source = 'telegram' AND state IN ('new', 'leased')"
        )
        pending = scene.stage.telegram.engine.updates.pending()
        return left == [(0,)] and not pending

    await until(is_done, "all updates to be handled", within_s=ALL_DONE_WITHIN_S)


def judge_effects(scene: Scene, prices: list[int], verdict: Verdict) -> None:
    rows = scene.rows("SELECT after / 10000, count(DISTINCT proposal_id) FROM change GROUP BY after")
    effects = {int(price): int(count) for price, count in rows}
    lost = [price for price in prices if price not in effects]
    doubled = [price for price in prices if effects.get(price, 0) > 1]
    for price in lost:
        verdict.check(holds=False, otherwise=f"the command for {price} was lost")
    for price in doubled:
        verdict.check(holds=False, otherwise=f"the command for {price} acted {effects[price]} times")
    parked = scene.rows("SELECT count(*) FROM inbox WHERE state = 'parked'")[0][0]
    verdict.check(parked == 0, f"{parked} updates were given up")


def _parts(prices: list[int], count: int) -> list[list[int]]:
    size = -(-len(prices) // count)
    return [prices[start : start + size] for start in range(0, len(prices), size)]
