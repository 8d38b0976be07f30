"""The contract notices when TikTok Shop's stand-in says something else: every planted fault breaks a claim."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from domain.orders import OrderStatus
from tests.contract import test_platform as orders
from tests.contract import test_platform_fulfilment as parcels
from tests.contract import test_platform_money as money
from tests.contract import test_platform_order_actions as actions
from tests.contract import test_platform_returns as returns
from tests.contract import test_platform_stock as stock
from tests.contract.case import Delivered
from tests.contract.test_wire_faults import (
    NOTICED,
    PUSHED,
    Claim,
    rewritten,
    signed_by_another,
    unsigned,
)
from tests.contract.tiktok_shop_case import tiktok_shop_case
from tests.contract.wire_faults import Change, FaultyWire, WireFault, both, put, recoded, renamed, scaled

EVERY_ORDER = orders.test_every_order_is_found_once_and_reads_as_it_is
LISTINGS = orders.test_listings_have_the_platforms_prices_stock_and_locks
PACKING = parcels.test_orders_bring_what_packing_needs
WAYS = parcels.test_each_parcel_is_offered_the_ways_of_its_courier
ARRANGED = parcels.test_arranged_parcels_are_arranged_once_and_numbered
LABELS = parcels.test_labels_are_ordered_made_and_fetched_by_courier
RETURN = returns.test_return_is_listed_and_read_as_it_is
REFRESH = orders.test_refresh_token_works_once
PAID = money.test_every_statement_of_a_batch_is_the_platforms
RELEASED = money.test_releases_are_those_of_the_platform_and_do_not_repeat
SETTLED = money.test_settlement_pays_what_the_platform_says_and_names_what_is_missing
ASKED = partial(
    actions.test_an_order_may_go_back_and_forth, steps=["ask_cancel"], statuses=[OrderStatus.CANCEL_ASKED]
)

SEARCH, DETAIL, PRODUCTS, PRODUCT = "orders/search", "202507/orders", "products/search", "202309/products/*"
RETURNS, SLOTS = "returns/search", "handover_time_slots"
ORDER, UNIT, ROW = "data.orders[].", "data.orders[].line_items[].", "data.return_orders[]."
NEXT = f"{ROW}seller_next_action_response[]."


def fault(name: str, path: str, change: Change, claim: Claim) -> Any:
    return pytest.param(WireFault(name, path, change), claim, id=name)


FAULTS = [
    # A page that is missing, or comes again
    fault("orders end early", SEARCH, put("data.next_page_token", ""), EVERY_ORDER),
    fault("orders repeat", SEARCH, put("data.next_page_token", "same"), EVERY_ORDER),
    fault("listings end early", PRODUCTS, put("data.next_page_token", ""), LISTINGS),
    fault("listings repeat", PRODUCTS, put("data.next_page_token", "same"), LISTINGS),
    fault("statements end early", "202309/statements", put("data.next_page_token", ""), RELEASED),
    # Names
    fault("order number", SEARCH, renamed(f"{ORDER}id", "order_id"), EVERY_ORDER),
    fault("order status", DETAIL, renamed(f"{ORDER}status", "order_status"), EVERY_ORDER),
    fault("lines", DETAIL, renamed(f"{ORDER}line_items", "items"), EVERY_ORDER),
    fault("SKU", DETAIL, renamed(f"{UNIT}sku_id", "variation_id"), EVERY_ORDER),
    fault("product", DETAIL, renamed(f"{UNIT}product_id", "item_id"), EVERY_ORDER),
    fault("who cancelled", DETAIL, renamed(f"{ORDER}cancellation_initiator", "cancel_user"), orders.test_new_order_is_seen_and_its_digest_moves_with_it),
    fault("packages", DETAIL, renamed(f"{ORDER}packages", "package_list"), PACKING),
    fault("package of a unit", DETAIL, renamed(f"{UNIT}package_id", "package"), PACKING),
    fault("state of a package", DETAIL, renamed(f"{UNIT}package_status", "status"), PACKING),
    fault("cipher", "202309/shops", renamed("data.shops[].cipher", "shop_cipher"), EVERY_ORDER),
    fault("variant", PRODUCT, renamed("data.skus[].id", "sku_id"), LISTINGS),
    fault("price", PRODUCT, renamed("data.skus[].price", "prices"), LISTINGS),
    fault("available", "inventory/search", renamed("data.inventory[].skus[].total_available_quantity", "quantity"), LISTINGS),
    fault("warehouses", "inventory/search", renamed("data.inventory[].skus[].warehouse_inventory", "warehouses"), stock.test_pushed_stock_is_read_back),
    fault("refresh token", "token/refresh", renamed("data.refresh_token", "refreshToken"), REFRESH),
    fault("pickup time", SLOTS, renamed("data.pickup_slots[].start_time", "start"), WAYS),
    fault("provider", "shipping_providers", renamed("data.shipping_providers[].id", "provider_id"), WAYS),
    fault("tracking number", DETAIL, renamed(f"{UNIT}tracking_number", "tracking_no"), ARRANGED),
    fault("label's address", "shipping_documents", renamed("data.doc_url", "url"), LABELS),
    fault("returns", RETURNS, renamed("data.return_orders", "returns"), RETURN),
    fault("number of a return", RETURNS, renamed(f"{ROW}return_id", "id"), RETURN),
    fault("lines of a return", RETURNS, renamed(f"{ROW}return_line_items", "items"), RETURN),
    fault("what the seller is asked", RETURNS, renamed(f"{NEXT}action", "next_action"), returns.test_accepted_return_is_settled_once),
    fault("cancellation's number", "cancellations/search", renamed("data.cancellations[].cancel_id", "id"), partial(actions.test_buyer_who_asks_to_cancel_is_answered_once, is_accepted=True)),
    fault("account of an order", "orders/*/statement_transactions", renamed("data.sku_transactions", "transactions"), PAID),
    fault("a fee's name", "orders/*/statement_transactions", renamed("data.sku_transactions[].fee_tax_breakdown.fee.platform_commission_amount", "commission"), SETTLED),
    # Units
    fault("order moved in ms", DETAIL, scaled(f"{ORDER}update_time", 1000), EVERY_ORDER),
    fault("total in cents", DETAIL, scaled(f"{ORDER}payment.total_amount", 100), EVERY_ORDER),
    fault("unit price in cents", DETAIL, scaled(f"{UNIT}sale_price", 100), EVERY_ORDER),
    fault("list price in cents", PRODUCT, scaled("data.skus[].price.sale_price", 100), LISTINGS),
    fault("token lasts ms", "token/refresh", scaled("data.access_token_expire_in", 1000), REFRESH),
    fault("refund in cents", RETURNS, scaled(f"{ROW}refund_amount.refund_total", 100), RETURN),
    fault("deadline in ms", RETURNS, scaled(f"{NEXT}deadline", 1000), RETURN),
    fault("payout in cents", "orders/*/statement_transactions", scaled("data.sku_transactions[].settlement_amount", 100), PAID),
    fault("statement in ms", "202309/statements", scaled("data.statements[].statement_time", 1000), SETTLED),
    # Words
    fault("parcel's state", DETAIL, put(f"{UNIT}package_status", "PACKED"), PACKING),
    fault("no deadline", DETAIL, both(put(f"{ORDER}rts_sla_time", 0), put(f"{ORDER}tts_sla_time", 0)), PACKING),
    fault("a new status", DETAIL, put(f"{ORDER}status", "PAID"), EVERY_ORDER),
    fault("wish to cancel", DETAIL, put(f"{ORDER}is_buyer_request_cancel", False), ASKED),
    fault("region", "202309/shops", put("data.shops[].region", "XX"), orders.test_shop_is_described),
    fault("no free time", SLOTS, put("data.pickup_slots[].avaliable", False), WAYS),
    fault("no file", "docs/*.pdf", put("file", False), LABELS),
    fault("state of a return", RETURNS, put(f"{ROW}return_status", "OPEN"), RETURN),
    # Errors, also those under code 0
    fault("banned", PRODUCTS, recoded(36009003, instead_of=12052700), orders.test_banned_shop_has_its_own_sentence),
    fault("expired", "202309/shops", recoded(36009004, instead_of=105002, text="no"), orders.test_expired_access_token_asks_for_a_refresh),
    fault("spent", "token/refresh", recoded(36009003, instead_of=105002), REFRESH),
    fault("wrong sign", "202309/shops", recoded(36009004, instead_of=106001, text="no"), orders.test_wrong_key_is_the_hosts_affair),
    fault("too late", "202309/cancellations", recoded(36009003, instead_of=25001045), actions.test_arranged_order_cannot_be_cancelled_any_more),
    fault("no such order", "202309/cancellations", recoded(25001001, instead_of=25007006), actions.test_unknown_order_is_not_found),
    fault("refused under code 0", "packages/ship", put("data.errors[].code", 10007014), parcels.test_each_refused_parcel_has_its_own_reason),
    fault("nothing refused", "packages/ship", put("data.errors", []), parcels.test_each_refused_parcel_has_its_own_reason),
    fault("arranged already", "packages/ship", put("data.errors[].code", 21001008), parcels.test_what_is_arranged_already_is_well),
    fault("price locked", "prices/update", recoded(12052012, instead_of=12052038), orders.test_each_refused_price_has_its_own_reason),
    fault("stock locked", "inventory/update", recoded(12019028, instead_of=12052393), stock.test_each_refused_stock_has_its_own_reason),
]  # fmt: skip


@pytest.mark.parametrize(("planted", "claim"), FAULTS)
async def test_planted_fault_breaks_the_claim_about_it(planted: WireFault, claim: Claim) -> None:
    wires: list[FaultyWire] = []

    def faulty(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        wires.append(FaultyWire(inner, planted))
        return wires[-1]

    async with tiktok_shop_case(faulty) as case:
        case.patience_s = 1.0
        with pytest.raises(NOTICED):
            await claim(case=case)
    assert sum(wire.planted for wire in wires) > 0, "the fault was never on the wire"


PUSH_FAULTS = [
    pytest.param(unsigned, PUSHED, id="unsigned"),
    pytest.param(signed_by_another, PUSHED, id="signed by another"),
    pytest.param(rewritten(b'"order_id"', b'"order_no"'), PUSHED, id="rewritten on the way"),
    pytest.param(unsigned, returns.test_return_that_comes_or_moves_is_pushed, id="return unsigned"),
]


@pytest.mark.parametrize(("change", "claim"), PUSH_FAULTS)
async def test_faulty_push_is_noticed(change: Callable[[Delivered], Delivered], claim: Claim) -> None:
    async with tiktok_shop_case() as case:
        case.patience_s = 1.0
        told = case.pushed

        async def changed() -> Delivered:
            return change(await told())

        case.pushed = changed  # type: ignore[method-assign]
        with pytest.raises(NOTICED):
            await claim(case=case)


def test_forty_faults_are_planted() -> None:
    assert len(FAULTS) + len(PUSH_FAULTS) >= 40
