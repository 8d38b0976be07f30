"""Finance: every fee as a row of a day, and statements of a week."""

from datetime import date, timedelta
from decimal import Decimal

from simulator.lazada import numbers
from simulator.lazada.accounts import short_code
from simulator.lazada.calls.endpoint import Call, Json, Told
from simulator.lazada.calls.order_wire import money, unit_numbers
from simulator.lazada.errors import ApiError, bad_date
from simulator.lazada.money import booked_on, income_of
from simulator.world.orders import Order

LIMITS, OFFSETS = range(1, 501), range(10**9)
LONGEST = timedelta(days=180)
NAMES = {
    "13": ("Item Price Credit", "Orders-Sales"),
    "16": ("Commission", "Orders-Lazada Fees"),
    "3": ("Payment Fee", "Orders-Lazada Fees"),
    "65": ("Commission Rebate", "Orders-Marketing Fees"),
    "8": ("Shipping Fee (Paid By Customer)", "Orders-Logistics"),
    "7": ("Shipping Fee Paid by Seller", "Orders-Logistics"),
}


async def transactions(call: Call) -> Told:
    start, end = _day(call, "start_time"), _day(call, "end_time")
    if end - start >= LONGEST:
        raise ApiError("1000012", "The time span must be below 180 days")
    limit, offset = call.number("limit", 500, LIMITS, "19"), call.number("offset", 0, OFFSETS, "14")
    wanted = call.params.get("trade_order_id")
    found = [
        (day, order)
        for order in call.shop.orders.values()
        if (day := booked_on(call.sim, call.shop, order))
        and start <= day <= end
        and wanted in {None, str(numbers.order_id(order.order_sn))}
    ]
    found.sort(key=lambda each: (each[0], each[1].order_sn))
    rows = [row for day, order in found for row in _rows(call, day, order)]
    return Told(rows[offset : offset + limit])


def _day(call: Call, name: str) -> date:
    try:
        return date.fromisoformat(call.needed(name))
    except ValueError:
        raise bad_date(call.params[name]) from None


def _rows(call: Call, day: date, order: Order) -> list[Json]:
    """Show a row for each unit's price, and one for each fee, which stands with the first unit."""
    income, rows = income_of(call.shop, order), []
    sold = [
        (line, unit)
        for line in order.lines
        for unit in unit_numbers(line)
        if unit not in call.sim.cancelled_units
    ]
    for line, unit in sold:
        rows.append(_row(call, day, order, unit, "13", line.price) | {"details": line.title})
    fees = {
        "16": income.commission,
        "3": income.payment,
        "65": income.rebate,
        "8": income.shipping_paid,
        "7": income.shipping_charged,
    }
    first = sold[0][1] if sold else 0
    return rows + [_row(call, day, order, first, kind, amount) for kind, amount in fees.items() if amount]


def _row(call: Call, day: date, order: Order, unit: int, kind: str, amount: Decimal) -> Json:
    name, of = NAMES[kind]
    code = short_code(call.shop.id, call.shop.market.region)
    return {
        "order_no": str(numbers.order_id(order.order_sn)),
        "orderItem_no": str(unit),
        "orderItem_status": "Delivered",
        "transaction_date": f"{day:%d %b %Y}",
        "transaction_type": of,
        "fee_name": name,
        "fee_type": kind,
        "amount": money(amount),
        "VAT_in_amount": "0.00",
        "WHT_amount": "0.00",
        "WHT_included_in_amount": "No",
        "paid_status": "Not paid",
        "statement": f"{day:%d %b %Y} - {day + timedelta(days=6):%d %b %Y}",
        "transaction_number": f"{code}-{unit % 10**6}-{kind}",
        "comment": "",
        "reference": str(unit),
        "payment_ref_id": "",
    }


async def payouts(call: Call) -> Told:
    """Show one statement: what was booked since then."""
    since = _day(call, "created_after")
    nothing, orders = Decimal(0), call.shop.orders.values()
    incomes = [
        income_of(call.shop, each)
        for each in orders
        if (day := booked_on(call.sim, call.shop, each)) and day >= since
    ]
    if not incomes:
        return Told([])
    goods = sum((each.goods for each in incomes), nothing)
    fees = sum((each.commission + each.payment + each.rebate for each in incomes), nothing)
    total = money(goods + fees)
    stamp = f"{call.sim.clock.now():%Y-%m-%d 00:00:00}"
    code = short_code(call.shop.id, call.shop.market.region)
    none = dict.fromkeys(
        (
            "opening_balance",
            "refunds",
            "fees_on_refunds_total",
            "shipment_fee",
            "shipment_fee_credit",
            "guarantee_deposit",
            "other_revenue_total",
        ),
        money(nothing),
    )
    row = {
        "statement_number": f"{code}-{stamp[:4]}-{stamp[5:7]}{stamp[8:10]}",
        "created_at": stamp,
        "updated_at": stamp,
        "item_revenue": money(goods),
        "fees_total": money(fees),
        "subtotal1": total,
        "subtotal2": total,
        "closing_balance": total,
        "payout": f"{total} {call.shop.market.currency}",
        "paid": "0",
    }
    return Told([none | row])
