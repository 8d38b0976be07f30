"""What a price looks like in each market: the currency, its decimals and the price endings sellers choose there."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Market:
    region: str
    country: str
    currency: str
    decimals: int
    idr_per_unit: Decimal
    step: Decimal
    """Prices are rounded to this step, then `below` is taken off: 12.90 rather than 13.00."""
    below: Decimal
    zone: str


MARKETS = {
    market.region: market
    for market in (
        Market("ID", "Indonesia", "IDR", 0, Decimal(1), Decimal(100), Decimal(0), "Asia/Jakarta"),
        Market("MY", "Malaysia", "MYR", 2, Decimal(3700), Decimal(1), Decimal("0.10"), "Asia/Kuala_Lumpur"),
        Market(
            "SG", "Singapore", "SGD", 2, Decimal(12200), Decimal("0.50"), Decimal("0.10"), "Asia/Singapore"
        ),
        Market("TH", "Thailand", "THB", 0, Decimal(475), Decimal(10), Decimal(1), "Asia/Bangkok"),
        Market("VN", "Vietnam", "VND", 0, Decimal("0.63"), Decimal(1000), Decimal(0), "Asia/Ho_Chi_Minh"),
        Market("PH", "Philippines", "PHP", 0, Decimal(280), Decimal(10), Decimal(1), "Asia/Manila"),
        Market("TW", "Taiwan", "TWD", 0, Decimal(510), Decimal(10), Decimal(1), "Asia/Taipei"),
    )
}


def local_price(idr: int, market: Market) -> Decimal:
    """Turn a price in rupiah into what a seller would ask in `market`."""
    if market.currency == "IDR":
        return Decimal(idr)
    raw = Decimal(idr) / market.idr_per_unit
    steps = max(Decimal(1), (raw / market.step).quantize(Decimal(1), ROUND_HALF_UP))
    return (steps * market.step - market.below).quantize(Decimal(1).scaleb(-market.decimals))


def smallest_step(market: Market) -> Decimal:
    """Return the least amount of money there is in a market."""
    return Decimal(1).scaleb(-market.decimals)
