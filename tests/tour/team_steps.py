"""The steps of a team: a group with four roles and a topic, two who press at once, a second person, a storm."""

import asyncio
import re

import httpx

from tests.stage import Message, Phone, until
from tests.stage.crew import bring_in, make_group, seen_in
from tests.tour.steps import propose
from tests.tour.walk import Walk

BUSY_ORDERS = 300
PER_MINUTE = 20
TOPIC = 7


async def team(walk: Walk) -> None:
    """Four people of four roles, in a group with a topic; what a role does not allow is refused in words."""
    for name, role in (("Budi", "manager"), ("Citra", "packer"), ("Dewi", "viewer")):
        walk.crew[role] = await bring_in(walk.stage, walk.phone, name, role)
    people = [walk.phone, *walk.crew.values()]
    walk.forum = await make_group(walk.stage, "Team", *people, is_forum=True)
    said = await _write(walk, walk.crew["packer"], "/orders")
    await seen_in(walk.stage, walk.crew["packer"], walk.forum).sees("to pack", after=said)


async def _write(walk: Walk, person: Phone, words: str) -> int:
    """Write into the topic of the group."""
    named = f"{words}@{walk.stage.telegram.engine.world.bot.username}"
    body = {"chat_id": walk.forum, "user_id": person.user_id, "text": named, "thread_id": TOPIC}
    answer = await walk.stage.phones.post("/client/messages", json=body)
    return int(answer.raise_for_status().json()["message_id"])


async def viewer_refused(walk: Walk) -> None:
    before = await walk.price_in_shop()
    card = await propose(walk, before * 97 // 100)
    shown = await _in_group(walk, card)
    viewer = seen_in(walk.stage, walk.crew["viewer"], walk.forum)
    refused = await viewer.press(shown, "^Approve")
    assert "manager" in str(refused["text"]), refused
    assert await walk.price_in_shop() == before
    await walk.phone.press(card, "^Reject")
    await viewer.sees_in(shown, "ejected")


async def _in_group(walk: Walk, card: Message) -> Message:
    """Return the card of the same price in the group."""
    amount = re.findall(r"→ ([\d,]+)", card.text)[-1]
    looker = seen_in(walk.stage, walk.phone, walk.forum)
    return await looker.sees("🏷", amount)


async def two_at_once(walk: Walk) -> None:
    """Two managers press Approve in the same moment: one counts, the other is told who was first."""
    before = await walk.price_in_shop()
    after = before * 96 // 100
    card = await propose(walk, after)
    shown = await _in_group(walk, card)
    manager = seen_in(walk.stage, walk.crew["manager"], walk.forum)
    answers = await asyncio.gather(walk.phone.press(card, "^Approve"), manager.press(shown, "^Approve"))
    assert all(answer["answered"] for answer in answers), answers
    await walk.phone.sees_in(card, "read back")
    await manager.sees_in(shown, "read back")
    assert await walk.price_in_shop() == after
    sent = [call for call in await walk.stage.seller.calls("/product/update_price") if not call["error"]]
    sent_so = [call for call in sent if str(after) in str(call["body"])]
    assert len(sent_so) == 1, [call["body"] for call in sent]


async def second_person(walk: Walk) -> None:
    """A price that falls by 35 % waits until somebody else says yes as well."""
    before = await walk.price_in_shop()
    after = before * 65 // 100
    said = await walk.phone.say(f"/price {walk.sku} floor {after // 2}")
    await walk.phone.sees("loor", after=said)
    card = await propose(walk, after)
    assert "Second person needed" in card.text, card.text
    assert not [label for label in card.buttons if label.startswith("Approve")], card.buttons
    assert await walk.price_in_shop() == before, "nobody else was asked"
    shown = await _in_group(walk, card)
    manager = seen_in(walk.stage, walk.crew["manager"], walk.forum)
    await manager.press(shown, "^Approve")
    await walk.phone.sees_in(card, "read back")
    assert await walk.price_in_shop() == after


async def storm(walk: Walk) -> None:
    """300 orders in a minute into one group, with Telegram's real limits."""
    await walk.stage.phones.post("/client/faults", json={"kind": "real_limits", "on": True})
    mark = max((call.n for call in walk.stage.telegram.engine.calls.calls(0)), default=0)
    named = {"item_id": int(walk.model["item_id"]), "model_id": int(walk.model["model_id"])}
    await walk.stage.seller.control("stock", {**named, "stock": 1_000_000})
    before = await _counted(walk)
    for _ in range(BUSY_ORDERS):
        await walk.stage.seller.order(**named)

    async def is_quiet() -> bool:
        left = walk.stage.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")[0][0]
        return bool(left == 0 and await _counted(walk) == before + BUSY_ORDERS)

    await until(is_quiet, "every order to be on the group's alert", within_s=150)
    calls = walk.stage.telegram.engine.calls.calls(mark)
    into_group = [call.at for call in calls if str(call.chat_id) == str(walk.forum)]
    most = max(sum(at <= other < at + 60 for other in into_group) for at in into_group)
    walk.report.figure("storm_calls_a_minute", most)
    refused = [call for call in calls if call.error_code == httpx.codes.TOO_MANY_REQUESTS]
    assert most <= PER_MINUTE, most
    assert not refused, len(refused)
    await walk.stage.phones.delete("/client/faults")


async def _counted(walk: Walk) -> int:
    """Return how many of the latest orders the group's messages stand for."""
    query = (
        "SELECT count(DISTINCT line.order_id) FROM order_alert_line line"
        " JOIN order_alert alert ON alert.id = line.alert_id JOIN view ON view.id = alert.view_id"
        " JOIN chat ON chat.id = view.chat_id WHERE chat.telegram_id = ?"
    )
    return int(walk.stage.rows(query, str(walk.forum))[0][0])


async def migrates(walk: Walk) -> None:
    """A basic group becomes a supergroup under the team's hands; what comes next arrives in the new one."""
    people = [walk.phone, *walk.crew.values()]
    old = await make_group(walk.stage, "Small team", *people)
    answer = await walk.stage.phones.patch(f"/client/chats/{old}", json={"action": "migrate"})
    new = int(answer.raise_for_status().json()["chat"]["id"])
    assert new != old
    placed = await walk.stage.seller.order(int(walk.model["item_id"]), int(walk.model["model_id"]))
    moved = seen_in(walk.stage, walk.phone, new)
    await moved.sees("ew order", placed["order_sn"][-5:], within_s=60)


TEAM_STEPS = (
    ("a team: a group with a topic, four people of four roles", team),
    ("a viewer is refused", viewer_refused),
    ("two managers press Approve at once", two_at_once),
    ("a price 35 % lower waits for a second person", second_person),
    ("300 orders in a minute into one group, real limits", storm),
    ("a group becomes a supergroup", migrates),
)
