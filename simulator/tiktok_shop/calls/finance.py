"""Finance: statements, what stands in each, what became of one order, what is still open."""

from decimal import Decimal

from simulator.tiktok_shop import errors, numbers
from simulator.tiktok_shop.calls.endpoint import Json, ShopCall
from simulator.tiktok_shop.calls.order_wire import money, units
from simulator.tiktok_shop.calls.orders import find_order
from simulator.tiktok_shop.calls.pages import page
from simulator.tiktok_shop.money import Statement, income_of, statement_time, statements
from simulator.world.orders import Order, OrderLine, OrderState

SIZES = range(1, 101)
USUAL = 20
WITHDRAWALS = frozenset({"WITHDRAW", "SETTLE", "TRANSFER", "REVERSE"})


async def list_statements(call: ShopCall) -> Json:
    is_descending = _sorted_by(call, "statement_time")
    start, end = call.number("statement_time_ge") or 0, call.number("statement_time_lt") or 2**62
    wanted = call.query.get("payment_status")
    found = [
        each
        for each in statements(call.sim, call.shop)
        if start <= int(each.at.timestamp()) < end and wanted in {None, "PAID"}
    ]
    shown, token = page(
        call,
        found,
        lambda each: (int(each.at.timestamp()), each.id),
        sizes=SIZES,
        usual=USUAL,
        is_descending=is_descending,
    )
    return {"next_page_token": token, "statements": [_statement(call, each) for each in shown]}


def _sorted_by(call: ShopCall, field: str) -> bool:
    """Check the field that has to be named, and return whether the order is downwards."""
    if call.query.get("sort_field") != field:
        raise (
            errors.missing("query.sort_field")
            if "sort_field" not in call.query
            else errors.invalid("query.sort_field")
        )
    return call.query.get("sort_order", "ASC") == "DESC"


def _statement(call: ShopCall, statement: Statement) -> Json:
    incomes = [income_of(call.shop, order) for order in statement.orders]
    market, nothing = call.shop.market, Decimal(0)
    return {
        "id": statement.id,
        "statement_time": int(statement.at.timestamp()),
        "currency": market.currency,
        "settlement_amount": money(sum((each.settled for each in incomes), nothing), market),
        "revenue_amount": money(sum((each.revenue for each in incomes), nothing), market),
        "fee_amount": money(sum((each.fees for each in incomes), nothing), market),
        "adjustment_amount": money(nothing, market),
        "payment_status": "PAID",
        "payment_id": str(3_459_275_187_000_000_000 + int(statement.at.timestamp())),
    }


async def of_statement(call: ShopCall) -> Json:
    _sorted_by(call, "order_create_time")
    found = next(
        (each for each in statements(call.sim, call.shop) if each.id == call.path["statement_id"]), None
    )
    if found is None:
        raise errors.invalid("path.statement_id")
    shown, token = page(
        call,
        found.orders,
        lambda order: (int(order.created_at.timestamp()), order.order_sn),
        sizes=SIZES,
        usual=USUAL,
    )
    whole = _statement(call, found)
    market = call.shop.market
    return {
        "id": found.id,
        "create_time": whole["statement_time"],
        "status": "SETTLED",
        "currency": market.currency,
        "payable_amount": whole["settlement_amount"],
        "total_reserve_amount": money(Decimal(0), market),
        "total_settlement_amount": whole["settlement_amount"],
        "total_settlement_breakdown": {
            "total_revenue_amount": whole["revenue_amount"],
            "total_shipping_cost_amount": money(Decimal(0), market),
            "total_fee_tax_amount": whole["fee_amount"],
            "total_adjustment_amount": whole["adjustment_amount"],
        },
        "total_count": len(found.orders),
        "next_page_token": token,
        "transactions": [_transaction(call, order) for order in shown],
    }


def _transaction(call: ShopCall, order: Order) -> Json:
    income, market = income_of(call.shop, order), call.shop.market
    return {
        "id": str(int(numbers.order_id(order.order_sn)) + 10**18),
        "type": "ORDER",
        "order_id": numbers.order_id(order.order_sn),
        "order_create_time": int(order.created_at.timestamp()),
        "settlement_amount": money(income.settled, market),
        "revenue_amount": money(income.revenue, market),
        "shipping_cost_amount": money(income.shipping_cost, market),
        "fee_tax_amount": money(income.fees, market),
        "adjustment_amount": money(Decimal(0), market),
    }


async def of_order(call: ShopCall) -> Json:
    order = find_order(call)
    number = numbers.order_id(order.order_sn)
    at = statement_time(call.sim, order)
    if at is None or at > call.sim.clock.now():
        return {"order_id": number, "sku_transactions": [], "total_count": 0}
    income, market = income_of(call.shop, order), call.shop.market
    rows = _rows(call, order, Statement(at, ()).id)
    return {
        "order_id": number,
        "order_create_time": int(order.created_at.timestamp()),
        "currency": market.currency,
        "revenue_amount": money(income.revenue, market),
        "fee_and_tax_amount": money(income.fees, market),
        "shipping_cost_amount": money(income.shipping_cost, market),
        "settlement_amount": money(income.settled, market),
        "total_count": len(rows),
        "sku_transactions": rows,
    }


def _rows(call: ShopCall, order: Order, statement: str) -> list[Json]:
    """Show each SKU's share; what is of the order as a whole stands with the first."""
    income, rows = income_of(call.shop, order), []
    sold = [line for line in order.lines if units(order, line)]
    for number, line in enumerate(sold):
        fees = {
            "platform_commission_amount": income.commission,
            "dynamic_commission_amount": income.dynamic,
            "transaction_fee_amount": income.transaction,
            "affiliate_commission_amount": income.affiliate,
        }
        shipping = {
            "actual_shipping_fee_amount": income.shipping,
            "shipping_fee_discount_amount": income.shipping_help,
            "customer_paid_shipping_fee_amount": Decimal(0),
        }
        if number:
            fees, shipping = dict.fromkeys(fees, Decimal(0)), dict.fromkeys(shipping, Decimal(0))
        rows.append(_row(call, order, line, statement, fees, shipping))
    return rows


def _row(
    call: ShopCall,
    order: Order,
    line: OrderLine,
    statement: str,
    fees: dict[str, Decimal],
    shipping: dict[str, Decimal],
) -> Json:
    market, count = call.shop.market, units(order, line)
    listed, goods = line.list_price * count, line.price * count
    taken, carried = sum(fees.values(), Decimal(0)), sum(shipping.values(), Decimal(0))
    nothing = money(Decimal(0), market)
    found = call.shop.find_variant(line.listing_id, line.variant_id)
    return {
        "sku_id": numbers.sku_id(found[1].id if found else line.variant_id),
        "sku_name": line.options.replace(",", ", "),
        "product_name": line.title,
        "statement_id": statement,
        "quantity": str(count),
        "settlement_amount": money(goods + taken + carried, market),
        "revenue_amount": money(goods, market),
        "revenue_breakdown": {
            "subtotal_before_discount_amount": money(listed, market),
            "seller_discount_amount": money(goods - listed, market),
            "refund_subtotal_before_discount_amount": nothing,
            "seller_discount_refund_amount": nothing,
        },
        "shipping_cost_amount": money(carried, market),
        "shipping_cost_breakdown": {name: money(amount, market) for name, amount in shipping.items()},
        "fee_tax_amount": money(taken, market),
        "fee_tax_breakdown": {
            "fee": {name: money(amount, market) for name, amount in fees.items()},
            "tax": {"vat_amount": nothing, "pit_amount": nothing},
        },
    }


async def unsettled(call: ShopCall) -> Json:
    _sorted_by(call, "order_create_time")
    now, market = call.sim.clock.now(), call.shop.market
    found = [
        order
        for order in call.shop.orders.values()
        if order.paid_at
        and order.state is not OrderState.CANCELLED
        and ((at := statement_time(call.sim, order)) is None or at > now)
    ]
    shown, token = page(
        call,
        found,
        lambda order: (int(order.created_at.timestamp()), order.order_sn),
        sizes=SIZES,
        usual=USUAL,
    )
    incomes, nothing = [income_of(call.shop, order) for order in found], Decimal(0)
    return {
        "total_count": len(found),
        "next_page_token": token,
        "sum_est_settlement_amount": money(sum((each.settled for each in incomes), nothing), market),
        "sum_est_revenue_amount": money(sum((each.revenue for each in incomes), nothing), market),
        "sum_est_adjustment_amount": money(nothing, market),
        "sum_est_fee_amount": money(sum((each.fees for each in incomes), nothing), market),
        "transactions": [
            {
                "id": str(int(numbers.order_id(order.order_sn)) + 10**18),
                "type": "ORDER",
                "status": "UNSETTLED",
                "currency": market.currency,
                "order_id": numbers.order_id(order.order_sn),
                "order_create_time": int(order.created_at.timestamp()),
                "estimated_settlement": "7 days after delivery",
                "unsettled_reason": "waiting for delivery",
                "est_settlement_amount": money(income_of(call.shop, order).settled, market),
                "est_revenue_amount": money(income_of(call.shop, order).revenue, market),
                "est_adjustment_amount": money(nothing, market),
            }
            for order in shown
        ],
    }


async def withdrawals(call: ShopCall) -> Json:
    kinds = {each for each in call.query.get("types", "").split(",") if each}
    if not kinds:
        raise errors.missing("query.types")
    if kinds - WITHDRAWALS:
        raise errors.invalid("query.types")
    return {"total_count": 0, "next_page_token": "", "withdrawals": []}
