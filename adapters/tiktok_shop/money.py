"""TikTok Shop in the `Settlements` role: orders are paid out by statements, one a day; each has its own account."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil, floor

from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.tiktok_shop import endpoints, money_wire, wire
from adapters.tiktok_shop.client import SLUG, Asked, TiktokShopClient
from adapters.tiktok_shop.errors import JudgeBut
from adapters.tiktok_shop.mapping import money
from adapters.tiktok_shop.orders import next_of
from domain.earnings import Fee, FeeKind, Settlement
from domain.errors import UnexpectedResponse
from domain.platform import Release, ReleasePage, Window
from domain.shops import ShopAccess

PAGE_SIZE = 100
ORDER = "ORDER"
_MARK = "|"
_UNKNOWN = JudgeBut({21001001, 25007006, 21008111, 36009004})

K = FeeKind
FEES: dict[str, FeeKind] = {
    "platform_commission_amount": K.COMMISSION,
    "dynamic_commission_amount": K.SERVICE,
    "transaction_fee_amount": K.PAYMENT,
    "affiliate_commission_amount": K.AFFILIATE,
}
"""Named fees as kinds of ours. What they leave unexplained is OTHER."""


class TiktokShopSettlements:
    """The `Settlements` role."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client

    async def released(self, shop: ShopAccess, window: Window, cursor: str) -> ReleasePage:
        """List what one page of one statement paid out; the cursor says which of either is next."""
        at, _, page = cursor.partition(_MARK)
        query: dict[str, str | int] = {
            "sort_field": "statement_time",
            "sort_order": "ASC",
            "page_size": 1,
            "statement_time_ge": floor(window.start.timestamp()),
            "statement_time_lt": ceil(window.end.timestamp()) + 1,
        }
        if at:
            query["page_token"] = at
        found = await self._client.get(
            shop, endpoints.STATEMENTS, Asked(query=query), wire.Wrapped[money_wire.StatementPage]
        )
        following = next_of(found.next_page_token, at, endpoints.STATEMENTS.operation)
        if not found.statements:
            return ReleasePage((), None)
        statement = found.statements[0]
        told = await self._transactions(shop, str(statement.id), page)
        moment = _moment(statement.statement_time)
        rows = [each for each in told.transactions or () if each.type == ORDER and each.order_id]
        releases = tuple(Release(str(each.order_id), moment) for each in rows)
        if more := next_of(told.next_page_token, page, endpoints.STATEMENT.operation):
            return ReleasePage(releases, f"{at}{_MARK}{more}")
        return ReleasePage(releases, f"{following}{_MARK}" if following else None)

    async def fetch_settlements(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[Settlement]:
        """Read orders' accounts, a call each; one that is not settled yet has none."""
        told = await together(self._of_order(shop, each) for each in ids)
        return readable(
            [each for each in told if each and each.sku_transactions],
            lambda each: settlement(each, shop.currency),
            platform=SLUG,
            operation=endpoints.ORDER_MONEY.operation,
        )

    async def _transactions(self, shop: ShopAccess, statement: str, page: str) -> money_wire.TransactionPage:
        query: dict[str, str | int] = {"sort_field": "order_create_time", "page_size": PAGE_SIZE}
        if page:
            query["page_token"] = page
        asked = Asked({"statement_id": statement}, query)
        return await self._client.get(
            shop, endpoints.STATEMENT, asked, wire.Wrapped[money_wire.TransactionPage]
        )

    async def _of_order(self, shop: ShopAccess, number: str) -> money_wire.OrderMoney | None:
        asked = Asked({"order_id": number})
        told = await self._client.read(
            shop, endpoints.ORDER_MONEY, asked, wire.Wrapped[money_wire.OrderMoney], judge=_UNKNOWN
        )
        return told.data


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):  # a moment that is none
        raise UnexpectedResponse(
            platform=SLUG, operation=endpoints.STATEMENTS.operation, reason="unreadable"
        ) from None


def settlement(told: money_wire.OrderMoney, currency: str) -> Settlement:
    """Name what of the goods did not reach the seller; signed amounts are added up, costs being below zero.

    An order may stand in several statements: all of its rows are here, and what they settle is its payout.
    """
    currency = told.currency or currency
    rows = told.sku_transactions or []
    goods, back = Decimal(0), Decimal(0)
    taken: dict[FeeKind, Decimal] = {}
    for row in rows:
        revenue = row.revenue_breakdown or {}
        goods += _of(revenue, "subtotal_before_discount_amount") + _of(revenue, "seller_discount_amount")
        back += _of(revenue, "refund_subtotal_before_discount_amount") + _of(
            revenue, "seller_discount_refund_amount"
        )
        parts = row.fee_tax_breakdown or money_wire.FeesAndTaxes()
        named = {FEES[name]: amount for name, amount in (parts.fee or {}).items() if name in FEES}
        for kind, amount in named.items():
            taken[kind] = taken.get(kind, Decimal(0)) - (amount or 0)
        taken[K.TAX] = taken.get(K.TAX, Decimal(0)) - sum(
            (each or 0 for each in (parts.tax or {}).values()), Decimal(0)
        )
        taken[K.SHIPPING] = taken.get(K.SHIPPING, Decimal(0)) - (row.shipping_cost_amount or 0)
    taken[K.REFUND] = -back
    payout = sum((row.settlement_amount for row in rows), Decimal(0))
    taken[K.OTHER] = goods - sum(taken.values(), Decimal(0)) - payout
    fees = tuple(Fee(kind, money(amount, currency)) for kind, amount in taken.items() if amount)
    return Settlement(str(told.order_id), money(goods, currency), fees, money(payout, currency))


def _of(terms: Mapping[str, Decimal | None], name: str) -> Decimal:
    return terms.get(name) or Decimal(0)
