"""Takes pictures of a phone: always light, always still, and small enough for a repository."""

from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Locator, Page

from tests.browser.phone import PHONE, Phone, Phones

LARGEST_BYTES: Final = 150_000
SHARPNESS: Final = 1.4
_STYLE: Final = """
.room { background-image: none; }
.toast, .to-end, .banner { visibility: hidden; }
* { caret-color: transparent; animation: none !important; transition: none !important; }
"""
"""A shaded wall alone would make a picture three times as large; what comes and goes by itself stays away."""


class Camera:
    def __init__(self, browser: Browser, folder: Path, *, size: tuple[int, int], is_dark: bool) -> None:
        self._phones = Phones(browser)
        self._folder = folder
        self._size = size
        self._is_dark = is_dark

    async def open_phone(self, url: str) -> Phone:
        """Open a phone for pictures a little sharper than they are shown."""
        return await self._phones.open(
            url,
            size=self._size,
            device_scale_factor=SHARPNESS,
            reduced_motion="reduce",
            color_scheme="dark" if self._is_dark else "light",
            bypass_csp=True,  # the style of the pictures is not the page's own
        )

    async def chat(self, phone: Phone, name: str) -> None:
        """Photograph the chat as it is: without the simulator's strip, the pointer and the cursor."""
        await phone.page.mouse.move(0, 0)
        await phone.page.evaluate("document.activeElement?.blur()")
        await self._shoot(phone.page.locator(".phone"), name)

    async def page(self, page: Page, name: str) -> None:
        """Photograph as much of a page as fits on the phone."""
        await page.bring_to_front()
        await self._shoot(page, name)

    async def _shoot(self, scene: Locator | Page, name: str) -> None:
        path = self._folder / f"{name}.png"
        await scene.screenshot(path=path, style=_STYLE, animations="disabled")
        taken = path.stat().st_size
        assert taken < LARGEST_BYTES or self._size != PHONE, f"{path.name} has {taken} bytes"

    async def close(self) -> None:
        await self._phones.close()
