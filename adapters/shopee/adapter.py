"""Shopee in the roles of `domain/platform/`: ask the client, map the answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil, floor
from typing import TypeVar

import msgspec

from adapters.kit.client import decode
from adapters.kit.holdings import Holding
from adapters.kit.pushes import push_in_turn
from adapters.kit.refusals import PriceRefusal, StockRefusal
from adapters.kit.rows import readable
from adapters.kit.seen import Seen
from adapters.kit.together import together
from adapters.shopee import auth, mapping, statuses, wire
from adapters.shopee import stock as stocking
from adapters.shopee.client import SLUG, ShopeeClient
from adapters.shopee.errors import NOT_FOUND, SHOP_RESTRICTED, price_refusal
from domain.clock import Clock
from domain.errors import FateUnknown, RequestRejected, TokenRevoked, UnexpectedResponse
from domain.orders import OrderSnapshot
from domain.platform import (
    Authorisation,
    GrantedShop,
    ListingSnapshot,
    Outcome,
    Page,
    PricePush,
    PushResult,
    ShopSnapshot,
    StockPush,
    Window,
)
from domain.platform.orders import NOTHING
from domain.shops import Credentials, PlatformApp, ShopAccess

T = TypeVar("T")

ROWS_PER_CALL = 50
MOST_PAGES = 100
"""Of shops that authorised an app; a platform that never runs out of them must not keep us."""

_OF_ONE_ROW = frozenset({PriceRefusal.PRICE_DECIMALS, PriceRefusal.PRICE_RANGE})
"""One such price makes Shopee refuse all that came with it, without saying which it was."""


class ShopeeLinking:
    """The `LinkingRole`."""

    def __init__(self, client: ShopeeClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def authorize_url(self, app: PlatformApp, *, redirect_url: str, state: str) -> str:
        now = self._client.server_now(app)
        return auth.authorize_url(app, redirect_url=redirect_url, state=state, now=now)

    async def exchange_code(self, app: PlatformApp, query: Mapping[str, str]) -> Sequence[GrantedShop]:
        code, shop_id, account = (query.get(name, "") for name in ("code", "shop_id", "main_account_id"))
        if code and shop_id.isdecimal():
            tokens = await self._client.trade_code(app, code, {"shop_id": int(shop_id)})
            return [GrantedShop(shop_id, self._credentials(app, tokens, "get_access_token"))]
        if code and account.isdecimal():
            tokens = await self._client.trade_code(app, code, {"main_account_id": int(account)})
            return await self._first_pairs(app, tokens)
        raise RequestRejected(platform=SLUG, operation="get_access_token", reason="no_code_or_shop")

    async def refresh(self, app: PlatformApp, external_id: str, refresh_token: str) -> Credentials:
        tokens = await self._client.trade_refresh_token(app, refresh_token, external_id)
        return self._credentials(app, tokens, "refresh_access_token")

    async def fetch_shop(self, shop: ShopAccess) -> ShopSnapshot:
        info = await self._client.shop_info(shop)
        try:
            return mapping.shop(shop.external_id, info)
        except (KeyError, ValueError, ArithmeticError):
            raise UnexpectedResponse(platform=SLUG, operation="get_shop_info", reason="unreadable") from None

    async def fetch_authorisations(self, app: PlatformApp) -> Sequence[Authorisation]:
        found: list[wire.AuthorisedShop] = []
        for number in range(1, MOST_PAGES + 1):
            page = await self._client.authorised_shops(app, number)
            found += page.authed_shop_list or ()
            if not page.more or not page.authed_shop_list:
                break
        try:
            return [mapping.authorisation(each) for each in found]
        except (ValueError, OverflowError, OSError):  # a moment that is none
            raise UnexpectedResponse(
                platform=SLUG, operation="get_shops_by_partner", reason="unreadable"
            ) from None

    async def _first_pairs(self, app: PlatformApp, shared: wire.Tokens) -> list[GrantedShop]:
        """Give each shop of a main account its own pair: the shared refresh token works once per shop.

        A shop that Shopee turns down here is left out; if it turns down all, that is told.
        """
        granted, refused = [], None
        for shop_id in dict.fromkeys(str(each) for each in shared.shop_id_list or ()):
            try:
                granted.append(GrantedShop(shop_id, await self.refresh(app, shop_id, shared.refresh_token)))
            except (RequestRejected, TokenRevoked) as error:
                refused = error
        if granted:
            return granted
        raise refused or RequestRejected(platform=SLUG, operation="get_access_token", reason="no_shops")

    def _credentials(self, app: PlatformApp, tokens: wire.Tokens, operation: str) -> Credentials:
        try:
            return mapping.credentials(tokens, now=self._clock(), server_now=self._client.server_now(app))
        except (ValueError, ArithmeticError):
            # The code or token is spent all the same.
            raise FateUnknown(platform=SLUG, operation=operation, reason="no_token_pair") from None


class ShopeeCatalogue:
    """The `Catalogue` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def listings_changed(self, shop: ShopAccess, since: datetime | None, cursor: str) -> Page:
        words = statuses.EXISTING if since is None else statuses.EVERY
        start = None if since is None else floor(since.timestamp())
        offset = int(cursor or 0)
        page = await self._client.item_page(shop, words, start, offset)
        ids = tuple(str(item.item_id) for item in page.item or ())
        if not page.has_next_page:
            return Page(ids, None, page.total_count)
        if page.next_offset is None or page.next_offset <= offset:
            raise UnexpectedResponse(platform=SLUG, operation="get_item_list", reason="page_repeats")
        return Page(ids, str(page.next_offset), page.total_count)

    async def fetch_listings(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ListingSnapshot]:
        """Read listings; one that Shopee does not know any more is left out."""
        found = await _known(ids, lambda some: self._items(shop, some))
        sold = [pair for pair in await together(self._with_models(shop, item) for item in found) if pair]
        promoted = [str(item.item_id) for item, models in sold if mapping.is_promoted(item, models)]
        locked = await self._locks(shop, promoted) if promoted else {}
        return readable(
            sold,
            lambda pair: mapping.listing(*pair, locked, shop.currency),
            platform=SLUG,
            operation="get_item_base_info",
        )

    async def push_prices(self, shop: ShopAccess, prices: Sequence[PricePush]) -> Sequence[PushResult]:
        """Push item by item, one call each. After an answer that stays open nothing more is sent."""
        return await push_in_turn(prices, ROWS_PER_CALL, lambda batch: self._push(shop, batch))

    async def push_stock(self, shop: ShopAccess, stock: Sequence[StockPush]) -> Sequence[PushResult]:
        """Read an item, compare, set: one item after the other, so that little time lies between the two."""
        return await push_in_turn(stock, ROWS_PER_CALL, lambda batch: self._push_units(shop, batch))

    async def locations(self, shop: ShopAccess) -> Mapping[str, str]:
        found = await self._client.warehouses(shop)
        return {each.location_id: each.warehouse_name or "" for each in found if each.location_id}

    async def _push_units(self, shop: ShopAccess, batch: Sequence[StockPush]) -> list[PushResult]:
        item_id = batch[0].listing_external_id
        found = await _known([item_id], lambda some: self._items(shop, some))
        sold = await self._with_models(shop, found[0]) if found else None
        held = stocking.holdings(*sold) if sold else {}
        refused = {push: why for push in batch if (why := stocking.refusal(push, held))}
        told = [stocking.result(push, Outcome.REJECTED, why) for push, why in refused.items()]
        asked = [push for push in batch if push not in refused]
        if not asked:
            return told
        held |= await self._placed(
            shop, {name: held[name] for name in (push.variant_external_id for push in asked)}
        )
        rows = [
            (push.variant_external_id, held[push.variant_external_id].moved_to(push.units, push.place))
            for push in asked
        ]
        try:
            answer = await self._client.update_stock(shop, item_id, rows)
        except RequestRejected as error:
            restricted = error.code == SHOP_RESTRICTED
            why = StockRefusal.SHOP_RESTRICTED if restricted else StockRefusal.OTHER
            return told + [stocking.result(push, Outcome.REJECTED, why) for push in asked]
        return told + stocking.results(asked, answer)

    async def _placed(self, shop: ShopAccess, held: Mapping[str, Holding]) -> dict[str, Holding]:
        """Return what is held nowhere yet, with the shop's locations: there its first units go."""
        nowhere = {model: holding for model, holding in held.items() if not holding.places}
        if not nowhere:
            return {}
        places = dict.fromkeys(await self._client.locations(shop), 0)
        return {model: replace(holding, places=places) for model, holding in nowhere.items()}

    async def _push(self, shop: ShopAccess, batch: Sequence[PricePush]) -> list[PushResult]:
        rows = [(price.variant_external_id, mapping.exact(price.price.amount)) for price in batch]
        try:
            answer = await self._client.update_price(shop, batch[0].listing_external_id, rows)
        except RequestRejected as error:
            restricted = error.code == SHOP_RESTRICTED
            why = PriceRefusal.SHOP_RESTRICTED if restricted else PriceRefusal.OTHER
            return [mapping.result(price, Outcome.REJECTED, why) for price in batch]
        if len(batch) > 1 and price_refusal(answer.error, answer.message) in _OF_ONE_ROW:
            return [result for price in batch for result in await self._push(shop, [price])]
        return mapping.price_results(batch, answer)

    async def _items(self, shop: ShopAccess, ids: Sequence[str]) -> list[wire.Item]:
        batch = await self._client.items(shop, ids)
        return readable(
            batch.item_list or (),
            lambda row: decode(row, wire.Item),
            platform=SLUG,
            operation="get_item_base_info",
        )

    async def _with_models(
        self, shop: ShopAccess, item: wire.Item
    ) -> tuple[wire.Item, wire.ModelList | None] | None:
        if not item.has_model:
            return item, None
        found = await _known([str(item.item_id)], lambda ids: _listed(self._client.models(shop, ids[0])))
        return (item, found[0]) if found else None

    async def _locks(self, shop: ShopAccess, ids: Sequence[str]) -> mapping.Locks:
        batches = await _known(ids, lambda some: _listed(self._client.promotions(shop, some)))
        try:
            return {key: held for batch in batches for key, held in mapping.locks(batch).items()}
        except (ValueError, OverflowError, OSError):  # a moment that is none
            raise UnexpectedResponse(
                platform=SLUG, operation="get_item_promotion", reason="unreadable"
            ) from None


class ShopeeOrders:
    """The `Orders` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client
        self._seen = Seen()

    async def orders_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        start, end = floor(window.start.timestamp()), ceil(window.end.timestamp())
        page = await self._client.order_page(shop, start, max(end, start + 1), cursor)
        numbers = tuple(order.order_sn for order in page.order_list or ())
        if not page.more:
            return Page(numbers)
        next_cursor = str(page.next_cursor or "")
        if next_cursor in {"", cursor}:
            raise UnexpectedResponse(platform=SLUG, operation="get_order_list", reason="page_repeats")
        return Page(numbers, next_cursor)

    async def fetch_orders(
        self, shop: ShopAccess, ids: Sequence[str], stored: Mapping[str, str] = NOTHING
    ) -> Sequence[OrderSnapshot]:
        return await _known(ids, lambda some: self._orders(shop, some, stored))

    async def _orders(
        self, shop: ShopAccess, numbers: Sequence[str], stored: Mapping[str, str]
    ) -> list[OrderSnapshot]:
        batch = await self._client.orders(shop, numbers)
        rows = batch.order_list or ()
        return readable(
            [row for row in rows if not self._is_stored(shop, row, stored)] if stored else rows,
            lambda row: self._order(shop, row),
            platform=SLUG,
            operation="get_order_detail",
        )

    def _is_stored(self, shop: ShopAccess, row: msgspec.Raw, stored: Mapping[str, str]) -> bool:
        """Tell whether an order is as it was stored; most of what a poll reads is, and is not worth reading."""
        try:
            number = decode(row, wire.ListedOrder).order_sn
        except ValueError:
            return False  # whoever reads it in full says what is wrong with it
        digest = self._seen.digest_of((shop.app.id, shop.external_id, number), row)
        return bool(digest) and stored.get(number) == digest

    def _order(self, shop: ShopAccess, row: msgspec.Raw) -> OrderSnapshot:
        order = mapping.order(decode(row, wire.Order), shop.currency)
        self._seen.keep((shop.app.id, shop.external_id, order.external_id), row, order.digest)
        return order


async def _known(ids: Sequence[str], fetch: Callable[[Sequence[str]], Awaitable[list[T]]]) -> list[T]:
    """Fetch a batch; if one unknown id spoils it, halve it until only that one is missing."""
    if not ids:
        return []
    try:
        return await fetch(ids)
    except RequestRejected as error:
        if error.reason.rpartition(".")[2] not in NOT_FOUND:
            raise
    if len(ids) == 1:
        return []
    half = len(ids) // 2
    return [*await _known(ids[:half], fetch), *await _known(ids[half:], fetch)]


async def _listed(one: Awaitable[T]) -> list[T]:
    return [await one]
