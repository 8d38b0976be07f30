"""P2, `crash-alerts`: alerts survive kills anywhere between a buyer's order and the chat."""

from collections.abc import Sequence
from random import Random

from tests.proofs.servers import open_server
from tests.proofs.trial import EDITED_SOON, Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import until

KILLS = (
    "inbound.receive_hook:committed",
    "hints.claim:committed",
    "shopee.get_order_detail:after",
    "orders.record:before_commit",
    "orders.record:committed",
    "hints.done:before_commit",
    "hints.done:committed",
    "outbox.claim:committed",
    "telegram.send:before",
    "telegram.send:after",
    "outbox.sent:before_commit",
    "outbox.sent:committed",
)
PRODUCTS = 20
ALL_TOLD_WITHIN_S = 240.0


async def crash_alerts(trial: Trial) -> Verdict:
    """P2: killed anywhere between order and chat, no alert is missing; doubles are at most the kills."""
    verdict, random = trial.verdict(), trial.random
    async with open_server("alerts") as (url,):
        for database_url in ("", url):
            is_short = trial.is_broken or (database_url and not trial.is_release)
            points = KILLS[::4] if is_short else KILLS * trial.size(1, 10)
            async with open_scene(
                trial, products=PRODUCTS, database_url=database_url, STAGE_EDITS_S=EDITED_SOON
            ) as scene:
                await _on_one(scene, points, random, verdict)
    return verdict


async def _on_one(scene: Scene, points: Sequence[str], random: Random, verdict: Verdict) -> None:
    model = await scene.stage.seller.sellable()
    await scene.stage.seller.control("stock", {**named(model), "stock": 100_000})
    placed: list[str] = []
    kills = 0
    for point in points:
        await scene.crash_at(point)
        placed += [(await scene.stage.seller.order(**named(model)))["order_sn"] for _ in range(4)]
        kills += await _survive(scene, random)
    await all_told(scene, placed)
    judge_told(scene, placed, kills, verdict)
    verdict.trials += len(placed)
    verdict.numbers["kills"] = verdict.numbers.get("kills", 0) + kills


async def _survive(scene: Scene, random: Random) -> int:
    """Wait for the crash, leave the orders lying for a while of work, start again."""
    try:
        await scene.stage.bot.ended(within_s=10)
    except AssertionError:
        scene.disarm()
        return 0
    await scene.run_out_leases()
    if random.random() < 0.5:
        await scene.stage.begin_bot(scene.nursery, broken=scene.broken)
        await scene.stage.kill_bot()
        await scene.run_out_leases()
    await scene.start()
    return 1


async def all_told(scene: Scene, placed: list[str]) -> None:
    """Wait until every order is in the books and nothing waits; the poll brings what pushes lost."""

    async def is_quiet() -> bool:
        stored = len(_ids(scene).keys() & set(placed))
        waiting = scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")[0][0]
        hints = scene.rows("SELECT count(*) FROM inbox WHERE state IN ('new', 'leased')")[0][0]
        return bool(stored == len(placed) and waiting == 0 and hints == 0)

    await until(is_quiet, "all orders to be told", within_s=ALL_TOLD_WITHIN_S)


def judge_told(scene: Scene, placed: list[str], kills: int, verdict: Verdict) -> None:
    ids = _ids(scene)
    shown = _shown(scene)
    for number in placed:
        verdict.check(ids.get(number, "") in shown, f"order {number} was never told")
    doubles = len(_messages(scene)) - len({alert for alert in shown.values() if alert})
    verdict.numbers["doubles"] = verdict.numbers.get("doubles", 0) + doubles
    verdict.check(doubles <= kills, f"{doubles} alerts came twice, by {kills} kills")


def _shown(scene: Scene) -> dict[str, str]:
    """Return the orders told, each with its alert: it is on one whose message in the chat counts it."""
    by_alert: dict[str, list[str]] = {}
    for alert, order in scene.rows("SELECT alert_id, order_id FROM order_alert_line"):
        by_alert.setdefault(alert, []).append(order)
    told: dict[str, str] = {}
    for alert, message_id in scene.rows(
        "SELECT subject_id, message_id FROM card WHERE subject = 'order_alert'"
    ):
        message = scene.stage.telegram.engine.world.chats[scene.phone.chat_id].messages[message_id]
        orders = by_alert.get(alert, [])
        says = message.content.text
        if f"{len(orders)} new orders" in says or (len(orders) == 1 and "New order" in says):
            told |= dict.fromkeys(orders, alert)
    return told


def _messages(scene: Scene) -> list[str]:
    """Return what rang for orders in the chat; the test alert aside."""
    texts = [
        message.content.text
        for message in scene.stage.telegram.engine.world.chats[scene.phone.chat_id].messages.values()
        if message.sender.is_bot
    ]
    return [text for text in texts if text.startswith("🔔") and "ew order" in text and "Test" not in text]


def named(model: dict[str, object]) -> dict[str, int]:
    return {"item_id": int(str(model["item_id"])), "model_id": int(str(model["model_id"]))}


def _ids(scene: Scene) -> dict[str, str]:
    """Return our ids of all orders by their numbers."""
    return dict(scene.rows("SELECT external_id, id FROM sale_order"))
