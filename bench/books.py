"""StoreSync's own books for a benchmark: a migrated database with a seller, shops, people in chats."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.chats import Visitor
from domain.ids import new_id
from domain.people import Member, Role
from domain.shops import Budget, Credentials, Environment, PlatformApp, Shop, ShopState
from storage.database import Connection, Database
from storage.keys import MasterKeys
from storage.migrate import migrate
from storage.repositories import directory, tokens
from storage.repositories.apps import Apps
from storage.repositories.shops import Shops
from storage.vault import Vault

NOWHERE = "http://127.0.0.1:9"
MASTER_KEY = f"bench:{base64.b64encode(bytes(range(32))).decode()}"
UNLIMITED = Budget(1_000_000.0, 1_000_000.0)
"""What is measured is the work, not the waiting for a budget."""
PLATFORM, APP_ID, PARTNER, PARTNER_KEY, PUSH_KEY = (
    "shopee",
    "bench-app",
    "2001887",
    "bench-partner-key",
    "bench-push-key",
)


def app_of(*, api_url: str = NOWHERE, hook_url: str = "") -> PlatformApp:
    """Return the app through which a benchmark's shops are linked."""
    return PlatformApp(
        id=APP_ID,
        platform=PLATFORM,
        environment=Environment.PRODUCTION,
        region="",
        key=PARTNER,
        secret=PARTNER_KEY,
        push_keys=(PUSH_KEY,),
        api_url=api_url,
        auth_url=api_url,
        hook_url=hook_url,
        budget=UNLIMITED,
    )


class Books:
    """One database and the seller in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys = MasterKeys.parse(MASTER_KEY)
        self.vault = Vault(self.keys)
        self.database = Database(url)
        self.seller_id = ""

    @classmethod
    async def open(cls, url: str, *, api_url: str = NOWHERE, hook_url: str = "") -> "Books":
        """Migrate the database and found a seller whose app calls `api_url`."""
        await migrate(url)
        books = cls(url)
        app = app_of(api_url=api_url, hook_url=hook_url)
        now = datetime.now(UTC)

        def work(conn: Connection) -> str:
            books.vault.check_canary(conn)
            Apps(conn, books.vault).save(app, now)
            return directory.found_seller(conn, "Bench", now).id

        books.seller_id = await books.database.write(work, "bench.found")
        return books

    async def seat(self, bot_id: str, telegram_ids: Sequence[int]) -> list[Visitor]:
        """Give the seller members, each in a private chat of their own."""
        now = datetime.now(UTC)

        def work(conn: Connection) -> list[Visitor]:
            return [self._seat(conn, bot_id, telegram_id, now) for telegram_id in telegram_ids]

        return await self.database.write(work, "bench.seat")

    async def link(self, *external_ids: str) -> list[Shop]:
        """Link shops with tokens that are good for a day; nothing about them is due."""
        now = datetime.now(UTC)

        def work(conn: Connection) -> list[Shop]:
            return [self._link(conn, external_id, now) for external_id in external_ids]

        return await self.database.write(work, "bench.link")

    async def close(self) -> None:
        await self.database.close()

    def _seat(self, conn: Connection, bot_id: str, telegram_id: int, now: datetime) -> Visitor:
        name = f"Person {telegram_id}"
        chat = directory.add_chat(
            conn, bot_id=bot_id, telegram_id=telegram_id, kind="private", title=name, now=now
        )
        view = directory.add_view(
            conn, chat_id=chat.id, seller_id=self.seller_id, language="en", zone="Asia/Jakarta", now=now
        )
        member = Member(self.seller_id, str(telegram_id), name, Role.OWNER)
        directory.add_member(conn, member, now)
        return Visitor(chat, view, member)

    def _link(self, conn: Connection, external_id: str, now: datetime) -> Shop:
        shop = Shop(
            new_id(), self.seller_id, APP_ID, PLATFORM, Environment.PRODUCTION, external_id, f"Shop {external_id}",
            "ID", "IDR", ShopState.LINKED, is_simulated=False, linked_at=now,
        )  # fmt: skip
        Shops(conn, self.seller_id).add(shop)
        Shops(conn, self.seller_id).set(shop.id, synced_at=now)
        pair = Credentials(f"access-{external_id}", f"refresh-{external_id}", now + timedelta(days=1), None)
        self.vault.put(conn, f"shop:{shop.id}", "access_token", pair.access_token)
        self.vault.put(conn, f"shop:{shop.id}", "refresh_token", pair.refresh_token)
        tokens.begin_chain(conn, shop.id, expires_at=pair.expires_at, refresh_expires_at=None)
        return shop
