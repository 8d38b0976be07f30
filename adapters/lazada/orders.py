"""Lazada in the `Orders` role: windows that move on, heads of orders one by one, their units by fifty."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from adapters.kit.batches import batches
from adapters.kit.client import decode
from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.lazada import endpoints, mapping, statuses, wire
from adapters.lazada.client import SLUG, LazadaClient, as_text
from adapters.lazada.errors import JudgeBut, refusal_of
from domain.errors import UnexpectedResponse
from domain.orders import OrderSnapshot
from domain.platform import Page, Window
from domain.platform.orders import NOTHING
from domain.shops import ShopAccess

PAGE_SIZE = 100
ORDERS_PER_CALL = 50
MOST_HEADS = 10_000
_SECOND = timedelta(seconds=1)
_MARK = "|"
_UNKNOWN_ORDER = JudgeBut({"16"})
_UNKNOWN_ORDERS = JudgeBut({"39", "37"})

Units = dict[str, list[wire.Unit]]
Key = tuple[str, str, str]


class LazadaOrders:
    """The `Orders` role."""

    def __init__(self, client: LazadaClient) -> None:
        self._client = client
        self._heads = _Heads()

    async def orders_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        """List a page. The next begins where this one ended, so that what moves meanwhile hides nothing.

        Whether the ends of a window belong to it is not written down: a second more is asked for on both sides.
        """
        after, offset = _read(cursor, window.start - _SECOND)
        asked: dict[str, str | int] = {
            "update_after": _iso(after),
            "update_before": _iso(window.end + _SECOND),
            "sort_by": "updated_at",
            "sort_direction": "ASC",
            "limit": PAGE_SIZE,
            "offset": offset,
        }
        told = await self._client.get(shop, endpoints.ORDERS, asked, wire.Told[wire.OrderPage])
        rows = told.orders or []
        if not rows and offset == 0 and told.count_total:
            raise UnexpectedResponse(platform=SLUG, operation=endpoints.ORDERS.operation, reason="no_rows")
        try:
            listed = [decode(row, wire.ListedOrder) for row in rows]
            following = _next(listed, after, offset) if len(rows) >= PAGE_SIZE else None
        except ValueError:
            operation = endpoints.ORDERS.operation
            raise UnexpectedResponse(platform=SLUG, operation=operation, reason="unreadable") from None
        self._learn(shop, rows)
        return Page(tuple(str(each.order_id) for each in listed), following)

    async def fetch_orders(
        self,
        shop: ShopAccess,
        ids: Sequence[str],
        stored: Mapping[str, str] = NOTHING,  # noqa: ARG002 - the units have to be read anyway
    ) -> Sequence[OrderSnapshot]:
        """Read units, and the heads of orders that were not seen before, or of which something was cancelled."""
        units = await units_of(self._client, shop, ids)
        heads = await together(self._head(shop, number, rows) for number, rows in units.items())
        found = [(head, units[str(head.order_id)]) for head in heads if head is not None]
        return readable(
            found,
            lambda pair: mapping.order(pair[0], pair[1], shop.currency),
            platform=SLUG,
            operation=endpoints.ITEMS.operation,
        )

    def _learn(self, shop: ShopAccess, rows: Sequence[msgspec.Raw]) -> None:
        for head in readable(
            rows,
            lambda row: decode(row, wire.Order),
            platform=SLUG,
            operation=endpoints.ORDERS.operation,
        ):
            self._heads.keep(_key(shop, head.order_id), head, None)

    async def _head(self, shop: ShopAccess, number: str, units: Sequence[wire.Unit]) -> wire.Order | None:
        cancelled = sum(each.status == statuses.CANCELLED_UNIT for each in units)
        key = _key(shop, number)
        if known := self._heads.find(key, cancelled):
            return known
        told = await self._client.read(
            shop, endpoints.ORDER, {"order_id": number}, wire.Told[wire.Order], _UNKNOWN_ORDER
        )
        if told.data is not None:
            self._heads.keep(key, told.data, cancelled)
        return told.data


class _Heads:
    """What stands in an order besides its units, which is written once; money changes with what is cancelled."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, tuple[wire.Order, int | None]] = OrderedDict()

    def keep(self, key: Key, head: wire.Order, cancelled: int | None) -> None:
        self._known[key] = (head, cancelled)
        self._known.move_to_end(key)
        if len(self._known) > MOST_HEADS:
            self._known.popitem(last=False)

    def find(self, key: Key, cancelled: int) -> wire.Order | None:
        """Return a head that was read while as many units were cancelled, or was listed just now."""
        known = self._known.get(key)
        if known is None or known[1] not in {None, cancelled}:
            return None
        self._known[key] = (known[0], cancelled)
        return known[0]


async def units_of(client: LazadaClient, shop: ShopAccess, ids: Sequence[str]) -> Units:
    """Read the units of orders; one that nobody knows, or whose number can be none, is left out."""
    numbers = [each for each in dict.fromkeys(ids) if each.isascii() and each.isdecimal()]
    found: Units = {}
    for some in batches(numbers, lambda _: None, ORDERS_PER_CALL):
        found |= await _units(client, shop, some)
    return found


async def _units(client: LazadaClient, shop: ShopAccess, ids: Sequence[str]) -> Units:
    asked = {"order_ids": as_text([int(each) for each in ids])}
    told = await client.read(shop, endpoints.ITEMS, asked, wire.Told[list[wire.OrderItems]], _UNKNOWN_ORDERS)
    if refusal_of(told):
        if len(ids) == 1:
            return {}
        return {number: rows for each in ids for number, rows in (await _units(client, shop, [each])).items()}
    if told.data is None:
        raise UnexpectedResponse(platform=SLUG, operation=endpoints.ITEMS.operation, reason="no_data")
    read = readable(
        told.data,
        lambda each: (str(each.order_id), [decode(row, wire.Unit) for row in each.order_items]),
        platform=SLUG,
        operation=endpoints.ITEMS.operation,
    )
    return {number: rows for number, rows in read if rows}


def _key(shop: ShopAccess, number: wire.Id) -> Key:
    return shop.app.id, shop.external_id, str(number)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _read(cursor: str, start: datetime) -> tuple[datetime, int]:
    if not cursor:
        return start, 0
    at, _, offset = cursor.partition(_MARK)
    return datetime.fromisoformat(at), int(offset)


def _next(listed: Sequence[wire.ListedOrder], after: datetime, offset: int) -> str:
    """Return where to go on: a second before the last order, or further on where all are of that second."""
    last = mapping.moment(listed[-1].updated_at) - _SECOND
    if last > after:
        return f"{_iso(last)}{_MARK}0"
    return f"{_iso(after)}{_MARK}{offset + len(listed)}"
