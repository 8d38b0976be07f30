"""The web chat as a page: what is drawn, for whom, on which screen, and that nothing foreign runs in it."""

import json
from typing import Final

import pytest
from playwright.async_api import Route, expect

from simulator.telegram.server import TelegramSimulator
from tests.browser.phone import PHONE, Bot, Json, Phones, key

pytestmark = pytest.mark.browser

UNASSIGNED: Final = ("\u0378", "\u0379")
"""Code points that no font has: both are drawn as the same box."""

WORDS: Final = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft "
    "https://example.com/" + "a" * 90 + "\nĐơn hàng đã được xử lý · น้ำดื่มผู้ใหญ่ · 订单已发货"
)


async def test_thai_vietnamese_chinese_and_emoji_are_drawn_as_glyphs(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    sent = {text: await bot.send(sari, text) for text in ("ก", "ữ", "订", "📦", *UNASSIGNED)}
    phone = await phones.open(telegram.url, reduced_motion="reduce")
    await expect(phone.message(sent[UNASSIGNED[-1]])).to_be_visible()
    drawn = {text: await phone.message(number).locator(".text").screenshot() for text, number in sent.items()}

    first_box, second_box = (drawn.pop(text) for text in UNASSIGNED)
    assert first_box == second_box
    assert [text for text, picture in drawn.items() if picture == first_box] == []
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize("size", [(320, 640), PHONE, (800, 700), (1400, 960)], ids=str)
async def test_nothing_is_cut_off_sideways(
    telegram: TelegramSimulator, phones: Phones, bot: Bot, size: tuple[int, int]
) -> None:
    sari = await bot.person("Sari")
    labels = ["Zurück zur Übersicht", "ดูคำสั่งซื้อทั้งหมด", "Copy number"]
    card = await bot.send(sari, WORDS, [key(label) for label in labels])
    phone = await phones.open(telegram.url, size=size)
    await expect(phone.message(card)).to_be_visible()

    for box in ("document.documentElement", "document.getElementById('log')"):
        assert await phone.page.evaluate(f"{box}.scrollWidth <= {box}.clientWidth")
    await expect(phone.page.get_by_role("heading", name="Simulator, not Telegram")).to_be_in_viewport()
    for label in labels:
        shown = (
            await phone.button(label)
            .locator(".label")
            .evaluate(
                "label => label.scrollWidth <= label.clientWidth && label.scrollHeight <= label.clientHeight + 1"
            )
        )
        assert shown, f"{label} is cut"


async def test_desktop_shows_a_phone_with_its_chats_beside_it(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    await bot.person("Sari")
    phone = await phones.open(telegram.url, size=(1400, 960))
    frame = await phone.page.locator(".phone").bounding_box()

    assert frame is not None
    assert (frame["width"], frame["height"]) == (390, 844)
    assert frame["x"] + frame["width"] / 2 == 700
    await expect(phone.page.get_by_role("navigation", name="Chats")).to_be_visible()


async def test_address_chooses_chat_and_persona(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari, ann = await bot.person("Sari"), await bot.person("Ann")
    group = (await bot.client("chats", type="supergroup", title="Rumah Kita", user_ids=[sari, ann]))["id"]
    await bot.send(group, "🔔 3 new orders")
    phone = await phones.open(f"{telegram.url}/?chat={group}&user={ann}")

    await expect(phone.page.get_by_role("heading", name="Rumah Kita")).to_be_visible()
    await expect(phone.page.locator("#chat-state")).to_have_text("group · you are Ann")
    await expect(phone.newest).to_contain_text("🔔 3 new orders")
    await phone.say("on it")
    await expect(phone.newest).to_have_class("message out first last new")


async def test_news_of_another_chat_is_told_and_counted(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    group = (await bot.client("chats", type="supergroup", title="Rumah Kita", user_ids=[sari]))["id"]
    phone = await phones.open(f"{telegram.url}/?chat={sari}&user={sari}")
    await expect(phone.articles).to_have_count(1)
    await bot.send(group, "🔔 New order · you keep 31,400\n2 × Lampu")

    await expect(phone.banner).to_contain_text("🔔 New order · you keep 31,400")
    await expect(phone.banner).not_to_contain_text("Lampu")
    await phone.page.get_by_role("button", name="All chats").click()
    row = phone.page.get_by_role("link", name="Rumah Kita")
    await expect(row.get_by_role("img", name="1 unread")).to_be_visible()
    await row.press("Enter")
    await expect(phone.newest).to_contain_text("2 × Lampu")
    await expect(phone.log).to_be_focused()


async def test_each_persona_has_an_own_phone(telegram: TelegramSimulator, phones: Phones, bot: Bot) -> None:
    sari, ann = await bot.person("Sari"), await bot.person("Ann")
    await bot.send(sari, "for Sari only")
    phone = await phones.open(f"{telegram.url}/?user={ann}")
    await expect(phone.articles).to_have_count(1)
    await phone.page.get_by_role("button", name="All chats").click()
    await expect(phone.page.locator(".chat-row")).to_have_count(1)
    await phone.page.get_by_label("You are").select_option(label="Sari (en)")
    await phone.page.locator(".chat-row").click()

    await expect(phone.newest).to_contain_text("for Sari only")
    assert f"user={sari}" in phone.page.url


async def test_text_of_a_bot_is_never_markup(telegram: TelegramSimulator, phones: Phones, bot: Bot) -> None:
    sari = await bot.person("Sari")
    text = '<img src=x onerror="window.hit = 1"> & <b>no</b>'
    await bot.call("sendMessage", chat_id=sari, text=text)
    phone = await phones.open(telegram.url)

    await expect(phone.newest.locator(".text")).to_have_text(text)
    await expect(phone.newest.locator(".text *")).to_have_count(0)


async def test_hostile_html_is_reduced_to_known_elements(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    hostile = (
        '<b onclick="window.hit = 1">bold</b><script>window.hit = 1</script><img src="x" onerror="window.hit = 1">'
        '<a href="javascript:window.hit = 1">press</a><form action="/client/reset"><input name="words"></form>'
        '<a href="https://example.com/ok" onclick="window.hit = 1">link</a><style>* { display: none }</style>'
    )

    async def poison(route: Route) -> None:
        answer = await route.fetch()
        content = await answer.json()
        content["messages"][-1]["html"] = hostile
        await route.fulfill(response=answer, body=json.dumps(content))

    await bot.send(sari, "replaced")
    phone = await phones.open(telegram.url)
    await phone.page.route("**/client/chats/*/messages", poison)
    await phone.page.reload()
    words = phone.newest.locator(".text")
    await expect(words).to_have_text("boldpresslink")
    assert await words.evaluate("node => [...node.querySelectorAll('*')].map(one => one.tagName)") == [
        "B",
        "SPAN",
        "A",
    ]
    assert await words.locator("a").evaluate("link => link.getAttributeNames().sort()") == [
        "href",
        "rel",
        "target",
    ]
    await words.locator("b").click()
    assert await phone.page.evaluate("window.hit") is None


async def test_quotation_unfolds_and_spoiler_uncovers(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    lines = "\n".join(f"line {number}" for number in range(9))
    await bot.send(sari, f"<blockquote expandable>{lines}</blockquote><tg-spoiler>cost 15,100</tg-spoiler>")
    phone = await phones.open(telegram.url)
    quoted = phone.newest.locator(".quoted")
    folded = await quoted.evaluate("node => node.clientHeight")
    await phone.button("Show all").press("Enter")
    await expect(phone.button("Show less")).to_have_attribute("aria-expanded", "true")
    assert await quoted.evaluate("node => node.clientHeight") > 2 * folded
    await phone.log.get_by_role("button", name="Hidden text, show").press("Enter")

    await expect(phone.newest.get_by_text("cost 15,100")).to_be_visible()


@pytest.mark.parametrize(("zone", "shown"), [("Asia/Jakarta", "14:05"), ("Europe/Berlin", "08:05")])
async def test_times_are_the_readers_own(
    telegram: TelegramSimulator, phones: Phones, bot: Bot, zone: str, shown: str
) -> None:
    sari = await bot.person("Sari")
    await bot.send(
        sari, 'as of <tg-time unix="1764054300" format="t">some time</tg-time>'
    )  # 2025-11-25 07:05 UTC
    phone = await phones.open(telegram.url, zone=zone)

    await expect(phone.newest.locator(".text")).to_have_text(f"as of {shown}")


async def test_list_of_messages_is_a_log_with_a_name(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    silent = await bot.send(sari, "quiet", disable_notification=True)
    phone = await phones.open(telegram.url)
    await expect(phone.message(silent).get_by_role("img", name="silent")).to_be_visible()

    assert (await phone.log.get_attribute("aria-label") or "").startswith("Messages with ")
    await phone.log.focus()
    await phone.page.keyboard.press("ArrowDown")
    await expect(phone.message(silent)).to_be_focused()
    await phone.page.keyboard.press("Enter")
    await expect(phone.page.get_by_role("menuitem", name="Reply")).to_be_focused()
    await phone.page.keyboard.press("Enter")
    await phone.say("answer")
    assert (await bot.next_update())["message"]["reply_to_message"]["message_id"] == silent


async def test_styled_buttons_differ_by_more_than_colour(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    await bot.send(sari, "Act", [key("Send", style="success"), key("Drop", style="danger"), key("Look")])
    phone = await phones.open(telegram.url)

    await expect(phone.button("Send").locator("use")).to_have_attribute("href", "#i-success")
    await expect(phone.button("Drop").locator("use")).to_have_attribute("href", "#i-danger")
    await expect(phone.button("Look").locator("use")).to_have_count(0)
    await expect(phone.button("Drop")).to_have_attribute("aria-description", "dangerous action")


async def test_colours_follow_the_toggle_and_stay(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    await bot.person("Sari")
    phone = await phones.open(telegram.url, color_scheme="light")
    paper = "getComputedStyle(document.querySelector('.phone')).backgroundColor"
    assert await phone.page.evaluate(paper) == "rgb(255, 255, 255)"
    for chosen in ("light", "dark"):
        await phone.page.get_by_role("button", name=f"Change to {chosen}").click()
    await phone.page.reload()

    assert await phone.page.evaluate(paper) == "rgb(23, 33, 43)"


async def test_reduced_motion_stops_every_animation(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    phone = await phones.open(telegram.url, reduced_motion="reduce")
    await expect(phone.articles).to_have_count(1)
    await bot.send(sari, "new")
    await expect(phone.articles).to_have_count(2)

    assert await phone.newest.evaluate("node => node.classList.contains('new')")
    assert await phone.newest.evaluate("node => getComputedStyle(node).animationName") == "none"


async def test_picture_opens_zooms_and_closes_by_keyboard(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    phone = await phones.open(telegram.url)
    picture = await phone.page.screenshot()
    await bot.upload("sendPhoto", sari, "photo", ("sales.png", picture, "image/png"), caption="7 days")
    await expect(phone.newest).to_contain_text("7 days")
    await phone.button("Enlarge picture").press("Enter")
    viewer = phone.page.get_by_role("dialog", name="Picture")
    shown = viewer.get_by_role("presentation")
    fitting = await shown.evaluate("image => image.complete && image.naturalWidth > 0 && image.clientWidth")
    await phone.page.keyboard.press("+")

    assert await shown.evaluate("image => image.clientWidth") > 2 * fitting > 0
    await phone.page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(phone.button("Enlarge picture")).to_be_focused()


async def test_persona_and_group_are_made_on_the_page(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    await bot.person("Sari")
    phone = await phones.open(telegram.url, size=(1400, 960))
    page = phone.page
    for field, value, add in (("First name", "Nok", "Add persona"), ("Title", "Rumah Kita", "Add group")):
        await page.get_by_role("button", name="New persona or group").click()
        await page.get_by_label(field).fill(value)
        await page.get_by_role("button", name=add).click()
        await expect(page.get_by_role("dialog", name="New persona or group")).to_be_hidden()
    await page.get_by_label("You are").select_option(label="Nok (en)")
    await page.get_by_role("link", name="Rumah Kita").click()
    await phone.say("/start")

    message: Json = {}
    while "text" not in message:  # before it come the updates of the group's making
        message = (await bot.next_update()).get("message", {})
    assert (message["from"]["first_name"], message["chat"]["title"]) == ("Nok", "Rumah Kita")
