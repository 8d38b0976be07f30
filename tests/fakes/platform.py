"""A platform in memory that passes the contract: it sells, locks, signs and refuses as a real one does.

The truth is in `shops`; a test edits it as the seller centre would. Trouble is ordered with `fail`, a
moment between two calls with `meanwhile` and `hold`.
"""

import asyncio
import hmac
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    InputError,
    NotAllowed,
    PlatformError,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
)
from domain.money import Money
from domain.orders import OrderSnapshot
from domain.platform import (
    Authorisation,
    GrantedShop,
    Hint,
    HintKind,
    ListingSnapshot,
    Outcome,
    Page,
    Platform,
    PricePush,
    PushResult,
    ShopSnapshot,
    StockPush,
    Window,
)
from domain.platform.orders import NOTHING
from domain.shops import Credentials, PlatformApp, ShopAccess
from tests.fakes.fulfilment import FakeFulfilment
from tests.fakes.gates import Gate
from tests.fakes.holidays import FakeHolidays
from tests.fakes.listings import FakeListingWrites
from tests.fakes.lost import LostStore
from tests.fakes.money import FakeSettlements
from tests.fakes.orders import FakeOrderActions
from tests.fakes.pushed import limited, signature, unknown
from tests.fakes.returns import FakeReturns
from tests.fakes.reviews import FakeReviews
from tests.fakes.shop import INFO, SLUG, FakeShop
from tests.fakes.standing import FakeStanding

__all__ = ["INFO", "SLUG", "FakePlatform", "FakeShop"]

T = TypeVar("T")

SIGNATURE = "x-bazaar-signature"
APP_SECRET = "app-secret-0001"
ACCESS_LASTS = timedelta(hours=4)
REFRESH_LASTS = timedelta(days=30)


@dataclass
class _Fault:
    error: PlatformError
    is_done: bool


class FakePlatform(LostStore):
    """Plays all roles of one platform; `platform` is what services are given."""

    def __init__(self, clock: Clock, *, page_size: int = 2) -> None:
        super().__init__()
        self._clock = clock
        self._page_size = page_size
        self._serial = 0
        self._codes: dict[str, list[str]] = {}
        self._faults: dict[str, list[_Fault]] = defaultdict(list)
        self._between: dict[str, list[Callable[[], None]]] = defaultdict(list)
        self._gates: dict[str, list[Gate]] = defaultdict(list)
        self.shops: dict[str, FakeShop] = {}
        self.calls: Counter[str] = Counter()
        self.windows: list[Window] = []
        self.pushed: list[tuple[Money, Money]] = []
        """Every price taken: what the shop showed when it came, and what it asked for."""
        self.pushed_units: list[tuple[int, int]] = []
        """Every stock taken: what was expected, and what was asked for."""
        self.held_stock: set[tuple[str, str]] = set()
        """Listings and variants whose stock a campaign holds."""
        self.held_prices: set[tuple[str, str]] = set()
        """As `held_stock`, for prices, whether or not a reading tells until when."""
        self.has_grace = False
        self.sharing: tuple[str, ...] = ()  # these shops have one pair of tokens together
        """Whether the refresh token spent last gives its pair once more, for answers that were lost."""
        self._graced: dict[str, Credentials] = {}
        self.is_looping = False
        """Whether the last page points back to the second one, as a broken platform does."""
        self.is_late = False
        """Whether a pushed price is accepted and shown only after `catch_up`."""
        self._unshown: list[tuple[str, PricePush]] = []
        self.on_event: Callable[..., None] | None = None
        """Called with kind, shop and ids of what a platform would push: consents, their end, prices set."""
        self.fulfilment = FakeFulfilment(self)
        self.settlements = FakeSettlements(self)
        self.order_actions = FakeOrderActions(self)
        self.returns = FakeReturns(self)
        self.standing = FakeStanding(self)
        self.listing_writes = FakeListingWrites(self)
        self.reviews = FakeReviews(self)
        roles = self.fulfilment, self.settlements, self.order_actions, self.returns, self.standing
        self.holidays = FakeHolidays(self)
        others = self.reviews, self.listing_writes, self.holidays
        self.platform = Platform(INFO, self, self, self, self, *roles, *others)

    # What a test does

    def add_shop(self, external_id: str = "600011", **facts: object) -> FakeShop:
        made = FakeShop(external_id, authorised_until=self._clock() + timedelta(days=365), **facts)  # type: ignore[arg-type]
        self.shops[external_id] = made
        return made

    def consent(self, page: str, *external_ids: str) -> dict[str, str]:
        """Consent on the platform's page; return the query of the address the browser lands on."""
        asked = dict(parse_qsl(urlsplit(page).query))
        code = self._next("code")
        self._codes[code] = list(external_ids)
        return {"code": code, "state": asked["state"], "shop_id": external_ids[0]}

    def issue(self, external_id: str) -> Credentials:
        """Give a shop a new pair; the one before it is worth nothing from now on."""
        now = self._clock()
        tokens = self._next("access"), self._next("refresh")
        pair = Credentials(*tokens, now + ACCESS_LASTS, now + REFRESH_LASTS)
        for each in self.sharing if external_id in self.sharing else (external_id,):
            known = self.shops[each]
            known.is_consented, known.access_until = True, pair.expires_at
            known.access_token, known.refresh_token = tokens
        return pair

    def revoke(self, external_id: str = "600011") -> None:
        """The seller takes the consent back."""
        self.shops[external_id].is_consented = False
        self._tell("deauthorised", external_id)

    def expire_access(self, external_id: str = "600011") -> None:
        """End the access token before its time."""
        self.shops[external_id].access_until = self._clock()

    def fail(self, operation: str, error: PlatformError, *, times: int = 1, is_done: bool = False) -> None:
        """Fail the next calls of an operation, before they have their effect or after it."""
        self._faults[operation].extend([_Fault(error, is_done)] * times)

    def heal(self) -> None:
        self._faults.clear()

    def meanwhile(self, operation: str, happens: Callable[[], None]) -> None:
        """Let something happen just before the next call of an operation is answered."""
        self._between[operation].append(happens)

    def hold(self, operation: str, *, is_done: bool = False) -> Gate:
        """Hold the next call of an operation up until the gate is opened, or only its answer."""
        gate = Gate(is_done)
        self._gates[operation].append(gate)
        return gate

    def catch_up(self) -> None:
        """Show what was accepted late."""
        for external_id, push in self._unshown:
            self._set(self.shops[external_id], push)
        self._unshown.clear()

    def push(self, app: PlatformApp, kind: str, external_id: str, *ids: str) -> tuple[dict[str, str], bytes]:
        """Return the headers and the body of a signed push."""
        said = {"kind": kind, "shop": external_id, "ids": ids, "event": self._next("event")}
        body = json.dumps(said).encode()
        return {SIGNATURE: signature(app.push_keys[0], app, body)}, body

    # Linking

    def authorize_url(self, app: PlatformApp, *, redirect_url: str, state: str) -> str:
        asked = {"app": app.key, "redirect": redirect_url, "state": state}
        return f"{app.auth_url}?{urlencode(asked)}"

    async def exchange_code(self, app: PlatformApp, query: Mapping[str, str]) -> Sequence[GrantedShop]:
        def act() -> list[GrantedShop]:
            external_ids = self._codes.pop(query.get("code", ""), None)
            if external_ids is None:
                raise RequestRejected(platform=SLUG, operation="exchange_code", reason="invalid_code")
            for each in external_ids:
                self._tell("authorised", each)
            shared, whose = (self.issue(external_ids[0]), "group") if self.sharing else (None, "")
            return [GrantedShop(each, shared or self.issue(each), whose) for each in external_ids]

        return await self.called("exchange_code", act)

    async def refresh(self, app: PlatformApp, external_id: str, refresh_token: str) -> Credentials:
        def act() -> Credentials:
            known = self.shops[external_id]
            if self.has_grace and known.is_consented and refresh_token in self._graced:
                return self._graced[refresh_token]
            if not known.is_consented or refresh_token != known.refresh_token:
                raise TokenRevoked(platform=SLUG, operation="refresh", reason="refresh_token_spent")
            pair = self.issue(external_id)
            self._graced = {refresh_token: pair}
            return pair

        return await self.called("refresh", act)

    async def fetch_shop(self, shop: ShopAccess) -> ShopSnapshot:
        def act() -> ShopSnapshot:
            known = self.opened(shop)
            return ShopSnapshot(
                external_id=known.external_id,
                name=known.name,
                region=known.region,
                currency=known.currency,
                is_usable=known.is_usable,
                raw_status="NORMAL" if known.is_usable else "FROZEN",
                authorised_until=known.authorised_until,
            )

        return await self.called("fetch_shop", act)

    async def fetch_authorisations(self, app: PlatformApp) -> Sequence[Authorisation]:
        def act() -> list[Authorisation]:
            consented = [each for each in self.shops.values() if each.is_consented]
            return [Authorisation(each.external_id, each.authorised_until) for each in consented]

        return await self.called("fetch_authorisations", act)

    # Catalogue

    async def listings_changed(self, shop: ShopAccess, since: datetime | None, cursor: str) -> Page:
        def act() -> Page:
            every = self.opened(shop).listings.values()
            found = [each for each in every if since is None or each.updated_at >= since]
            return self.page([each.external_id for each in found], cursor)

        return await self.called("listings_changed", act)

    async def fetch_listings(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ListingSnapshot]:
        def act() -> list[ListingSnapshot]:
            known = self.opened(shop)
            limited(len(ids), INFO.listings_per_fetch)
            return [known.listings[each] for each in ids if each in known.listings]

        return await self.called("fetch_listings", act)

    async def locations(self, shop: ShopAccess) -> Mapping[str, str]:
        return await self.called("locations", lambda: self.opened(shop).locations)

    async def push_prices(self, shop: ShopAccess, prices: Sequence[PricePush]) -> Sequence[PushResult]:
        def act() -> list[PushResult]:
            known = self.opened(shop)
            return [self._push(known, each) for each in prices]

        try:
            return await self.called("push_prices", act)
        except FateUnknown:
            return [unknown(each) for each in prices]

    async def push_stock(self, shop: ShopAccess, stock: Sequence[StockPush]) -> Sequence[PushResult]:
        def act() -> list[PushResult]:
            known = self.opened(shop)
            return [self._set_units(known, each) for each in stock]

        try:
            return await self.called("push_stock", act)
        except FateUnknown:
            return [unknown(each) for each in stock]

    # Orders

    async def orders_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        def act() -> Page:
            known = self.opened(shop)
            self.windows.append(window)
            if window.end - window.start > INFO.window:
                raise RequestRejected(platform=SLUG, operation="orders_changed", reason="window_too_long")
            found = [each for each in known.orders.values() if window.start <= each.updated_at <= window.end]
            found.sort(key=lambda each: (each.updated_at, each.external_id))
            return self.page([each.external_id for each in found], cursor)

        return await self.called("orders_changed", act)

    async def fetch_orders(
        self, shop: ShopAccess, ids: Sequence[str], stored: Mapping[str, str] = NOTHING
    ) -> Sequence[OrderSnapshot]:
        def act() -> list[OrderSnapshot]:
            known = self.opened(shop)
            limited(len(ids), INFO.orders_per_fetch)
            return [known.orders[each] for each in ids if each in known.orders]

        return await self.called("fetch_orders", act)

    # Hooks

    def verify_and_parse(self, app: PlatformApp, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        carried = headers.get(SIGNATURE, "").encode()
        if not any(hmac.compare_digest(carried, signature(key, app, body).encode()) for key in app.push_keys):
            raise NotAllowed("bad_signature")
        try:
            said = json.loads(body)
            if said["kind"] == "test":
                return []
            return [
                Hint(HintKind(said["kind"]), said["shop"], tuple(said["ids"]), said["event"], said["kind"])
            ]
        except (ValueError, KeyError, TypeError):
            raise InputError("bad_body") from None

    # What its roles stand on

    def now(self) -> datetime:
        return self._clock()

    async def called(self, operation: str, act: Callable[[], T]) -> T:
        self.calls[operation] += 1
        gate = self._gates[operation].pop(0) if self._gates[operation] else None
        if gate and not gate.is_done:
            await gate.passed()
        await asyncio.sleep(0)  # as any call over a wire lets others run
        if self._between[operation]:
            self._between[operation].pop(0)()
        fault = self._faults[operation].pop(0) if self._faults[operation] else None
        if fault and not fault.is_done:
            raise fault.error
        result = act()
        if gate and gate.is_done:
            await gate.passed()
        if fault:
            raise fault.error
        return result

    def opened(self, shop: ShopAccess) -> FakeShop:
        """Return the shop that this access opens, or refuse as a platform refuses."""
        known = self.shops.get(shop.external_id)
        if shop.app.secret != APP_SECRET:
            raise HostMisconfigured(platform=SLUG, operation="call", reason="wrong_sign")
        if known is None or not known.is_consented:
            raise TokenRevoked(platform=SLUG, operation="call", reason="no_consent")
        if (
            shop.credentials.access_token != known.access_token
            or (known.access_until or self._clock()) <= self._clock()
        ):
            raise TokenExpired(platform=SLUG, operation="call", reason="access_token_invalid")
        if known.is_banned:
            raise RequestRejected(platform=SLUG, operation="call", reason="banned", code="shop_restricted")
        return known

    def _push(self, known: FakeShop, push: PricePush) -> PushResult:
        reason = self._refusal(known, push)
        if not reason:
            self.pushed.append((known.price(push.listing_external_id, push.variant_external_id), push.price))
        if not reason and self.is_late:
            self._unshown.append((known.external_id, push))
        elif not reason:
            self._set(known, push)
        outcome = Outcome.REJECTED if reason else Outcome.OK
        return PushResult(push.listing_external_id, push.variant_external_id, outcome, reason)

    def _set_units(self, known: FakeShop, push: StockPush) -> PushResult:
        named = (push.listing_external_id, push.variant_external_id)
        listing = known.listings.get(push.listing_external_id)
        if not listing or push.variant_external_id not in {each.external_id for each in listing.variants}:
            reason = "not_found"
        elif known.units(*named) != push.expected:
            reason = "shows_other"
        elif named in self.held_stock:
            reason = "stock_locked"
        elif push.units < known.variant(*named).reserved:
            reason = "below_reserved"
        else:
            reason = ""
            self.pushed_units.append((push.expected, push.units))
            places = known.variant(*named).places
            at = push.place or (places[0].location if places else "")
            known.set_placed(named[0], push.units, at, named[1], at=self._clock())
        return PushResult(*named, Outcome.REJECTED if reason else Outcome.OK, reason)

    def _refusal(self, known: FakeShop, push: PricePush) -> str:
        listing = known.listings.get(push.listing_external_id)
        every = listing.variants if listing else ()
        found = [each for each in every if each.external_id == push.variant_external_id]
        if not found:
            return "not_found"
        is_locked = found[0].price.locked_until and found[0].price.locked_until > self._clock()
        if is_locked or (push.listing_external_id, push.variant_external_id) in self.held_prices:
            return "price_locked"
        return "" if push.price == push.price.rounded() else "price_decimals"

    def _set(self, known: FakeShop, push: PricePush) -> None:
        known.set_price(push.listing_external_id, push.price, push.variant_external_id, at=self._clock())
        self._tell("listing", known.external_id, push.listing_external_id)

    def _tell(self, kind: str, external_id: str, *ids: str) -> None:
        if self.on_event:
            self.on_event(kind, external_id, *ids)

    def page(self, ids: list[str], cursor: str) -> Page:
        start = int(cursor or 0)
        end = start + self._page_size
        following = str(end) if end < len(ids) else None
        if self.is_looping and following is None:
            following = str(self._page_size)
        return Page(tuple(ids[start:end]), following, len(ids))

    def _next(self, what: str) -> str:
        self._serial += 1
        return f"{what}-{self._serial:06d}"
