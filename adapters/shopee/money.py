"""Shopee in the `Settlements` role: releases by page, escrow by batch, its numbers as fees of our kinds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil, floor

from adapters.kit.client import decode
from adapters.kit.rows import readable
from adapters.shopee import wire
from adapters.shopee.client import SLUG, ShopeeClient
from adapters.shopee.mapping import exact
from adapters.shopee.money_wire import Escrow, EscrowPage, EscrowRow, Income
from domain.earnings import Fee, FeeKind, Settlement
from domain.errors import PlatformUnavailable, RequestRejected, UnexpectedResponse
from domain.money import Money
from domain.platform import Release, ReleasePage, Window
from domain.shops import ShopAccess

PAGE_SIZE = 100
BATCH, PAGES = "/payment/get_escrow_detail_batch", "/payment/get_escrow_list"

K = FeeKind
TERMS: tuple[tuple[str, FeeKind, int], ...] = (
    ("commission_fee", K.COMMISSION, 1),
    ("service_fee", K.SERVICE, 1),
    ("seller_transaction_fee", K.PAYMENT, 1),
    ("seller_order_processing_fee", K.PROCESSING, 1),
    ("campaign_fee", K.CAMPAIGN, 1),
    ("order_ams_commission_fee", K.AFFILIATE, 1),
    ("voucher_from_seller", K.VOUCHER, 1),
    ("seller_coin_cash_back", K.VOUCHER, 1),
    ("original_shopee_discount", K.VOUCHER, 1),
    ("shopee_discount", K.VOUCHER, -1),
    ("actual_shipping_fee", K.SHIPPING, 1),
    ("reverse_shipping_fee", K.SHIPPING, 1),
    ("final_return_to_seller_shipping_fee", K.SHIPPING, 1),
    ("buyer_paid_shipping_fee", K.SHIPPING, -1),
    ("shopee_shipping_rebate", K.SHIPPING, -1),
    ("shipping_fee_discount_from_3pl", K.SHIPPING, -1),
    ("rsf_seller_protection_fee_claim_amount", K.SHIPPING, -1),
    ("escrow_tax", K.TAX, 1),
    ("withholding_tax", K.TAX, 1),
    ("sales_tax_on_lvg", K.TAX, 1),
    ("seller_return_refund", K.REFUND, -1),
)
"""Shopee's terms as kinds of ours, +1 where the seller loses by them. What they leave unexplained is OTHER."""


class ShopeeSettlements:
    """The `Settlements` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def released(self, shop: ShopAccess, window: Window, cursor: str) -> ReleasePage:
        number = int(cursor or 1)
        query: list[tuple[str, str | int]] = [
            ("release_time_from", floor(window.start.timestamp())),
            ("release_time_to", ceil(window.end.timestamp())),
            ("page_size", PAGE_SIZE),
            ("page_no", number),
        ]
        page = await self._client.get(shop, PAGES, query, wire.Wrapped[EscrowPage])
        rows = page.escrow_list or ()
        releases = tuple(Release(row.order_sn, _moment(row.escrow_release_time)) for row in rows)
        return ReleasePage(releases, str(number + 1) if page.more and releases else None)

    async def fetch_settlements(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[Settlement]:
        if not ids:
            return []
        return readable(
            await self._batch(shop, ids),
            lambda row: settlement(decode(row.escrow_detail, Escrow), shop.currency),
            platform=SLUG,
            operation="get_escrow_detail_batch",
        )

    async def _batch(self, shop: ShopAccess, ids: Sequence[str]) -> list[EscrowRow]:
        """Ask by POST, as clients in the field do, and by GET, as the reference says, where that is refused."""
        answer = wire.Wrapped[list[EscrowRow]]
        try:
            asked = await self._client.ask(shop, BATCH, {"order_sn_list": list(ids)}, answer)
        except (RequestRejected, PlatformUnavailable, UnexpectedResponse):
            asked = await self._client.read(shop, BATCH, [("order_sn_list", ",".join(ids))], answer)
        return asked.response or []


def settlement(escrow: Escrow, currency: str) -> Settlement:
    """Name what of the goods did not reach the seller; the payout is Shopee's word and never computed."""
    income = escrow.order_income
    payout = income.escrow_amount_after_adjustment
    payout = income.escrow_amount if payout is None else payout
    goods = income.original_cost_of_goods_sold or income.cost_of_goods_sold or Decimal(0)
    taken: dict[FeeKind, Decimal] = {}
    for name, kind, sign in TERMS:
        taken[kind] = taken.get(kind, Decimal(0)) + sign * (_term(income, name))
    taken[FeeKind.OTHER] = goods - sum(taken.values(), Decimal(0)) - payout
    fees = tuple(Fee(kind, _money(amount, currency)) for kind, amount in taken.items() if amount)
    return Settlement(escrow.order_sn, _money(goods, currency), fees, _money(payout, currency))


def _term(income: Income, name: str) -> Decimal:
    value: Decimal | None = getattr(income, name)
    return value or Decimal(0)


def _money(amount: Decimal, currency: str) -> Money:
    return Money(exact(amount), currency)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
