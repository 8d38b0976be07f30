"""People who have no business with Sari's shop, and how it is seen that they did nothing to it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulator.telegram.objects import press_object
from simulator.telegram.records import Press
from storage.tables import metadata
from tests.proofs.trial import Scene
from tests.proofs.verdict import Verdict
from tests.stage import Phone, until
from tests.stage.crew import bring_in, make_group, seen_in

HANDLED_WITHIN_S = 200.0
MOVING = frozenset(
    {"outbox", "inbox", "sync_mark", "active_day", "order_tally", "stock_tally", "stock_place"}
    | {"settlement", "settlement_fee", "fee_lesson"}
)
"""What StoreSync itself keeps moving while nobody acts."""


@dataclass(slots=True)
class Strangers:
    """Mallory, who owns a seller without a shop, her three helpers, somebody unknown; here and in groups."""

    scene: Scene
    phones: dict[str, Phone]
    asked: dict[int, str] = field(default_factory=dict)
    """The numbers of the presses made, with what each was about."""

    @classmethod
    async def gather(cls, scene: Scene) -> "Strangers":
        mallory = await Phone.of(scene.stage.phones, "Mallory")
        said = await mallory.say("/start")
        await mallory.sees("", after=said)
        phones = {"owner": mallory}
        for role in ("manager", "packer", "viewer"):
            phones[role] = await bring_in(scene.stage, mallory, f"Her {role}", role)
        phones["stranger"] = await Phone.of(scene.stage.phones, "Nobody")
        everybody = list(phones.values())
        group = await make_group(scene.stage, "Elsewhere", *everybody)
        forum = await make_group(scene.stage, "Topics", *everybody, is_forum=True)
        for place, chat_id in (("group", group), ("topic", forum)):
            phones |= {
                f"{role} in a {place}": seen_in(scene.stage, phone, chat_id)
                for role, phone in list(phones.items())
                if " " not in role
            }
        await phones["stranger"].say("/start")
        await phones["stranger"].sees("")
        return cls(scene, phones)

    def press(self, phone: Phone, data: str, about: str) -> None:
        """Press what no button offers: the data of a press comes from the client, and may be anything."""
        engine = self.scene.stage.telegram.engine
        chat = engine.world.chats[phone.chat_id]
        shown = max(number for number, one in chat.messages.items() if one.sender.is_bot)
        query = str(engine.world.random.randrange(1 << 60, 1 << 63))
        made = Press(query, chat.id, shown, phone.user_id, engine.clock())
        engine.world.presses[query] = made
        engine.updates.add("callback_query", press_object(engine.world, made, data), f"user{phone.user_id}")
        self.asked[int(query)] = about

    async def handled(self, meanwhile: Callable[[], None] | None = None) -> None:
        """Wait until every press and every word was worked off; do something at each look `meanwhile`."""

        async def is_done() -> bool:
            if meanwhile:
                meanwhile()
            left = self.scene.rows("SELECT count(*) FROM inbox WHERE state IN ('new', 'leased')")
            return left == [(0,)] and not self.scene.stage.telegram.engine.updates.pending()

        every_s = 0.5 if meanwhile else None
        await until(is_done, "all presses to be worked off", within_s=HANDLED_WITHIN_S, every_s=every_s)

    def judge_answers(self, verdict: Verdict) -> None:
        """Count what was answered more than once, and what broke."""
        calls = self.scene.stage.telegram.engine.calls.calls(0, "answerCallbackQuery")
        answers: dict[int, int] = {}
        for call in calls:
            if call.ok:
                query = int(call.params["callback_query_id"])
                answers[query] = answers.get(query, 0) + 1
        for query, about in self.asked.items():
            times = answers.get(query, 0)
            verdict.check(times <= 1, f"{about}: answered {times} times")
        broken = [line for line in self.scene.stage.log.read_text().splitlines() if BROKE.search(line)]
        for line in broken:
            verdict.check(holds=False, otherwise=f"a handler broke: {line[:300]}")
        parked = self.scene.rows("SELECT count(*) FROM inbox WHERE state = 'parked'")[0][0]
        verdict.check(parked == 0, f"{parked} updates were given up")

    def judge_shown(self, words: set[str], verdict: Verdict) -> None:
        shown = self.shown()
        for word in sorted(word for word in words if word in shown):
            verdict.check(holds=False, otherwise=f"a stranger was shown {word}")

    def shown(self) -> str:
        """Return everything that was shown in these chats, and in answer to their presses."""
        world = self.scene.stage.telegram.engine.world
        chats = {phone.chat_id for phone in self.phones.values()}
        texts: list[str] = []
        for chat_id in chats:
            for message in world.chats[chat_id].messages.values():
                if message.sender.is_bot:
                    texts += [message.content.text, json.dumps(message.content.keyboard, ensure_ascii=False)]
        texts += [press.text or "" for press in world.presses.values() if press.chat_id in chats]
        return "\n".join(texts).replace("\u200d", "").replace("\u2060", "")


BROKE = re.compile(r"update\.(broke|failed|unexplained)|queue\.work_failed|event\.broke")


class Rows(Protocol):
    """Whatever lets one look into a database."""

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]: ...


def owned_rows(scene: Rows, seller_id: str) -> dict[str, list[str]]:
    """Return every row of a seller, table by table, in an order of its own."""
    return {
        table.name: sorted(repr(row) for row in scene.rows(_of_seller(table.name), seller_id))
        for table in metadata.sorted_tables
        if "seller_id" in table.c and table.name not in MOVING
    }


def _of_seller(table: str) -> str:
    return f"SELECT * FROM {table} WHERE seller_id = ?"  # noqa: S608 - a name from our own schema


def check_untouched(before: dict[str, list[str]], after: dict[str, list[str]], verdict: Verdict) -> None:
    for table, rows in before.items():
        changed = set(rows) ^ set(after[table])
        for row in sorted(changed)[:3]:
            verdict.check(holds=False, otherwise=f"{table} changed: {row[:200]}")


def foreign_ids(scene: Scene, seller_id: str) -> Iterator[tuple[str, str]]:
    """Yield an id of each kind that this seller owns: orders, variants, shops, prices, people, ..."""
    for table in metadata.sorted_tables:
        if "seller_id" in table.c and "id" in table.c and table.name not in {"outbox", "inbox"}:
            found = scene.rows(f"{_of_seller(table.name).replace('*', 'id')} LIMIT 1", seller_id)
            yield from ((table.name, str(each)) for [each] in found)
    for column, name in (("proposal_id", "change"), ("user_id", "member")):
        found = scene.rows(f"{_of_seller(name).replace('*', column)} LIMIT 1", seller_id)
        yield from ((column, str(each)) for [each] in found)


def words_of(scene: Scene, seller_id: str) -> set[str]:
    """Return what only somebody of this seller may ever read."""
    asked = (
        "SELECT name FROM shop WHERE seller_id = ?",
        "SELECT title FROM listing WHERE seller_id = ?",
        "SELECT external_id FROM sale_order WHERE seller_id = ?",
        "SELECT sku FROM listing_variant WHERE seller_id = ?",
    )
    found: Iterable[tuple[Any, ...]] = (row for query in asked for row in scene.rows(query, seller_id))
    return {str(word) for (word,) in found if word and len(str(word)) > 4}
