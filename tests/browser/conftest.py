"""A phone for tests: Debian's Chromium, driven by Playwright, over the Telegram simulator's page.

`scripts/install_browser.sh` puts the browser and its fonts in place.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from simulator.telegram.server import TelegramSimulator
from tests.browser.phone import Bot, Phones

CHROMIUM: Final = Path("/usr/bin/chromium")
SWITCHES: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser in the test's own loop, so that servers may run in that loop, too."""
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: run scripts/install_browser.sh")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        await browser.close()


@pytest.fixture
async def phones(chromium: Browser) -> AsyncIterator[Phones]:
    """Open any number of phones; an error in a page's own script fails the test."""
    opened = Phones(chromium)
    yield opened
    await opened.close()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSimulator]:
    async with TelegramSimulator().serve() as simulator:
        yield simulator


@pytest.fixture
async def bot(telegram: TelegramSimulator) -> AsyncIterator[Bot]:
    """A bot driven by the test, over plain HTTP."""
    async with httpx.AsyncClient(base_url=telegram.url, timeout=20) as http:
        yield Bot(http, telegram.token)
