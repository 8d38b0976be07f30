"""The real services over a real database, with a platform in memory, a clock that stands and a queue that waits."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select, update

from app.settings import Settings, Signup
from app.use_cases import Ground, build_services
from domain.catalogue import ListingVariant
from domain.changes import Change
from domain.chats import View, Visitor
from domain.events import EventKind
from domain.ids import new_id
from domain.orders import OrderSnapshot
from domain.people import Role
from domain.platform import GrantedShop, ListingSnapshot, ShopSnapshot
from domain.queue import Task
from domain.shops import Linking, LinkState, Shop
from domain.tickets import Action
from services import Services
from services.grants import Grant, keep_grant, link_shop
from services.people import ChatRef, UserRef
from services.views import Pressed, Proposal
from storage.database import Connection, Database
from storage.keys import MasterKeys
from storage.repositories import directory, stock_lists
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.orders import Orders
from storage.repositories.shops import Shops
from storage.tables.catalogue import listing, listing_variant
from storage.tables.chats import view
from storage.tables.orders import sale_order
from storage.tables.people import audit, seller
from storage.tables.transit import outbox
from storage.vault import Vault
from tests.factories import BOT, listing_snapshot, platform_app
from tests.fakes.clock import FakeClock
from tests.fakes.platform import SLUG, FakePlatform, FakeShop
from tests.fakes.queue import FakeQueue

KEYS = MasterKeys.parse(f"test:{base64.b64encode(bytes(range(32))).decode()}")
MESSAGE = 501
"""The number of the message that shows the card a test presses."""


class House:
    """One installation. `owner` is the first seller's; his shop is linked by `link`."""

    def __init__(self, database: Database, *, public_url: str = "https://storesync.invalid") -> None:
        self.database = database
        self.clock = FakeClock()
        self.queue = FakeQueue()
        self.bazaar = FakePlatform(self.clock)
        self.vault = Vault(KEYS)
        self.settings = Settings(
            _env_file=None,
            telegram_bot_token=SecretStr("770011:AAAAAAAAAAAAAAAA"),
            secret_keys=SecretStr("unused"),
            public_url=public_url,
            oauth_redirect_url="" if public_url else "https://landing.invalid/",
            signup=Signup.OPEN,
        )
        self.services = self.another()
        self.app = platform_app()
        self.owner: Visitor

    def another(self, database: Database | None = None, **changes: Any) -> Services:
        """Return services of their own over the same data, as another process has them."""
        settings = self.settings.model_copy(update=changes)
        platforms = {SLUG: self.bazaar.platform}
        ground = Ground(database or self.database, self.vault, KEYS, platforms, self.clock, self.queue)
        return build_services(settings, ground)

    async def open(self) -> "House":
        await self.services.apps.seed([self.app])
        self.owner = await self.found("Sari", 4711)
        return self

    # People

    async def found(self, name: str, user_id: int) -> Visitor:
        """Let somebody in as the owner of a seller of their own, in a private chat."""
        return await self.services.people.admit(
            BOT, _private(name, user_id), UserRef(str(user_id), name), "", "en"
        )

    async def join(self, name: str, user_id: int, role: Role, *, of: Visitor | None = None) -> Visitor:
        """Let somebody in as a member of a seller that exists, in a private chat of their own."""
        seller_id = (of or self.owner).seller_id
        _, token = await self.services.people.create_invite(seller_id, role)
        return await self.services.people.admit(
            BOT, _private(name, user_id), UserRef(str(user_id), name), token, "en"
        )

    async def limit_percent(self, percent: int) -> None:
        await self.limit(percent_per_change=percent)

    async def limit(self, **limits: int) -> None:
        query = update(seller).where(seller.c.id == self.owner.seller_id).values(limits)
        await self.database.write(lambda conn: conn.execute(query), "t")

    async def group(self, *, thread_id: int | None = None, role_cap: Role = Role.OWNER) -> Visitor:
        """Return the owner in a group, or in one topic of it."""

        def work(conn: Connection) -> Visitor:
            known = directory.find_chat(conn, BOT, -100200) or directory.add_chat(
                conn, bot_id=BOT, telegram_id=-100200, kind="supergroup", title="Team", now=self.clock()
            )
            here = View(new_id(), known.id, thread_id, self.owner.seller_id, role_cap, "en", "Asia/Jakarta")
            values = {name: getattr(here, name) for name in ("id", "chat_id", "seller_id", "role_cap")}
            values |= {"language": here.language, "zone": here.zone, "created_at": self.clock()}
            conn.execute(view.insert().values(thread_id=thread_id or 0, **values))
            return Visitor(known, here, self.owner.member)

        return await self.database.write(work, "t")

    # Shops

    async def link(self, external_id: str = "600011", *, by: Visitor | None = None) -> Shop:
        """Link a shop of the platform as a confirmed consent does; it was never read yet."""
        truth = self.bazaar.shops.get(external_id) or self.bazaar.add_shop(external_id)
        pair = self.bazaar.issue(external_id)
        snapshot = ShopSnapshot(
            external_id, truth.name, truth.region, truth.currency, is_usable=True, raw_status="",
            authorised_until=truth.authorised_until,
        )  # fmt: skip
        return await self.keep(Grant(GrantedShop(external_id, pair), snapshot), by=by)

    async def keep(self, grant: Grant, *, by: Visitor | None = None) -> Shop:
        """Make what a consent granted the seller's, as a Yes in the chat does."""
        visitor, now, seen = by or self.owner, self.clock(), grant.snapshot
        linking = Linking(
            new_id(), visitor.seller_id, visitor.view.id, visitor.member.user_id, self.app.id, SLUG,
            seen.region, LinkState.RETURNED, None, now, shop_external_id=seen.external_id, shop_name=seen.name,
            shop_region=seen.region, shop_currency=seen.currency,
        )  # fmt: skip

        def work(conn: Connection) -> Shop:
            shops = Shops(conn, linking.seller_id)
            shops.add_linking(linking, nonce_hash=new_id(), state_hash=new_id(), now=now)
            keep_grant(conn, self.vault, linking, self.app, grant)
            return link_shop(conn, self.vault, linking, now)

        return await self.database.write(work, "t")

    async def stocked(self, *listings: ListingSnapshot, external_id: str = "600011") -> tuple[Shop, FakeShop]:
        """Link a shop that sells these listings (one lamp) and read it for the first time."""
        truth = self.bazaar.add_shop(external_id)
        truth.list(*(listings or (listing_snapshot(),)))
        shop = await self.link(external_id)
        await self.services.sync.backfill(shop.id)
        await self.services.settlements.poll_due(shop.id)
        await self.services.return_reading.poll_due(shop.id)
        await self.services.showcase.poll_due(shop.id)
        return shop, truth

    async def shop(self, shop_id: str) -> Shop:
        found = await self.database.read(lambda conn: Shops(conn, self.owner.seller_id).get(shop_id))
        assert found
        return found

    async def shop_of(self, external_id: str) -> Shop:
        found = await self.services.shops.list_shops(self.owner)
        return next(each for each in found if each.external_id == external_id)

    async def sell_as_one(self, first: str, second: str) -> None:
        """Make the listing variant of the second listing another offer of the first one's variant."""

        def work(conn: Connection) -> None:
            by_listing = (
                select(listing_variant.c.variant_id).join(listing).where(listing.c.external_id == first)
            )
            of_second = select(listing.c.id).where(listing.c.external_id == second).scalar_subquery()
            mine = listing_variant.c.listing_id == of_second
            left = set(conn.scalars(select(listing_variant.c.variant_id).where(mine)))
            kept = conn.scalar(by_listing)
            conn.execute(update(listing_variant).where(mine).values(variant_id=kept))
            stock_lists.keep(conn, self.owner.seller_id, {*left, str(kept)}, self.clock())

        await self.database.write(work, "t")

    async def secret(self, owner: str, field: str) -> str:
        return await self.database.read(lambda conn: self.vault.get(conn, owner, field))

    # Catalogue and orders

    async def shown(self, title: str = "Lampu") -> ListingVariant:
        """Return the one listing variant whose title holds these words, as our books have it."""
        page = await self.services.stock.page(self.owner, title)
        assert len(page.rows) == 1
        card = await self.services.stock.card(self.owner, page.rows[0].variant_id)
        return card.shown[0].shown

    async def record(self, shop: Shop, *listings: ListingSnapshot) -> None:
        now = self.clock()
        await self.database.write(
            lambda conn: Catalogue(conn, shop.seller_id).record(shop.id, listings, now), "t"
        )

    async def order(self, shop: Shop, number: str) -> OrderSnapshot | None:
        """Return an order as our books have it."""

        def work(conn: Connection) -> OrderSnapshot | None:
            query = select(sale_order.c.id).where(
                sale_order.c.shop_id == shop.id, sale_order.c.external_id == number
            )
            order_id = conn.execute(query).scalar_one_or_none()
            order = Orders(conn, shop.seller_id).get(order_id) if order_id else None
            return order.snapshot if order else None

        return await self.database.read(work)

    # Prices

    async def propose(self, amount: str | int, *, by: Visitor | None = None, key: str = "") -> Proposal:
        variant_id = (await self.shown()).variant_id
        return await self.services.prices.propose(
            by or self.owner, variant_id, Decimal(amount), key or new_id()
        )

    async def button(self, proposal: Proposal, action: Action, *, of: Visitor | None = None) -> str:
        shown_in = (of or self.owner).view
        return await self.services.buttons.token(
            shown_in.id, action, proposal.id, proposal.version, Role.MANAGER
        )

    async def press(
        self, proposal: Proposal, action: Action, *, by: Visitor | None = None, message_id: int = MESSAGE
    ) -> Pressed:
        """Press a button of a proposal's card in the presser's own chat."""
        visitor = by or self.owner
        data = await self.button(proposal, action, of=visitor)
        return await self.services.buttons.press(visitor, data, message_id)

    async def approved(self, amount: str | int = 119000) -> Change:
        """Propose a price and approve it; return the one change, ready to be sent."""
        proposal = await self.propose(amount)
        await self.press(proposal, Action.APPROVE)
        return await self.change(proposal.prices[0].change.id)

    async def change(self, change_id: str) -> Change:
        found = await self.database.read(lambda conn: Changes(conn, self.owner.seller_id).get(change_id))
        assert found
        return found

    async def apply(self, change: Change) -> Change:
        """Bring a change a step on and return it as it is then."""
        await self.services.applying.apply(change.seller_id, change.id)
        return await self.change(change.id)

    async def work_off(self) -> None:
        """Apply everything the queue was asked to apply."""
        for seller_id, change_id in self.queue.take(Task.APPLY_CHANGE):
            await self.services.applying.apply(seller_id, change_id)

    async def audited(self) -> list[str]:
        """Return what was written into the audit, in order."""
        query = select(audit.c.action).where(audit.c.seller_id == self.owner.seller_id).order_by(audit.c.seq)
        return await self.database.read(lambda conn: list(conn.scalars(query)))

    # What was said

    async def told(self, *kinds: EventKind, of: Visitor | None = None) -> list[dict[str, str]]:
        """Return the payloads of what was or will be said in a view, of these kinds, in order."""
        told_in = (of or self.owner).view
        query = (
            select(outbox.c.payload)
            .where(outbox.c.view_id == told_in.id, outbox.c.kind.in_(kinds), outbox.c.state != "merged")
            .order_by(outbox.c.id)
        )
        found: Sequence[str] = await self.database.read(lambda conn: conn.scalars(query).all())
        return [json.loads(each) for each in found]


def pressed_in(visitor: Visitor, by: Visitor) -> Visitor:
    """Return a person in another person's chat."""
    return replace(visitor, member=by.member)


def _private(name: str, user_id: int) -> ChatRef:
    return ChatRef(user_id, "private", name)
