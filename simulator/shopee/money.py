"""What this platform takes of an order, and when it pays the rest out. Rates are made up and near what sellers report."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from simulator.world.currencies import Market, local_price
from simulator.world.orders import Order, OrderLine, OrderState
from simulator.world.shops import Shop

COMMISSION = {
    "Beauty": Decimal("0.08"),
    "Body & Hair Care": Decimal("0.08"),
    "Fashion": Decimal("0.08"),
    "Gadgets": Decimal("0.045"),
    "Lighting & Electrical": Decimal("0.055"),
}
USUAL_COMMISSION = Decimal("0.065")
SERVICE = Decimal("0.04")
TRANSACTION = Decimal("0.018")
AFFILIATE = Decimal("0.05")
AFFILIATE_ONE_IN = 8
PROCESSING_IDR = 1250
HEAVIER_ONE_IN = 12


@dataclass(frozen=True, slots=True)
class Escrow:
    """The terms of one order's income; the others of the platform's formula are nought here."""

    goods: Decimal
    list_value: Decimal
    refund: Decimal
    commission: Decimal
    service: Decimal
    transaction: Decimal
    processing: Decimal
    affiliate: Decimal
    buyer_shipping: Decimal
    actual_shipping: Decimal

    @property
    def amount(self) -> Decimal:
        """What the seller gets, by the published formula."""
        fees = self.transaction + self.service + self.commission + self.affiliate + self.processing
        return self.goods + self.refund + self.buyer_shipping - self.actual_shipping - fees


def has_escrow(order: Order) -> bool:
    """Say whether there is anything to account for: somebody paid, or will at the door."""
    return order.paid_at is not None or (order.cod and order.state is not OrderState.UNPAID)


def escrow_of(shop: Shop, order: Order) -> Escrow:
    """Account for an order as it stands; one that was cancelled gives back all and costs nothing."""
    goods = sum((line.price * _units(order, line) for line in order.lines), Decimal(0))
    listed = sum((line.list_price * _units(order, line) for line in order.lines), Decimal(0))
    if order.state is OrderState.CANCELLED:
        nought = Decimal(0)
        return Escrow(
            goods,
            listed,
            -goods,
            nought,
            nought,
            nought,
            nought,
            nought,
            order.shipping_fee,
            order.shipping_fee,
        )
    chance, market = Random(f"escrow of {order.order_sn}"), shop.market
    is_affiliate = chance.randrange(AFFILIATE_ONE_IN) == 0
    is_heavier = chance.randrange(HEAVIER_ONE_IN) == 0
    return Escrow(
        goods=goods,
        list_value=listed,
        refund=Decimal(0),
        commission=sum((_commission(shop, order, line) for line in order.lines), Decimal(0)),
        service=_part(goods, SERVICE, market),
        transaction=_part(goods + order.shipping_fee, TRANSACTION, market),
        processing=local_price(PROCESSING_IDR, market),
        affiliate=_part(goods, AFFILIATE, market) if is_affiliate else Decimal(0),
        buyer_shipping=order.shipping_fee,
        actual_shipping=_part(order.shipping_fee, Decimal("1.25"), market)
        if is_heavier
        else order.shipping_fee,
    )


def released_at(order: Order) -> datetime | None:
    """Return when the money went to the seller: with the first completion; never where there is none."""
    return next((at for at, state in order.history if state is OrderState.COMPLETED), None)


def _units(order: Order, line: OrderLine) -> int:
    return line.quantity - order.cancelled.get(line.line_id, 0)


def _commission(shop: Shop, order: Order, line: OrderLine) -> Decimal:
    listing = shop.listings.get(line.listing_id)
    rate = COMMISSION.get(listing.product.department, USUAL_COMMISSION) if listing else USUAL_COMMISSION
    return _part(line.price * _units(order, line), rate, shop.market)


def _part(amount: Decimal, share: Decimal, market: Market) -> Decimal:
    return (amount * share).quantize(Decimal(1).scaleb(-market.decimals), ROUND_HALF_UP)
