"""A person talks with a bot in the web chat, by keyboard, role and label."""

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import expect

from simulator.telegram.server import TelegramSimulator
from tests.browser.phone import Bot, Phones, key

pytestmark = pytest.mark.browser


async def test_first_visit_needs_one_press_to_start(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    phone = await phones.open(telegram.url)
    await phone.page.get_by_role("button", name="Start", exact=True).click()

    update = await bot.next_update()
    assert update["message"]["text"] == "/start"
    await expect(phone.newest).to_contain_text("/start")
    await expect(phone.words).to_be_focused()


async def test_enter_sends_and_shift_enter_begins_a_line(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    await bot.person("Sari")
    phone = await phones.open(telegram.url)
    await phone.words.focus()
    for keys in ("สองบรรทัด", "Shift+Enter", "second"):
        await (phone.page.keyboard.press(keys) if "+" in keys else phone.page.keyboard.insert_text(keys))
    await phone.page.keyboard.press("Enter")

    update = await bot.next_update()
    assert update["message"]["text"] == "สองบรรทัด\nsecond"
    await expect(phone.newest).to_contain_text("สองบรรทัด\nsecond")
    await expect(phone.words).to_have_value("")


async def test_press_by_keyboard_is_answered_and_edited_in_place(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    card = await bot.send(sari, "On hand 5", [key("−1"), key("+1", "up")], [key("Send 5", style="success")])
    phone = await phones.open(telegram.url)
    before = await phone.articles.count()
    await phone.button("+1").focus()
    await phone.page.keyboard.press("Enter")

    query = (await bot.next_update())["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("up", card)
    await expect(phone.button("+1")).to_have_attribute("aria-busy", "true")
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="On hand 6")
    await bot.call(
        "editMessageText",
        chat_id=sari,
        message_id=card,
        text="On hand 5 → 6",
        reply_markup={"inline_keyboard": [[key("−1"), key("+1", "up")], [key("Send 6", style="success")]]},
    )

    await expect(phone.toast).to_have_text("On hand 6")
    await expect(phone.message(card)).to_contain_text("On hand 5 → 6")
    await expect(phone.message(card)).to_contain_text("edited")
    await expect(phone.button("Send 6")).to_be_visible()
    await expect(phone.button("Send 5")).to_have_count(0)
    await expect(phone.button("+1")).to_be_focused()
    await expect(phone.button("+1")).not_to_have_attribute("aria-busy", "true")
    assert await phone.articles.count() == before


async def test_focus_does_not_fall_on_a_button_that_was_not_there(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    card = await bot.send(sari, "Price 29,500 → 26,500", [key("Approve"), key("Reject")])
    phone = await phones.open(telegram.url)
    await phone.button("Approve").focus()
    await bot.call(
        "editMessageText",
        chat_id=sari,
        message_id=card,
        text="Approved",
        reply_markup={"inline_keyboard": [[key("Undo")]]},
    )

    await expect(phone.button("Undo")).to_be_visible()
    await expect(phone.message(card)).to_be_focused()


async def test_spinner_shows_only_after_a_third_of_a_second(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    await bot.send(sari, "Stock", [key("Refresh")])
    phone = await phones.open(telegram.url)
    await phone.page.evaluate(
        """() => {
            const button = document.querySelector("button.inline");
            button.addEventListener("click", () => { window.pressedAt = performance.now(); }, { capture: true });
            new MutationObserver(() => { window.spunAt ??= performance.now(); })
                .observe(button, { attributes: true, attributeFilter: ["aria-busy"] });
        }"""
    )
    await phone.button("Refresh").click()
    await expect(phone.button("Refresh")).to_have_attribute("aria-busy", "true")

    waited_ms = await phone.page.evaluate("window.spunAt - window.pressedAt")
    assert 290 <= waited_ms < 2000
    query = (await bot.next_update())["callback_query"]
    await bot.call("answerCallbackQuery", callback_query_id=query["id"])
    await expect(phone.button("Refresh")).not_to_have_attribute("aria-busy", "true")


async def test_alert_waits_for_ok(telegram: TelegramSimulator, phones: Phones, bot: Bot) -> None:
    sari = await bot.person("Sari")
    await bot.send(sari, "Price", [key("Approve")])
    phone = await phones.open(telegram.url)
    await phone.button("Approve").click()
    query = (await bot.next_update())["callback_query"]
    await bot.call(
        "answerCallbackQuery",
        callback_query_id=query["id"],
        text="Only managers may approve.",
        show_alert=True,
    )

    alert = phone.page.get_by_role("alertdialog")
    await expect(alert).to_contain_text("Only managers may approve.")
    await phone.page.keyboard.press("Enter")
    await expect(alert).to_be_hidden()


async def test_link_button_opens_a_tab_that_cannot_reach_back(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    target = f"{telegram.url}/static/chat.css"
    await bot.send(sari, "Link Shopee", [key("Open Shopee", url=target)])
    phone = await phones.open(telegram.url)
    async with phone.page.context.expect_page() as opening:
        await phone.button("Open Shopee").click()
    opened = await opening.value

    await opened.wait_for_url(target)
    assert await opened.evaluate("window.opener") is None


async def test_copy_button_fills_the_clipboard(telegram: TelegramSimulator, phones: Phones, bot: Bot) -> None:
    sari = await bot.person("Sari")
    await bot.send(sari, "Order", [key("Copy number", copy_text={"text": "250412AB12X"})])
    phone = await phones.open(telegram.url, permissions=["clipboard-read", "clipboard-write"])
    await phone.button("Copy number").click()

    await expect(phone.toast).to_have_text("Copied")
    assert await phone.page.evaluate("navigator.clipboard.readText()") == "250412AB12X"


async def test_command_is_found_and_sent_by_keyboard(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    await bot.person("Sari")
    commands = [("orders", "What to pack"), ("order", "One order"), ("stock", "Days of cover")]
    await bot.call(
        "setMyCommands", commands=[{"command": name, "description": text} for name, text in commands]
    )
    phone = await phones.open(telegram.url)
    await phone.words.press_sequentially("/ord")
    options = phone.page.get_by_role("option")
    await expect(options).to_have_text(["/ordersWhat to pack", "/orderOne order"])
    await phone.page.keyboard.press("ArrowDown")
    await phone.page.keyboard.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await phone.page.keyboard.press("Enter")

    assert (await bot.next_update())["message"]["text"] == "/order"
    await expect(options).to_have_count(0)
    await phone.page.get_by_role("button", name="Menu").click()
    await expect(options).to_have_count(3)


async def test_typed_command_is_sent_as_typed(telegram: TelegramSimulator, phones: Phones, bot: Bot) -> None:
    await bot.person("Sari")
    await bot.call("setMyCommands", commands=[{"command": "orders", "description": "What to pack"}])
    phone = await phones.open(telegram.url)
    await phone.words.press_sequentially("/ord")
    await expect(phone.page.get_by_role("option")).to_have_count(1)
    await phone.page.keyboard.press("Enter")

    assert (await bot.next_update())["message"]["text"] == "/ord"


async def test_files_go_both_ways(
    telegram: TelegramSimulator, phones: Phones, bot: Bot, tmp_path: Path
) -> None:
    sari = await bot.person("Sari")
    prices = tmp_path / "prices.csv"
    prices.write_bytes(b"sku;price\nLED-12W;29500\n")
    phone = await phones.open(telegram.url)
    await phone.page.locator("#file").set_input_files(prices)
    await expect(phone.page.get_by_text("prices.csv")).to_be_visible()
    await phone.say("new prices")

    message = (await bot.next_update())["message"]
    assert (message["document"]["file_name"], message["caption"]) == ("prices.csv", "new prices")
    assert message["document"]["file_size"] == 24
    await bot.upload(
        "sendDocument", sari, "document", ("orders.csv", b"a;b\n1;2\n", "text/csv"), caption="27 rows"
    )
    await expect(phone.newest).to_contain_text("27 rows")
    async with phone.page.expect_download() as downloading:
        await phone.newest.get_by_role("link", name="orders.csv").click()
    download = await downloading.value
    assert download.suggested_filename == "orders.csv"
    assert await asyncio.to_thread(Path(await download.path()).read_bytes) == b"a;b\n1;2\n"


async def test_own_message_is_edited_with_the_up_arrow(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    await bot.person("Sari")
    phone = await phones.open(telegram.url)
    await phone.say("AB12Y")
    sent = (await bot.next_update())["message"]["message_id"]
    await expect(phone.newest).to_contain_text("AB12Y")
    await phone.words.press("ArrowUp")
    await expect(phone.words).to_have_value("AB12Y")
    await phone.say("AB12X")

    assert (await bot.next_update())["edited_message"]["text"] == "AB12X"
    await expect(phone.message(sent)).to_contain_text("AB12X")
    await expect(phone.message(sent)).to_contain_text("edited")


async def test_reading_above_is_not_disturbed_by_what_comes_in(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    sent = [await bot.send(sari, f"🔔 Order {number}\n" + "line\n" * 6) for number in range(8)]
    phone = await phones.open(telegram.url)
    await expect(phone.message(sent[-1])).to_be_in_viewport()
    await phone.log.evaluate("log => { log.scrollTop = 0; }")
    await expect(phone.page.get_by_role("button", name="Newest messages")).to_be_visible()
    newest = await bot.send(sari, "🔔 Order 9 · you keep 31,400\nsecond line")

    await expect(phone.banner).to_contain_text("🔔 Order 9 · you keep 31,400")
    await expect(phone.banner).not_to_contain_text("second line")
    assert await phone.log.evaluate("log => log.scrollTop") == 0
    await expect(phone.message(newest)).not_to_be_in_viewport()
    await phone.page.get_by_role("button", name="Newest messages").click()
    await expect(phone.message(newest)).to_be_in_viewport()
    last = await bot.send(sari, "🔔 Order 10")
    await expect(phone.message(last)).to_be_in_viewport()


async def test_deleted_message_goes_from_the_screen(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    gone = await bot.send(sari, "your pasted password")
    phone = await phones.open(telegram.url)
    await expect(phone.message(gone)).to_be_visible()
    await bot.call("deleteMessage", chat_id=sari, message_id=gone)

    await expect(phone.message(gone)).to_have_count(0)


async def test_deep_link_says_start_with_its_payload(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    address = f"https://t.me/{telegram.bot_username}?start=join_4fQ-x"
    await bot.send(sari, f'<a href="{address}">Join the team</a>')
    phone = await phones.open(telegram.url)
    await phone.log.get_by_role("link", name="Join the team").click()

    assert (await bot.next_update())["message"]["text"] == "/start join_4fQ-x"


async def test_typing_and_pinned_message_show(telegram: TelegramSimulator, phones: Phones, bot: Bot) -> None:
    sari = await bot.person("Sari")
    card = await bot.send(sari, "🔔 11.11 · 214 orders\nmore below")
    phone = await phones.open(telegram.url)
    await bot.call("pinChatMessage", chat_id=sari, message_id=card, disable_notification=True)
    await expect(phone.page.get_by_role("button", name="Pinned message")).to_contain_text(
        "🔔 11.11 · 214 orders"
    )
    await bot.call("sendChatAction", chat_id=sari, action="typing")
    await expect(phone.page.locator("#chat-state")).to_have_text("typing")
    await bot.send(sari, "done")
    await expect(phone.page.locator("#chat-state")).to_contain_text("you are Sari")


async def test_blocked_bot_can_be_unblocked(telegram: TelegramSimulator, phones: Phones, bot: Bot) -> None:
    await bot.person("Sari")
    phone = await phones.open(telegram.url)
    await phone.page.get_by_role("button", name="Simulator controls").click()
    await phone.page.get_by_role("button", name="Block the bot").click()
    change = (await bot.next_update())["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    await phone.page.keyboard.press("Escape")
    await expect(phone.words).to_be_hidden()
    await phone.page.get_by_role("button", name="Unblock").click()

    change = (await bot.next_update())["my_chat_member"]
    assert change["new_chat_member"]["status"] == "member"
    await expect(phone.words).to_be_visible()


async def test_controls_show_calls_and_order_a_429(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    await bot.send(sari, "hello")
    phone = await phones.open(telegram.url)
    await phone.page.get_by_role("button", name="Simulator controls").click()
    calls = phone.page.locator("#calls li")
    await expect(calls.filter(has_text="sendMessage")).to_have_count(1)
    await expect(calls.filter(has_text="getUpdates")).to_have_count(0)
    await phone.page.get_by_role("button", name="Answer 429").click()
    await expect(phone.page.locator("#controls-state")).to_contain_text("429")

    began = time.monotonic()
    with pytest.raises(AssertionError, match="Too Many Requests: retry after 3"):
        await bot.send(sari, "refused")
    assert time.monotonic() - began < 5
    await expect(calls.filter(has_text="429 Too Many Requests")).to_have_count(1)
