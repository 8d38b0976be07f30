"""A shopkeeper with a phone: finds her way through StoreSync by what she reads and presses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Locator, Page, Response, expect

from tests.browser.phone import Phone

PATIENCE_MS: Final = 60_000
"""How long she waits for an answer: the machine may be busy with other things."""


class Shopkeeper:
    """Everything she does is done by visible role and label."""

    def __init__(self, phone: Phone, *, patience_ms: float = PATIENCE_MS) -> None:
        self.phone = phone
        self._patience_ms = patience_ms
        phone.page.context.set_default_timeout(patience_ms)

    async def start(self) -> Locator:
        """Press Start in a chat without a word yet; return the first run."""
        await self.phone.page.get_by_role("button", name="Start", exact=True).click()
        return await self.sees("Run your shops from this chat")

    async def sees(self, *words: str) -> Locator:
        """Wait for a message that shows all these words; return the newest that does."""
        message = self.phone.articles
        for each in words:
            message = message.filter(has_text=each)
        await expect(message.last).to_be_visible(timeout=self._patience_ms)
        return await self._itself(message.last)

    async def asks(self, text: str, *words: str) -> Locator:
        """Type and send `text`; return the answer below it, which shows all these words."""
        said = self.phone.log.locator("article.out")
        before = await said.count()
        await self.phone.say(text)
        await expect(said).to_have_count(before + 1, timeout=self._patience_ms)
        answer = said.last.locator("xpath=following-sibling::article[contains(@class, 'in')]").first
        for each in words:
            await self.reads(answer, each)
        return await self._itself(answer)

    async def _itself(self, found: Locator) -> Locator:
        """Return this message by its number, for it is found even when it says something else."""
        number = await found.get_attribute("data-message-id")
        return self.phone.message(int(number or 0))

    async def reads(self, message: Locator, words: str) -> None:
        """Wait until this very message shows these words."""
        await expect(message).to_contain_text(words, timeout=self._patience_ms)

    async def press(self, message: Locator, label: str) -> None:
        """Press the button with exactly this label under a message."""
        await message.get_by_role("button", name=label, exact=True).click()

    @asynccontextmanager
    async def new_tab(self) -> AsyncIterator["Tab"]:
        """Yield the tab that opens within the block; it is on the page when the block ends."""
        tab = Tab()
        async with self.phone.page.context.expect_page() as opening:
            yield tab
        tab.page = await opening.value
        await tab.page.wait_for_load_state()

    async def link(self, message: Locator) -> None:
        """Link the simulated shop, from the message with "Link a shop" to the end of the first import."""
        offer = await self.choose_platform(message)
        page = await self.open_platform(offer)
        await self.consent(page)
        await page.close()
        await self.reads(offer, "Is this your shop? Rumah Kita")
        await self.press(offer, "Yes, link it")
        await self.reads(offer, "Linked: Rumah Kita")
        await self.reads(offer, "All in")

    async def choose_platform(self, message: Locator) -> Locator:
        """Return the message, which then offers to open Shopee."""
        await self.press(message, "Link a shop")
        await self.reads(message, "Which shop do you want to link?")
        await self.press(message, "Shopee ID")
        await self.reads(message, "Valid until")
        return message

    async def open_platform(self, offer: Locator) -> Page:
        """Return the new tab, on our own page that says what is about to happen."""
        async with self.new_tab() as tab:
            await self.press(offer, "Open Shopee")
        await expect(tab.page.get_by_role("heading", name="Link your Shopee shop")).to_be_visible()
        return tab.page

    async def consent(self, page: Page) -> None:
        """Go on from our page to Shopee's, choose the shop, consent, and land on our last page."""
        await page.get_by_role("button", name="Go on to Shopee").click()
        await page.get_by_role("radio", name="Rumah Kita").first.check()
        await page.get_by_role("button", name="Consent", exact=True).click()
        await expect(page.get_by_role("heading", name="Almost done")).to_be_visible()

    async def opens(self, url: str) -> Page:
        """Open an address in another tab of the same browser."""
        page = await self.phone.page.context.new_page()
        response: Response | None = await page.goto(url)
        assert response is not None
        assert response.ok, response.status
        return page


class Tab:
    """A tab on its way."""

    page: Page


async def buy(page: Page, title: str) -> str:
    """Buy one piece as a customer, on the shop's own page; return the order's number."""
    await page.get_by_role("searchbox").fill(title)
    await page.get_by_role("searchbox").press("Enter")
    await page.get_by_role("button", name=f"Buy now: {title}", exact=True).click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    return await page.get_by_role("strong").nth(1).inner_text()
