"""A shopkeeper with a phone: finds her way through StoreSync by what she reads and presses."""

import re
from typing import Any, Final

from playwright.async_api import Locator, Page, expect

from tests.browser.phone import Phone

PATIENCE_MS: Final = 60_000
"""How long she waits for an answer: the machine may be busy with other things."""


class Shopkeeper:
    """Whatever she does, she does by visible role and label."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        phone.page.context.set_default_timeout(PATIENCE_MS)

    async def start(self) -> Locator:
        """Press Start in a chat without a word yet; return the first run."""
        await self.phone.page.get_by_role("button", name="Start", exact=True).click()
        return await self.sees("Run your shops from this chat")

    async def sees(self, *words: str) -> Locator:
        """Wait for a message that shows all these words; return the newest that does."""
        message = self.phone.articles
        for each in words:
            message = message.filter(has_text=each)
        await expect(message.last).to_be_visible(timeout=PATIENCE_MS)
        return await self._itself(message.last)

    async def asks(self, text: str, words: str) -> Locator:
        """Type and send `text`; return the message below it that shows these words."""
        said = self.phone.log.locator("article.out")
        before = await said.count()
        await self.phone.say(text)
        await expect(said).to_have_count(before + 1, timeout=PATIENCE_MS)
        question = await self._itself(said.last)
        answer = question.locator("xpath=following-sibling::article").filter(has_text=words).first
        await expect(answer).to_be_visible(timeout=PATIENCE_MS)
        return await self._itself(answer)

    async def _itself(self, found: Locator) -> Locator:
        """Return this message by its number: it stays the same one when it says something else."""
        number = await found.get_attribute("data-message-id")
        return self.phone.message(int(number or 0))

    async def reads(self, message: Locator, words: str) -> None:
        """Wait until this very message shows these words."""
        await expect(message).to_contain_text(words, timeout=PATIENCE_MS)

    async def press(self, message: Locator, label: str) -> None:
        """Press the one button under a message whose label begins so."""
        await message.get_by_role("button", name=re.compile(f"^{re.escape(label)}")).click()

    async def opens(self, url: str) -> Page:
        """Open an address in another tab of the same browser."""
        page = await self.phone.page.context.new_page()
        await page.goto(url)
        return page

    async def choose_platform(self, message: Locator) -> None:
        """Go on from a message with "Link a shop" until it offers to open Shopee."""
        await self.press(message, "Link a shop")
        await self.reads(message, "Which shop do you want to link?")
        await self.press(message, "Shopee ID")
        await self.reads(message, "Valid until")

    async def open_platform(self, offer: Locator) -> Page:
        """Press "Open Shopee"; return the new tab, on our own page that says what is about to happen."""
        async with self.phone.page.context.expect_page() as opening:
            await self.press(offer, "Open Shopee")
        page = await opening.value
        heading = page.get_by_role("heading", name="Link your Shopee shop to a Telegram chat")
        await expect(heading).to_be_visible(timeout=PATIENCE_MS)
        return page

    async def consent(self, page: Page) -> None:
        """Go on from our page to Shopee's, choose the shop, consent, and land on our last page."""
        await page.get_by_role("button", name="Go on to Shopee").click()
        await page.get_by_role("radio", name="Rumah Kita (shop)").check()
        await page.get_by_role("button", name="Consent", exact=True).click()
        heading = page.get_by_role("heading", name="Almost done")
        await expect(heading).to_be_visible(timeout=PATIENCE_MS)

    async def link(self, message: Locator) -> None:
        """Link the simulated shop, from "Link a shop" to the end of the first import."""
        await self.choose_platform(message)
        page = await self.open_platform(message)
        await self.consent(page)
        await page.close()
        await self.confirm(message)

    async def confirm(self, message: Locator) -> None:
        """Back in the chat, say that it is the right shop, and wait until everything is in."""
        await self.reads(message, "Is this your shop? Rumah Kita")
        await self.press(message, "Yes, link it")
        await self.reads(message, "Linked: Rumah Kita")
        await self.reads(message, "All in")
        await self.sees("Test alert")


async def buy(page: Page, model: dict[str, Any]) -> str:
    """Buy one piece as a customer, on the shop's own page; return the order's number."""
    await page.get_by_role("searchbox", name="Search this shop").fill(model["title"])
    await page.keyboard.press("Enter")
    now = page.get_by_role("button", name=f"Buy now: {model['title']}", exact=True)
    card = page.get_by_role("listitem").filter(has=now)
    if model["name"]:
        option = card.get_by_role("option", name=re.compile(f"^{re.escape(model['name'])} · "))
        await card.get_by_label("Option").select_option(label=await option.inner_text())
    await now.click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible(timeout=PATIENCE_MS)
    return await page.get_by_role("main").get_by_role("strong").inner_text()
