"""P28, `storm`: a minute of orders into one group, within Telegram's real limits, and none out of reach."""

import re

import httpx

from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, Phone, until

PER_MINUTE = 20
TAIL = re.compile("…([A-Z0-9]{5,})")
QUIET_WITHIN_S = 150.0


async def storm(trial: Trial) -> Verdict:
    """P28: at most 20 calls a minute reach a group, none is answered 429, every order can be reached."""
    verdict = trial.verdict()
    async with open_scene(trial) as scene:
        group = await _group(scene)
        await scene.stage.phones.post("/client/faults", json={"kind": "real_limits", "on": True})
        placed = await _place(scene, trial.size(80, 10_000))
        await _quiet(scene, len(placed), verdict)
        calls = _calls(scene, group)
        _judge_pace(scene, calls, verdict)
        reached = await _reach(scene, group)
        ends = {number for number in placed if not any(number.endswith(tail) for tail in reached)}
        for number in sorted(ends):
            verdict.check(number not in ends, f"order {number} cannot be reached from the group")
        verdict.trials = len(placed)
        verdict.numbers |= {"calls": len(calls), "reached": len(placed) - len(ends)}
    return verdict


async def _group(scene: Scene) -> int:
    """Connect a group to the seller; the private chat hears nothing then that would slow it down."""
    body = {"type": "group", "title": "Rumah Kita", "user_ids": [scene.phone.user_id]}
    made = (await scene.stage.phones.post("/client/chats", json=body)).raise_for_status().json()
    group = Phone(scene.stage.phones, scene.phone.user_id, made["id"])
    await group.sees("I am here")
    await group.say(f"/start@{scene.stage.telegram.engine.world.bot.username}")
    await group.sees("Shown here")
    return int(made["id"])


async def _place(scene: Scene, count: int) -> list[str]:
    model = await scene.stage.seller.sellable()
    named = {"item_id": int(model["item_id"]), "model_id": int(model["model_id"])}
    await scene.stage.seller.control("stock", {**named, "stock": 1_000_000})
    return [(await scene.stage.seller.order(**named))["order_sn"] for _ in range(count)]


async def _quiet(scene: Scene, count: int, verdict: Verdict) -> None:
    async def is_quiet() -> bool:
        on_alerts = scene.rows("SELECT count(DISTINCT order_id) FROM order_alert_line")[0][0]
        waiting = scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")[0][0]
        return bool(on_alerts >= count and waiting == 0)

    try:
        await until(is_quiet, "the storm to be over", within_s=30 if scene.broken else QUIET_WITHIN_S)
    except AssertionError as vain:
        verdict.check(False, str(vain))


def _calls(scene: Scene, group: int) -> list[float]:
    every = scene.stage.telegram.engine.calls.calls(0)
    counted = {"sendMessage", "editMessageText"}
    return [call.at for call in every if call.method in counted and str(call.chat_id) == str(group)]


def _judge_pace(scene: Scene, calls: list[float], verdict: Verdict) -> None:
    most = max(sum(at <= other < at + 60 for other in calls) for at in calls)
    verdict.numbers["most_a_minute"] = most
    verdict.check(most <= PER_MINUTE, f"{most} calls reached the group within a minute")
    refused = [
        call
        for call in scene.stage.telegram.engine.calls.calls(0)
        if call.error_code == httpx.codes.TOO_MANY_REQUESTS
    ]
    verdict.check(not refused, f"{len(refused)} calls were answered 429")


async def _reach(scene: Scene, group: int) -> set[str]:
    """Go from the group's message into the private chat and turn all pages; return the tails seen."""
    seen: set[str] = set()
    phone = Phone(scene.stage.phones, scene.phone.user_id, group)
    for alert in [
        one for one in await phone.messages() if "new orders" in one.text or "New order" in one.text
    ]:
        url = alert.urls.get("Open the list", "")
        if not url:
            seen |= set(TAIL.findall(alert.text))
            continue
        said = await scene.phone.say(f"/start {url.partition('start=')[2]}")
        page = await scene.phone.sees("new orders", after=said, within_s=60)
        seen |= set(TAIL.findall(page.text))
        while "›" in page.buttons:
            here = next(label for label in page.buttons if re.fullmatch(r"[\d,]+/[\d,]+", label))
            await scene.phone.press(page, "^›$", wait_s=60)
            page = await _turned(scene.phone, page.id, here)
            seen |= set(TAIL.findall(page.text))
    return seen


async def _turned(phone: Phone, message_id: int, from_page: str) -> Message:
    async def look() -> Message | None:
        shown = [one for one in await phone.messages() if one.id == message_id]
        return next((one for one in shown if from_page not in one.buttons), None)

    return await until(look, "the next page", within_s=60)
