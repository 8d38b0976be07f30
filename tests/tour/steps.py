"""The steps of the tour, in order. Each acts as a person would and compares with the simulator's truth."""

import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.stage import Message, until
from tests.stage.crew import choose_shop
from tests.tour.walk import Walk

Step = Callable[[Walk], Awaitable[None]]


async def first_run(walk: Walk) -> None:
    await walk.phone.say("/start")
    await walk.phone.sees("Run your shops from this chat")


async def link(walk: Walk) -> None:
    began = time.perf_counter()
    message = await walk.phone.sees("Run your shops")
    await walk.phone.press(message, "^Link a shop$")
    await choose_shop(walk.phone, message, "Shopee")
    offer = await walk.phone.sees_in(message, "Valid until")
    page = await walk.stage.seller.consent(offer.urls["Open Shopee"])
    assert "Almost done" in page.text, page.text
    asked = await walk.phone.sees_in(message, "Is this your shop? Rumah Kita")
    answer = await walk.phone.press(asked, "^Yes, link it$")
    assert answer["answered"], answer
    await walk.phone.sees_in(message, "Linked: Rumah Kita")
    walk.report.figure("link_s", time.perf_counter() - began)


async def backfill(walk: Walk) -> None:
    began = time.perf_counter()
    done = await walk.phone.sees("Linked: Rumah Kita", "All in", within_s=120)
    walk.report.figure("backfill_s", time.perf_counter() - began)
    shop = (await walk.stage.seller.world(with_orders=True))["shops"][0]
    orders, listings = len(shop["orders"]), len(shop["items"])
    said = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", done.text)}
    assert orders in said, (orders, done.text)
    variants = await count_variants(walk)
    walk.report.figure("orders", orders)
    walk.report.figure("listings", listings)
    walk.report.figure("variants", variants)
    in_world = sum(len(item["models"]) for item in shop["items"] if item["status"] not in GONE)
    assert variants == in_world, (variants, in_world)
    alerts = [one for one in await walk.phone.messages() if one.text.startswith("🔔 New order")]
    assert not alerts, "history rang"


GONE = {"BANNED", "SELLER_DELETE", "SHOPEE_DELETE"}


async def count_variants(walk: Walk) -> int:
    said = await walk.phone.say("/stock")
    shown = await walk.phone.sees("Stock:", after=said)
    found = re.search(r"Stock: ([\d,]+) variants", shown.text)
    assert found, shown.text
    return int(found[1].replace(",", ""))


async def orders(walk: Walk) -> None:
    said = await walk.phone.say("/orders")
    page = await walk.phone.sees("to pack", after=said)
    tail = page.button("^…").lstrip("…") if len([b for b in page.buttons if b.startswith("…")]) == 1 else ""
    first = tail or next(label for label in page.buttons if label.startswith("…")).lstrip("…")
    said = await walk.phone.say(f"/order {first}")
    card = await walk.phone.sees(f"…{first}", after=said)
    assert "Rumah Kita" in card.text, card.text
    await walk.phone.press(page, "^›$")
    await walk.phone.offers(page, "^2/")


async def new_order(walk: Walk) -> None:
    await walk.choose_model()
    began = time.perf_counter()
    placed = await walk.stage.seller.order(walk.model["item_id"], walk.model["model_id"], 2)
    alert = await walk.phone.sees("🔔 New order", within_s=10)
    walk.report.figure("order_to_alert_s", time.perf_counter() - began)
    answer = await walk.phone.press(alert, "^Open$")
    assert answer["answered"], answer
    await walk.phone.sees(placed["order_sn"][-5:])


async def floor(walk: Walk) -> None:
    await walk.choose_model()
    now = await walk.price_in_shop()
    lowest = now * 80 // 100
    said = await walk.phone.say(f"/price {walk.sku} floor {lowest}")
    await walk.phone.sees("loor", after=said)
    said = await walk.phone.say(f"/price {walk.sku} {lowest - 1000}")
    await walk.phone.sees("floor", after=said)
    assert await walk.price_in_shop() == now


async def approve(walk: Walk) -> None:
    before, after = await walk.price_in_shop(), 0
    after = before * 90 // 100
    began = time.perf_counter()
    card = await propose(walk, after)
    assert await walk.price_in_shop() == before, "sent before it was approved"
    await walk.phone.press(card, "^Approve")
    await walk.phone.sees_in(card, "read back")
    walk.report.figure("approved_to_read_back_s", time.perf_counter() - began)
    assert await walk.price_in_shop() == after
    await undo(walk, card, before)


async def undo(walk: Walk, card: Message, before: int) -> None:
    began = time.perf_counter()
    live = await walk.phone.sees_in(card, "read back")
    await walk.phone.press(live, "^Undo")
    asked = await walk.phone.sees_in(card, "Take")
    await walk.phone.press(asked, "^Yes")

    async def is_back() -> bool:
        return await walk.price_in_shop() == before

    await until(is_back, "the old price in the shop")
    walk.report.figure("undo_s", time.perf_counter() - began)


async def killed(walk: Walk) -> None:
    """The power goes between the approval and the platform's answer; nothing is lost, nothing is blind."""
    before = await walk.price_in_shop()
    after = before * 95 // 100
    card = await propose(walk, after)
    slow = {"kind": "latency", "path": "/api/v2/product/*", "next": 50, "seconds": 30}
    await walk.stage.seller.control("faults", slow)
    asked_before = len(await walk.stage.seller.calls("/product/get_item_base_info"))
    await walk.phone.press(card, "^Approve")

    async def is_under_way() -> bool:
        return len(await walk.stage.seller.calls("/product/get_item_base_info")) > asked_before

    await until(is_under_way, "the platform to be asked")
    await walk.stage.kill_bot()
    assert await walk.price_in_shop() == before
    await walk.stage.seller.control("faults/clear", {})
    began = time.perf_counter()
    await walk.stage.start_bot()
    await walk.phone.sees_in(card, "read back", within_s=60)
    walk.report.figure("restart_to_applied_s", time.perf_counter() - began)
    assert await walk.price_in_shop() == after
    sent = [call for call in await walk.stage.seller.calls("/product/update_price") if not call["error"]]
    assert len(sent) == SENT_IN_ALL, [call["body"] for call in sent]


SENT_IN_ALL = 3
"""One price approved, one taken back, one approved before the power went: each was sent once."""


async def refused_words(walk: Walk) -> None:
    for words, answer in (
        ("/ordrs", "/orders"),
        ("/order NOSUCHORDER", "NOSUCHORDER"),
        (f"/price {walk.sku} twelve", "twelve"),
        ("/price NO-SUCH-SKU 1000", "NO-SUCH-SKU"),
    ):
        said = await walk.phone.say(words)
        await walk.phone.sees(answer, after=said)


async def indonesian(walk: Walk) -> None:
    said = await walk.phone.say("/settings")
    message = await walk.phone.sees("", after=said)
    await walk.phone.press(message, "Language|English")
    choice = await walk.phone.offers(message, "Bahasa Indonesia")
    await walk.phone.press(choice, "Bahasa Indonesia")
    said = await walk.phone.say("/orders")
    await walk.phone.sees("dikemas", after=said)


async def no_secret_leaked(walk: Walk) -> None:
    """Look for every secret of this stage in the log, the messages and the database file."""
    shown = "\n".join(one.text + str(one.buttons) for one in await walk.phone.messages()).encode()
    places = {"messages": shown, "log": walk.stage.log.read_bytes()}
    for path in Path(walk.stage.folder).glob("storesync.db*"):
        places[path.name] = path.read_bytes()
    assert places["log"], "there is no log to look at"
    secrets = walk.stage.canaries.values(walk.stage.shopee) | walk.tiktok_shop.secrets()
    found = [
        (field, place)
        for field, value in secrets.items()
        for place, held in places.items()
        if value.encode() in held
    ]
    walk.report.figure("secrets_looked_for", len(secrets))
    assert not found, found


async def memory(walk: Walk) -> None:
    status = Path(f"/proc/{walk.stage.bot.pid}/status")
    if status.exists():
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
        assert found
        walk.report.figure("bot_memory_mb", int(found[1]) / 1024)


async def stops(walk: Walk) -> None:
    assert await walk.stage.stop_bot() == 0


async def propose(walk: Walk, after: int) -> Message:
    said = await walk.phone.say(f"/price {walk.sku} {after}")
    return await walk.phone.sees("🏷", after=said)


STEPS: tuple[tuple[str, Step], ...] = (
    ("first run: /start", first_run),
    ("link by OAuth, confirmed in the chat", link),
    ("first import: 500 variants, 2,000 orders, and no alert", backfill),
    ("/orders, /order, pages", orders),
    ("a buyer's order, and its alert", new_order),
    ("floor set, a price below it refused", floor),
    ("price proposed, approved, read back, undone", approve),
    ("killed between approval and platform call, started again", killed),
    ("unknown words are answered", refused_words),
)
ENDING: tuple[tuple[str, Step], ...] = (
    ("Bahasa Indonesia", indonesian),
    ("no secret in log, messages or database", no_secret_leaked),
    ("memory", memory),
    ("ends when it is told to", stops),
)
