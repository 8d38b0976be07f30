"""What the web chat makes of messages as StoreSync writes them: quotations in cards, and cards that change fast."""

import pytest
from playwright.async_api import expect

from simulator.telegram.server import TelegramSimulator
from tests.browser.phone import Bot, Phones, key

pytestmark = pytest.mark.browser

GAP = """
(article) => {
  const line = document.createRange();
  line.selectNodeContents(article.querySelector(".text > i"));
  const quote = article.querySelector("blockquote").getBoundingClientRect();
  return line.getBoundingClientRect().top - quote.bottom;
}
"""


async def test_line_after_a_quotation_follows_without_an_empty_one(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    sari = await bot.person("Sari")
    card = await bot.send(sari, "Total\n<blockquote expandable>Order 1</blockquote>\n<i>as of 14:05</i>")
    phone = await phones.open(telegram.url)

    assert 0 <= await phone.message(card).evaluate(GAP) < 12
    await expect(phone.message(card).locator(".text")).to_contain_text("as of 14:05")


async def test_end_stays_in_sight_while_a_pressed_card_shrinks_and_grows(
    telegram: TelegramSimulator, phones: Phones, bot: Bot
) -> None:
    """The second edit may come between the first one's drawing and the scroll event it causes."""
    sari = await bot.person("Sari")
    for number in range(20):
        await bot.send(sari, f"Line {number}")
    card = await bot.send(sari, "Price")
    phone = await phones.open(telegram.url, reduced_motion="reduce")

    async def edit(text: str, *labels: str) -> None:
        markup = {"inline_keyboard": [[key(label)] for label in labels]}
        await bot.call("editMessageText", chat_id=sari, message_id=card, text=text, reply_markup=markup)

    for number in range(10):
        await edit(f"Price {number}\n" * 5, "Approve", "Reject", "Home")
        await expect(phone.message(card)).to_contain_text(f"Price {number}")
        await phone.button("Approve").click()
        query = (await bot.next_update())["callback_query"]
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Approved")
        await edit(f"Sending {number}\n" * 3, "Home")
        await edit(f"Live {number}\n" * 7, "Undo", "Home")
        await expect(phone.message(card)).to_contain_text(f"Live {number}")
        await expect(phone.button("Home")).to_be_in_viewport(ratio=1)
