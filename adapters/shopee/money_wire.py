"""What Shopee says of money: which orders it paid out, and the many numbers of one order's escrow."""

from decimal import Decimal

import msgspec

Number = Decimal | None


class Released(msgspec.Struct):
    order_sn: str
    escrow_release_time: int


class EscrowPage(msgspec.Struct):
    escrow_list: list[Released] | None = None
    more: bool | None = False


class EscrowRow(msgspec.Struct):
    """A row of a batch; each stays raw until it is read by itself."""

    escrow_detail: msgspec.Raw


class Income(msgspec.Struct):
    """The terms of Shopee's published formula; there are more, and new ones come several times a year."""

    escrow_amount: Decimal
    escrow_amount_after_adjustment: Number = None
    original_cost_of_goods_sold: Number = None
    cost_of_goods_sold: Number = None
    original_shopee_discount: Number = None
    shopee_discount: Number = None
    seller_return_refund: Number = None
    voucher_from_seller: Number = None
    seller_coin_cash_back: Number = None
    buyer_paid_shipping_fee: Number = None
    actual_shipping_fee: Number = None
    shopee_shipping_rebate: Number = None
    shipping_fee_discount_from_3pl: Number = None
    reverse_shipping_fee: Number = None
    rsf_seller_protection_fee_claim_amount: Number = None
    final_return_to_seller_shipping_fee: Number = None
    seller_transaction_fee: Number = None
    service_fee: Number = None
    commission_fee: Number = None
    campaign_fee: Number = None
    order_ams_commission_fee: Number = None
    seller_order_processing_fee: Number = None
    escrow_tax: Number = None
    withholding_tax: Number = None
    sales_tax_on_lvg: Number = None


class Escrow(msgspec.Struct):
    order_sn: str
    order_income: Income
