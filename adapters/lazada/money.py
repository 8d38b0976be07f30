"""Lazada in the `Settlements` role: every fee is a row of a day, and a day is whole once it is over."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.lazada import endpoints, wire
from adapters.lazada.client import SLUG, LazadaClient
from adapters.lazada.hosts import zone_of
from adapters.lazada.mapping import money
from domain.earnings import Fee, FeeKind, Settlement
from domain.errors import UnexpectedResponse
from domain.platform import Release, ReleasePage, Window
from domain.shops import ShopAccess

PAGE_SIZE = 500
LOOK_BACK = timedelta(days=179)
_DAY = timedelta(days=1)
_MARK = "|"
PRICE, PRICE_BACK = "13", "14"
ALL = "-1"

K = FeeKind
FEES: dict[str, FeeKind] = {
    "16": K.COMMISSION,
    "15": K.COMMISSION,
    "65": K.COMMISSION,
    "3": K.PAYMENT,
    "7": K.SHIPPING,
    "8": K.SHIPPING,
    "59": K.SERVICE,
    PRICE_BACK: K.REFUND,
}
"""Types of fees as kinds of ours. Any other is OTHER."""


class LazadaSettlements:
    """The `Settlements` role."""

    def __init__(self, client: LazadaClient) -> None:
        self._client = client

    async def released(self, shop: ShopAccess, window: Window, cursor: str) -> ReleasePage:
        """List orders whose goods were booked on days that ended within the window."""
        zone = ZoneInfo(zone_of(shop.region))
        first, last = _days(window, zone)
        if first > last:
            return ReleasePage(())
        start, _, before = cursor.partition(_MARK)
        offset = int(start or 0)
        rows = await self._rows(shop, first, last, offset)
        found: dict[str, datetime] = {}
        for row in rows:
            if str(row.fee_type) == PRICE and str(row.order_no) != before:
                found.setdefault(str(row.order_no), _over(_day(row), zone))
        releases = tuple(Release(number, at) for number, at in found.items())
        if len(rows) < PAGE_SIZE:
            return ReleasePage(releases)
        return ReleasePage(releases, f"{offset + len(rows)}{_MARK}{rows[-1].order_no}")

    async def fetch_settlements(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[Settlement]:
        """Read orders' accounts, a call each; one of which nothing is booked yet has none."""
        numbers = [each for each in ids if each.isascii() and each.isdecimal()]
        told = await together(self._of_order(shop, each) for each in numbers)
        return readable(
            [(number, rows) for number, rows in zip(numbers, told, strict=True) if rows],
            lambda pair: settlement(pair[0], pair[1], shop.currency),
            platform=SLUG,
            operation=endpoints.TRANSACTIONS.operation,
        )

    async def _of_order(self, shop: ShopAccess, number: str) -> list[wire.Fee]:
        now = self._client.server_now(shop.app)
        rows = await self._rows(shop, (now - LOOK_BACK).date(), now.date(), 0, number)
        return [each for each in rows if str(each.order_no) == number]

    async def _rows(
        self, shop: ShopAccess, first: date, last: date, offset: int, order: str = ""
    ) -> list[wire.Fee]:
        asked: dict[str, str | int] = {
            "start_time": first.isoformat(),
            "end_time": last.isoformat(),
            "trans_type": ALL,
            "limit": PAGE_SIZE,
            "offset": offset,
            "trade_order_id": order,
        }
        return await self._client.get(shop, endpoints.TRANSACTIONS, asked, wire.Told[list[wire.Fee]])


def _days(window: Window, zone: ZoneInfo) -> tuple[date, date]:
    """Return the days that ended within a window; its start is not part of it, since another ended there."""
    return window.start.astimezone(zone).date(), window.end.astimezone(zone).date() - _DAY


def _day(row: wire.Fee) -> date:
    try:
        return datetime.strptime(row.transaction_date, "%d %b %Y").replace(tzinfo=UTC).date()
    except ValueError:
        raise UnexpectedResponse(
            platform=SLUG, operation=endpoints.TRANSACTIONS.operation, reason="unreadable"
        ) from None


def _over(day: date, zone: ZoneInfo) -> datetime:
    after = day + _DAY
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)


def settlement(number: str, rows: Sequence[wire.Fee], currency: str) -> Settlement:
    """Name what of the goods did not reach the seller; signed amounts are added up, costs being below zero."""
    goods = sum((each.amount for each in rows if str(each.fee_type) == PRICE), Decimal(0))
    payout = sum((each.amount for each in rows), Decimal(0))
    taken: dict[FeeKind, Decimal] = {}
    for each in rows:
        if str(each.fee_type) != PRICE:
            kind = FEES.get(str(each.fee_type), K.OTHER)
            taken[kind] = taken.get(kind, Decimal(0)) - each.amount
    fees = tuple(Fee(kind, money(amount, currency)) for kind, amount in taken.items() if amount)
    return Settlement(number, money(goods, currency), fees, money(payout, currency))
