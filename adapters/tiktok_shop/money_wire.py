"""What TikTok Shop says of money: statements, what stands in them, and the account of one order."""

from decimal import Decimal

import msgspec

from adapters.tiktok_shop.wire import Id


class Statement(msgspec.Struct):
    id: Id
    statement_time: int


class StatementPage(msgspec.Struct):
    statements: list[Statement] | None = None
    next_page_token: str | None = ""


class Transaction(msgspec.Struct):
    type: str | None = ""
    order_id: Id | None = ""


class TransactionPage(msgspec.Struct):
    transactions: list[Transaction] | None = None
    next_page_token: str | None = ""


class FeesAndTaxes(msgspec.Struct):
    fee: dict[str, Decimal | None] | None = None
    tax: dict[str, Decimal | None] | None = None


class SkuMoney(msgspec.Struct):
    settlement_amount: Decimal
    revenue_breakdown: dict[str, Decimal | None] | None = None
    shipping_cost_amount: Decimal | None = None
    fee_tax_breakdown: FeesAndTaxes | None = None


class OrderMoney(msgspec.Struct):
    order_id: Id
    currency: str | None = ""
    settlement_amount: Decimal | None = None
    sku_transactions: list[SkuMoney] | None = None
