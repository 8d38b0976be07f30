"""A database put down as it is and taken up again, so that each trial begins at the same moment."""

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.databases import execute
from tests.proofs.servers import open_server
from tests.proofs.trial import Trial, begin_linking
from tests.stage import Lazada, Nursery, Phone, Stage, TiktokShop, open_lazada, open_stage, open_tiktok_shop

PRODUCTS = 20
"""A small shop: it is read again in every trial."""
OTHERS: dict[str, Callable[..., AbstractAsyncContextManager[TiktokShop | Lazada]]] = {
    "TikTok Shop": open_tiktok_shop,
    "Lazada": open_lazada,
}
"""How the platforms are opened that a stage does not have by itself."""
LINKED = "orders.record:before_commit"
"""Passed when the shop is linked and nothing of it is stored yet."""


class Shelf:
    """A database as it was put down, to be taken up again and again."""

    def __init__(self, stage: Stage, server: str) -> None:
        self._stage = stage
        self._server = server
        self._kept = stage.folder / "kept"

    async def put_down(self) -> None:
        if not self._server:
            self._kept.mkdir()
            for each in self._files():
                shutil.copy(each, self._kept)

    async def take_up(self) -> None:
        if self._server:
            drop, make = "DROP DATABASE IF EXISTS again WITH (FORCE)", "CREATE DATABASE again TEMPLATE linked"
            await execute(self._server, drop, make)
            self._stage.environment["DATABASE_URL"] = self._server.replace("/postgres?", "/again?")
            return
        for each in self._files():
            each.unlink()
        for each in self._kept.iterdir():
            shutil.copy(each, self._stage.folder)

    def _files(self) -> list[Path]:
        return list(self._stage.folder.glob("storesync.db*"))


@contextlib.asynccontextmanager
async def open_linked(
    trial: Trial, nursery: Nursery, orders: int, *, is_server: bool, other_name: str = ""
) -> AsyncIterator[tuple[Stage, Shelf, Phone, TiktokShop | Lazada | None]]:
    """Open a stage whose shop was just linked and never read; StoreSync was killed there, its data lie on a shelf.

    With the name of another platform its shop is linked in place of Shopee's.
    """
    async with contextlib.AsyncExitStack() as stack:
        url = (await stack.enter_async_context(open_server("linked")))[0] if is_server else ""
        opening = open_stage(orders=orders, products=PRODUCTS, seed=trial.seed, database_url=url)
        stage = await stack.enter_async_context(opening)
        other: TiktokShop | Lazada | None = None
        if other_name:
            open_other = OTHERS[other_name]
            other = await stack.enter_async_context(
                open_other(stage, orders=orders, products=PRODUCTS, seed=trial.seed)
            )
        stage.environment |= {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "500", "LOG_LEVEL": "INFO"}
        await stage.start_bot(nursery)
        stage.target.write_text(LINKED)
        phone = await Phone.of(stage.phones, "Sari")
        await (
            begin_linking(stage, phone, other_name, other.seller) if other else begin_linking(stage, phone)
        )
        await stage.bot.ended()
        shelf = Shelf(stage, url.replace("/linked?", "/postgres?"))
        await shelf.put_down()
        yield stage, shelf, phone, other
