"""Linking a shop: started in a chat, consented in a browser, confirmed in the chat (`promises.md` R8)."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from domain.chats import Card, Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotFound, StoreSyncError
from domain.events import EventKind
from domain.ids import new_id, new_token
from domain.people import Role
from domain.platform import Can, Platform
from domain.queue import Queue, Task
from domain.shops import Linking, LinkState, PlatformApp, Shop
from services.apps import AppService
from services.cards import IMPORT
from services.decisions import need
from services.grants import Grant, Refused, fetch_grants, keep_grants, link_shop, unlink_shop
from services.outbox import tell
from services.pausing import shown_shop
from services.people import FALLBACK_ZONE, ZONES_OF_REGIONS
from services.shop_names import name_shop
from services.views import LinkChoice, LinkOffer
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory
from storage.repositories.cards import Cards
from storage.repositories.members import Members
from storage.repositories.shops import Shops, cookie_hash_of, linking_by, links_begun
from storage.vault import Vault

LINK_LASTS = timedelta(minutes=10)
LINKS_BEGUN, LINKS_WITHIN = 5, timedelta(hours=1)
"""How often one person may begin to link within what time (`promises.md` R19)."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where browsers come back to. Without `public_url` the seller pastes the address they landed on."""

    public_url: str
    redirect_url: str


@dataclass(frozen=True, slots=True)
class ConnectPage:
    """What the page before the platform's own must say: who asked, for which chat."""

    platform_name: str
    chat_title: str
    asked_by: str
    language: str


@dataclass(frozen=True, slots=True)
class Consent:
    """Where the browser goes next, and the cookie by which it is known again when it comes back."""

    url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """What the browser is told at the end; `code` names the reason when it went wrong."""

    is_ok: bool
    code: str
    language: str
    shops: tuple[Linking, ...] = ()
    """What the login opened, if that is more than one shop."""


class LinkingService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        vault: Vault,
        apps: AppService,
        platforms: Mapping[str, Platform],
        addresses: Addresses,
        queue: Queue,
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault
        self._apps = apps
        self._platforms = platforms
        self._addresses = addresses
        self._queue = queue
        self._wakeups = wakeups

    async def choices(self, visitor: Visitor) -> list[LinkChoice]:
        """Return the platforms and regions this installation can link; one without keys is not offered."""
        return [
            LinkChoice(app.id, app.platform, info.name, region, app.is_simulated)
            for app in await self._apps.all()
            if app.platform in self._platforms and app.seller_id in {None, visitor.seller_id}
            for info in [self._platforms[app.platform].info]
            if Can.LINK in info.can
            for region in ([app.region] if app.region else sorted(info.regions))
        ]

    async def start(self, visitor: Visitor, app_id: str, region: str) -> LinkOffer:
        """Start a linking and return the address for its one button.

        Raises NotAllowed("role"), and InputError("too_many_links") for the sixth within an hour.
        """
        need(visitor, Role.MANAGER)
        app = await self._apps.get(app_id)
        if app is None or app.platform not in self._platforms:
            raise NotFound("app_unknown")
        platform, now = self._platforms[app.platform], self._clock()
        nonce, state = new_token(), new_token()
        linking = Linking(
            id=new_id(),
            seller_id=visitor.seller_id,
            view_id=visitor.view.id,
            user_id=visitor.member.user_id,
            app_id=app.id,
            platform=app.platform,
            region=region,
            state=LinkState.STARTED,
            message_id=None,
            expires_at=now + LINK_LASTS,
        )

        def work(conn: Connection) -> None:
            begun = links_begun(conn, visitor.member.user_id, now - LINKS_WITHIN)
            if len(begun) >= LINKS_BEGUN:
                raise InputError("too_many_links", most=LINKS_BEGUN, again=begun[-LINKS_BEGUN] + LINKS_WITHIN)
            shops = Shops(conn, visitor.seller_id)
            open_one = shops.open_linking(visitor.view.id, visitor.member.user_id, now)
            if open_one:
                self._cancel(conn, open_one)
            shops.add_linking(linking, nonce_hash=_hash(nonce), state_hash=_hash(state), now=now)

        await self._db.write(work, "link.start")
        if self._addresses.public_url:
            url = f"{self._addresses.public_url}/connect/{nonce}"
        else:
            url = self._authorize_url(platform, app, state)
        return LinkOffer(linking, url, linking.expires_at, platform.info.name)

    async def shown(self, visitor: Visitor, linking_id: str, message_id: int) -> None:
        """Remember which message shows a linking, so that its result is edited into it."""
        await self._db.write(
            lambda conn: Shops(conn, visitor.seller_id).set_linking(linking_id, message_id=message_id),
            "link.shown",
        )

    async def waiting(self, visitor: Visitor) -> Linking | None:
        """Return the linking this person started here and has not ended."""
        now = self._clock()
        return await self._db.read(
            lambda conn: Shops(conn, visitor.seller_id).open_linking(
                visitor.view.id, visitor.member.user_id, now
            )
        )

    async def linking(self, seller_id: str, linking_id: str) -> Linking:
        found = await self._db.read(lambda conn: Shops(conn, seller_id).linking(linking_id))
        if found is None:
            raise NotFound("link_unknown")
        return found

    async def cancel(self, visitor: Visitor) -> bool:
        """End the open linking of this person; False when there was none."""
        open_one = await self.waiting(visitor)
        if open_one is None:
            return False

        return await self._db.write(lambda conn: self._cancel(conn, open_one), "link.cancel")

    async def connect_page(self, nonce: str) -> ConnectPage:
        """Return what the consent page says. Raises NotFound("link_unknown") for a spent or late one."""
        linking = await self._by_nonce(nonce)

        def work(conn: Connection) -> ConnectPage:
            view, chat = directory.view_and_chat(conn, linking.view_id)
            member = Members(conn, linking.seller_id).get(linking.user_id)
            name = self._platforms[linking.platform].info.name
            return ConnectPage(name, chat.title, member.name if member else "", view.language)

        return await self._db.read(work)

    async def consent(self, nonce: str) -> Consent:
        """The browser's person goes on: bind the browser by a cookie and send it to the platform."""
        linking = await self._by_nonce(nonce)
        app = await self._apps.get(linking.app_id)
        if app is None:
            raise NotFound("link_unknown")
        state, cookie = new_token(), new_token()

        def work(conn: Connection) -> bool:
            return Shops(conn, linking.seller_id).set_linking(
                linking.id,
                was=linking.state,
                state=LinkState.CONSENTED,
                state_hash=_hash(state),
                cookie_hash=_hash(cookie),
            )

        if not await self._db.write(work, "link.consent"):
            raise NotFound("link_unknown")
        return Consent(self._authorize_url(self._platforms[linking.platform], app, state), cookie)

    async def returned(self, platform: str, query: Mapping[str, str], cookie: str) -> ReturnPage:
        """The browser came back from the platform: same browser, right state, once."""
        linking = await self._by_state(query.get("state", ""))
        if linking is None or linking.platform != platform:
            return ReturnPage(is_ok=False, code="link_unknown", language="en")
        language, known_cookie = await self._db.read(
            lambda conn: (
                directory.view_and_chat(conn, linking.view_id)[0].language,
                cookie_hash_of(conn, linking.id),
            )
        )
        if linking.state is not LinkState.CONSENTED or not hmac.compare_digest(known_cookie, _hash(cookie)):
            return ReturnPage(is_ok=False, code="link_unknown", language=language)
        code = await self._finish(linking, query)
        together = () if code else await self.together(linking.seller_id, linking.id)
        shops = together if len(together) > 1 else ()
        return ReturnPage(is_ok=not code, code=code, language=language, shops=shops)

    async def paste(self, visitor: Visitor, address: str) -> None:
        """Take the address a person landed on, from the starter alone and in a private chat.

        The result arrives as an event. Raises InputError("address_unreadable" | "address_foreign").
        """
        try:
            query = dict(parse_qsl(urlsplit(address.strip()).query))
        except ValueError:
            raise InputError("address_unreadable") from None
        if "code" not in query or "state" not in query:
            raise InputError("address_unreadable")
        linking = await self._by_state(query["state"])
        is_mine = (
            linking is not None
            and linking.user_id == visitor.member.user_id
            and linking.view_id == visitor.view.id
            and linking.state in {LinkState.STARTED, LinkState.CONSENTED}
            and visitor.chat.kind == "private"
        )
        if linking is None or not is_mine:
            raise InputError("address_foreign")
        await self._finish(linking, query)

    def confirm_in(self, conn: Connection, visitor: Visitor, linking_id: str) -> None:
        """Make what is quarantined the seller's; only who started the linking may say so."""
        linking = self._own(conn, visitor, linking_id)
        shops, now, linked = Shops(conn, visitor.seller_id), self._clock(), list[Shop]()
        for each in _wanted(shops.with_siblings(linking.id)):
            if not shops.set_linking(each.id, was=LinkState.RETURNED, state=LinkState.CONFIRMED):
                raise Conflict("moved_on")
            shop = link_shop(conn, self._vault, each, now)
            name_shop(conn, shop, shop.name, self._platforms[shop.platform].info)
            linked.append(shop)
        if len(linked) == 1:
            self._follow_import(conn, linking, linked[0], now)
        zone = ZONES_OF_REGIONS.get(linked[0].region, "")
        if zone and visitor.view.zone == FALLBACK_ZONE and len(shops.all()) == len(linked):
            Members(conn, visitor.seller_id).set_view(visitor.view.id, zone=zone)

    def _follow_import(self, conn: Connection, linking: Linking, shop: Shop, now: datetime) -> None:
        """Register the message that shows the import before it begins: a small shop is all in at once."""
        if linking.message_id is not None:
            shown = Card(new_id(), linking.view_id, linking.message_id, "text", IMPORT, shop.id, 0)
            Cards(conn, linking.seller_id).remember(shown, now)

    def refuse_in(self, conn: Connection, visitor: Visitor, linking_id: str) -> None:
        """Not the right shop: forget what was granted."""
        linking = self._own(conn, visitor, linking_id)
        shops = Shops(conn, visitor.seller_id)
        for each in _wanted(shops.with_siblings(linking.id)):
            if not shops.set_linking(each.id, was=LinkState.RETURNED, state=LinkState.CANCELLED):
                raise Conflict("moved_on")
            self._vault.destroy(conn, f"linking:{each.id}")

    def unlink_in(self, conn: Connection, visitor: Visitor, shop_id: str, link_gen: int) -> None:
        """End a shop's link, if it still is as it was shown. Raises NotAllowed("role"), Conflict("moved_on")."""
        need(visitor, Role.OWNER)
        unlink_shop(
            conn,
            self._vault,
            shown_shop(conn, visitor, shop_id, link_gen),
            visitor.member.user_id,
            self._clock(),
        )

    async def begin_import(self, visitor: Visitor, linking_id: str) -> None:
        """Ask for the first reading of what was just confirmed."""
        for shop in await self.linked(visitor.seller_id, linking_id):
            await self._queue.enqueue(Task.BACKFILL, shop.id)

    async def linked(self, seller_id: str, linking_id: str) -> list[Shop]:
        """Return the shops that a linking brought, once it is confirmed."""
        together = _wanted(await self.together(seller_id, linking_id))
        named = {
            (each.platform, each.shop_external_id) for each in together if each.state is LinkState.CONFIRMED
        }
        shops = await self._db.read(lambda conn: Shops(conn, seller_id).all())
        return [each for each in shops if (each.platform, each.external_id) in named]

    async def together(self, seller_id: str, linking_id: str) -> tuple[Linking, ...]:
        """Return a linking and those of the other shops that the same login opened, refused ones last."""
        found = await self._db.read(lambda conn: Shops(conn, seller_id).with_siblings(linking_id))
        return tuple(sorted(found, key=lambda each: bool(each.refusal)))

    async def _finish(self, linking: Linking, query: Mapping[str, str]) -> str:
        """Trade the code for credentials, keep them in quarantine, tell the chat; return a reason or ""."""
        taken = await self._db.write(
            lambda conn: Shops(conn, linking.seller_id).set_linking(
                linking.id, was=linking.state, state=LinkState.RETURNED
            ),
            "link.returned",
        )
        app = await self._apps.get(linking.app_id)
        if not taken or app is None:
            return "link_unknown"
        grants, refused, reason = list[Grant](), list[Refused](), ""
        try:
            grants, refused = await fetch_grants(
                self._platforms[linking.platform], app, query, linking.region
            )
        except StoreSyncError as failed:
            reason = failed.code

        def work(conn: Connection) -> str:
            now = self._clock()
            code = keep_grants(conn, self._vault, linking, app, grants, refused, now) if grants else reason
            self._announce(conn, linking, code)
            return code

        code = await self._db.write(work, "link.keep_grant")
        self._wakeups.outbox.set()
        return code

    def _cancel(self, conn: Connection, linking: Linking) -> bool:
        """End a linking and forget what it was granted."""
        shops = Shops(conn, linking.seller_id)
        ended = [each.id for each in shops.with_siblings(linking.id) if shops.cancel_linking(each.id)]
        for linking_id in ended:
            self._vault.destroy(conn, f"linking:{linking_id}")
        return linking.id in ended

    def _announce(self, conn: Connection, linking: Linking, code: str) -> None:
        """Tell the chat how it went, unless somebody there cancelled it meanwhile."""
        now = self._clock()
        kind = EventKind.LINK_FAILED if code else EventKind.LINK_RETURNED
        state = LinkState.FAILED if code else LinkState.RETURNED
        if not Shops(conn, linking.seller_id).set_linking(linking.id, was=LinkState.RETURNED, state=state):
            return
        payload = {"linking_id": linking.id, "code": code}
        key = f"link:{linking.id}:{kind}"
        tell(conn, linking.seller_id, kind, key, payload, now=now, views=[linking.view_id])

    def _own(self, conn: Connection, visitor: Visitor, linking_id: str) -> Linking:
        linking = Shops(conn, visitor.seller_id).linking(linking_id)
        if linking is None or linking.user_id != visitor.member.user_id:
            raise NotFound("link_unknown")
        return linking

    async def _by_nonce(self, nonce: str) -> Linking:
        found = await self._db.read(lambda conn: linking_by(conn, "nonce_hash", _hash(nonce)))
        usable = {LinkState.STARTED, LinkState.CONSENTED}
        if found is None or found.expires_at <= self._clock() or found.state not in usable:
            raise NotFound("link_unknown")
        return found

    async def _by_state(self, state: str) -> Linking | None:
        found = await self._db.read(lambda conn: linking_by(conn, "state_hash", _hash(state)))
        return found if found and found.expires_at > self._clock() else None

    def _authorize_url(self, platform: Platform, app: PlatformApp, state: str) -> str:
        public = self._addresses.public_url
        redirect = f"{public}/oauth/{app.platform}" if public else self._addresses.redirect_url
        return platform.linking.authorize_url(app, redirect_url=redirect, state=state)


def _wanted(together: Sequence[Linking]) -> list[Linking]:
    return [each for each in together if not each.refusal]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
