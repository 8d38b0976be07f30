"""Finance: a statement a day, amounts that add up, signed costs, and what is not settled yet."""

from tests.simulator.tiktok_shop.shapes import differences, missing
from tests.simulator.tiktok_shop.wire import Wire

STATEMENTS = "/finance/202309/statements"
NET = ("net_sales_amount",)
ADJUSTMENTS = ("adjustment_id", "adjustment_order_id")


async def completed(wire: Wire) -> str:
    number = await wire.buy(units=2)
    for step in ("arrange", "pickup", "deliver", "complete"):
        await wire.control(f"orders/{number}/{step}")
    return number


async def test_statements_have_the_documented_fields_and_add_up(linked: Wire) -> None:
    found = await linked.ask("GET", STATEMENTS, sort_field="statement_time", page_size=100)
    assert differences(found, "finance-statements") == []
    assert missing(found, "finance-statements") == []
    times = [each["statement_time"] for each in found["statements"]]
    assert times == sorted(times)
    assert all(at % 86_400 == 0 for at in times)
    for statement in found["statements"][:5]:
        path = f"/finance/202501/statements/{statement['id']}/statement_transactions"
        told = await linked.ask("GET", path, sort_field="order_create_time", page_size=100)
        assert differences(told, "finance-statement-transactions") == []
        assert missing(told, "finance-statement-transactions", but=ADJUSTMENTS) == []
        settled = sum(int(each["settlement_amount"]) for each in told["transactions"])
        assert settled == int(told["total_settlement_amount"]) == int(statement["settlement_amount"])


async def test_order_is_settled_at_the_next_midnight(linked: Wire) -> None:
    number = await completed(linked)
    path = f"/finance/202501/orders/{number}/statement_transactions"
    before = await linked.ask("GET", path)
    assert before == {"order_id": number, "sku_transactions": [], "total_count": 0}
    unsettled = await linked.ask(
        "GET", "/finance/202507/orders/unsettled", sort_field="order_create_time", page_size=100
    )
    assert differences(unsettled, "finance-unsettled") == []
    assert number in [each["order_id"] for each in unsettled["transactions"]]
    await linked.move_clock(86_400)
    await linked.control("tokens/lifetime", {"access_s": 1})
    told = await linked.ask("GET", path)
    assert differences(told, "finance-order-transactions") == []
    assert missing(told, "finance-order-transactions") == []
    assert int(told["fee_and_tax_amount"]) < 0
    parts = ("revenue_amount", "fee_and_tax_amount", "shipping_cost_amount")
    assert sum(int(told[name]) for name in parts) == int(told["settlement_amount"])
    rows = told["sku_transactions"]
    assert sum(int(each["settlement_amount"]) for each in rows) == int(told["settlement_amount"])
    assert rows[0]["quantity"] == "2"


async def test_books_may_be_closed_at_once(linked: Wire) -> None:
    number = await completed(linked)
    await linked.control("statements/close")
    await linked.move_clock(1)
    path = f"/finance/202501/orders/{number}/statement_transactions"
    assert (await linked.ask("GET", path))["total_count"] == 1


async def test_fields_to_sort_by_are_required(linked: Wire) -> None:
    assert await linked.refused("GET", STATEMENTS, page_size=10) == 36009004
    assert await linked.refused("GET", STATEMENTS, sort_field="create_time", page_size=10) == 36009004
    assert await linked.refused("GET", "/finance/202309/withdrawals") == 36009004
    told = await linked.ask("GET", "/finance/202309/withdrawals", types="WITHDRAW")
    assert told["withdrawals"] == []
