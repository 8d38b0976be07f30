"""Photograph the screens: `python -m tests.screens [--folder docs/images] [--width 390] [--dark]`."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Final

from playwright.async_api import async_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.phone import PHONE
from tests.browser.shopkeeper import Shopkeeper
from tests.screens.album import Album
from tests.screens.camera import Camera
from tests.screens.platform_pages import PlatformPages, open_three_shops
from tests.stage import open_stage

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"


async def main(folder: Path, width: int, *, is_dark: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with open_stage() as stage, async_playwright() as playwright:
        await stage.start_bot()
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        camera = Camera(browser, folder, size=(width, PHONE[1]), is_dark=is_dark)
        phone = await camera.open_phone(stage.telegram.url)
        await Album(stage, camera, Shopkeeper(phone)).fill()
        await phone.page.close()
        async with open_three_shops() as shops:
            await PlatformPages(shops, camera).fill()
        await camera.close()
        await browser.close()
    for picture in sorted(folder.glob("*.png")):
        sys.stdout.write(f"{picture.stat().st_size / 1000:7.1f} kB  {picture}\n")


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    wanted.add_argument("--folder", type=Path, default=IMAGES)
    wanted.add_argument("--width", type=int, default=PHONE[0])
    wanted.add_argument("--dark", action="store_true")
    words = wanted.parse_args()
    asyncio.run(main(words.folder, words.width, is_dark=words.dark))
