"""What a test needs of a person with a phone, and of the bot at the other end."""

from typing import Any, Final

import httpx
from playwright.async_api import Browser, BrowserContext, Dialog, Locator, Page, expect

Json = dict[str, Any]
PHONE: Final = (390, 844)


class Phone:
    """One persona's web chat. Buttons of the bot are looked for among the messages only."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        self.articles = self.log.get_by_role("article")
        self.newest = self.articles.last
        self.words = page.get_by_role("textbox", name="Message")
        self.toast = page.locator("#toast")
        self.banner = page.locator("#banner")

    async def is_live(self) -> None:
        """Wait until the page is up to date and hears every event."""
        await expect(self.page.locator("body[data-live]")).to_have_count(1)

    async def say(self, text: str) -> None:
        """Type and send by keyboard."""
        await self.words.fill(text)
        await self.words.press("Enter")

    def message(self, message_id: int) -> Locator:
        return self.log.locator(f'article[data-message-id="{message_id}"]')

    def button(self, label: str) -> Locator:
        return self.log.get_by_role("button", name=label, exact=True)


class Phones:
    """Opens phones on one browser and gathers what went wrong in their pages."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._faults: list[str] = []

    async def open(
        self,
        url: str,
        *,
        size: tuple[int, int] = PHONE,
        locale: str = "en-GB",
        zone: str = "Asia/Jakarta",
        **options: Any,
    ) -> Phone:
        """Open `url` on a new phone and wait for the chat; `options` are Playwright's own for a context."""
        width, height = size
        context = await self._browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, timezone_id=zone, **options
        )
        self._contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: self._faults.append(str(error)))
        page.on("dialog", self._accept)
        await page.goto(url)
        phone = Phone(page)
        await phone.is_live()
        return phone

    @staticmethod
    async def _accept(dialog: Dialog) -> None:
        await dialog.accept()

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()
        assert not self._faults, f"the page's own script failed: {self._faults}"


class Bot:
    """A bot without a framework: calls the Bot API, reads its updates, makes people."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self._token = token
        self._offset = 0

    async def call(self, method: str, **fields: Any) -> Any:
        answer = (await self._http.post(f"/bot{self._token}/{method}", json=fields)).json()
        assert answer["ok"], answer
        return answer["result"]

    async def send(self, chat_id: int, text: str, *rows: list[Json], **fields: Any) -> int:
        """Send HTML text with rows of buttons; return the message's id."""
        markup = {"reply_markup": {"inline_keyboard": list(rows)}} if rows else {}
        sent = await self.call(
            "sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **markup, **fields
        )
        return int(sent["message_id"])

    async def next_update(self) -> Json:
        """Wait for the next update and confirm it."""
        updates = await self.call("getUpdates", offset=self._offset, limit=1, timeout=10)
        assert updates, "no update came"
        update: Json = updates[0]
        self._offset = update["update_id"] + 1
        return update

    async def upload(
        self, method: str, chat_id: int, field: str, file: tuple[str, bytes, str], **fields: str
    ) -> Json:
        answer = await self._http.post(
            f"/bot{self._token}/{method}", data={"chat_id": str(chat_id), **fields}, files={field: file}
        )
        result: Json = answer.json()["result"]
        return result

    async def client(self, path: str, **fields: Any) -> Json:
        """Make people and chats: what the simulator's own client side does."""
        answer = await self._http.post(f"/client/{path}", json=fields)
        assert answer.is_success, answer.text
        made: Json = answer.json()
        return made

    async def person(self, first_name: str, *, has_started: bool = True) -> int:
        """Make somebody who knows the bot, unless told otherwise; their /start is already read."""
        user = await self.client("users", first_name=first_name, language_code="en")
        if has_started:
            await self.client("messages", chat_id=user["id"], user_id=user["id"], text="/start")
            await self.next_update()
        return int(user["id"])


def key(text: str, data: str = "", **fields: Any) -> Json:
    """A button as a bot sends it; one that opens or copies nothing carries data."""
    does = fields.keys() & {"url", "copy_text"}
    return {"text": text, **fields, **({} if does else {"callback_data": data or text})}
