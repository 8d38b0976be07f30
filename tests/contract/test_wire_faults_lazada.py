"""The contract notices when Lazada's stand-in says something else: every planted fault breaks a claim."""

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
from tests.contract.lazada_case import lazada_case
from tests.contract.test_lazada import refresh_leaves_the_token_and_its_end
from tests.contract.test_wire_faults import (
    NOTICED,
    PUSHED,
    Claim,
    rewritten,
    signed_by_another,
    unsigned,
)
from tests.contract.wire_faults import Change, FaultyWire, WireFault, put, recoded, renamed, scaled

REFRESH = refresh_leaves_the_token_and_its_end
EVERY_ORDER = orders.test_every_order_is_found_once_and_reads_as_it_is
LISTINGS = orders.test_listings_have_the_platforms_prices_stock_and_locks
PACKING = parcels.test_orders_bring_what_packing_needs
ARRANGED = parcels.test_what_is_arranged_already_is_well
NUMBERED = parcels.test_number_that_is_not_there_yet_is_empty
LABELS = parcels.test_labels_are_ordered_made_and_fetched_by_courier
RETURN = returns.test_return_is_listed_and_read_as_it_is
PAID = money.test_every_statement_of_a_batch_is_the_platforms
SETTLED = money.test_settlement_pays_what_the_platform_says_and_names_what_is_missing
CANCELLED = actions.test_cancelled_order_is_cancelled_by_the_seller
PRICES, STOCK = (
    orders.test_each_refused_price_has_its_own_reason,
    stock.test_each_refused_stock_has_its_own_reason,
)
ASKED = partial(
    actions.test_an_order_may_go_back_and_forth, steps=["ask_cancel"], statuses=[OrderStatus.CANCEL_ASKED]
)
ANSWERED = partial(actions.test_buyer_who_asks_to_cancel_is_answered_once, is_accepted=True)

SEARCH, ITEMS, PRODUCT, REVERSE = (
    "orders/get",
    "orders/items/get",
    "product/item/get",
    "getreverseordersforseller",
)
FEES, PACK, READY, DOCUMENT = "transaction/details/get", "fulfill/pack", "package/rts", "package/document/get"
ORDER, UNIT, SKU = "data.orders[].", "data[].order_items[].", "data.skus[]."
LINE = "result.items[].reverse_order_lines[]."
PACKED = "result.data.pack_order_list[].order_item_list[]."


def fault(name: str, path: str, change: Change, claim: Claim) -> Any:
    return pytest.param(WireFault(name, path, change), claim, id=name)


FAULTS = [
    # A page that is missing, or comes again
    fault("orders end early", SEARCH, put("data.orders", []), EVERY_ORDER),
    fault("listings end early", "products/get", put("data.total_products", 1), LISTINGS),
    fault("listings repeat", "products/get", put("data.products[].item_id", 6000000001), LISTINGS),
    fault("returns end early", REVERSE, put("result.items", []), RETURN),
    # Names
    fault("order number", SEARCH, renamed(f"{ORDER}order_id", "id"), EVERY_ORDER),
    fault("moment of an order", SEARCH, renamed(f"{ORDER}updated_at", "update_time"), EVERY_ORDER),
    fault("units", ITEMS, renamed("data[].order_items", "items"), EVERY_ORDER),
    fault("unit", ITEMS, renamed(f"{UNIT}order_item_id", "id"), EVERY_ORDER),
    fault("SKU", ITEMS, renamed(f"{UNIT}sku_id", "skuId"), EVERY_ORDER),
    fault("product", ITEMS, renamed(f"{UNIT}product_id", "item_id"), EVERY_ORDER),
    fault("price of a unit", ITEMS, renamed(f"{UNIT}item_price", "price"), EVERY_ORDER),
    fault("who cancelled", ITEMS, renamed(f"{UNIT}cancel_return_initiator", "initiator"), orders.test_new_order_is_seen_and_its_digest_moves_with_it),
    fault("deadline", ITEMS, renamed(f"{UNIT}sla_time_stamp", "sla"), PACKING),
    fault("way of a parcel", ITEMS, renamed(f"{UNIT}shipping_provider_type", "provider_type"), PACKING),
    fault("tracking number", ITEMS, renamed(f"{UNIT}tracking_code", "tracking_number"), NUMBERED),
    fault("package", ITEMS, renamed(f"{UNIT}package_id", "package"), LABELS),
    fault("wish's number", ITEMS, renamed(f"{UNIT}reverse_order_id", "reverse_id"), ANSWERED),
    fault("variant", PRODUCT, renamed(f"{SKU}SkuId", "sku_id"), LISTINGS),
    fault("price", PRODUCT, renamed(f"{SKU}price", "Price"), LISTINGS),
    fault("special price", PRODUCT, renamed(f"{SKU}special_price", "sale_price"), LISTINGS),
    fault("refresh token", "token/refresh", renamed("refresh_token", "refreshToken"), REFRESH),
    fault("package of a packed unit", PACK, renamed(f"{PACKED}package_id", "package"), ARRANGED),
    fault("label's address", DOCUMENT, renamed("result.data.pdf_url", "url"), LABELS),
    fault("reasons", "cancel/validate", renamed("data.reason_options", "reasons"), CANCELLED),
    fault("order of a return", REVERSE, renamed("result.items[].trade_order_id", "order_id"), RETURN),
    fault("SKU of a return", REVERSE, renamed(f"{LINE}platform_sku_id", "sku"), RETURN),
    fault("product of a return", REVERSE, renamed(f"{LINE}product", "item"), RETURN),
    fault("deadline of a return", REVERSE, renamed(f"{LINE}sla", "due"), RETURN),
    fault("order of a fee", FEES, renamed("data[].order_no", "order_id"), PAID),
    fault("type of a fee", FEES, put("data[].fee_type", "99"), SETTLED),
    # Units
    fault("total in cents", SEARCH, scaled(f"{ORDER}price", 100), EVERY_ORDER),
    fault("shipping in cents", SEARCH, scaled(f"{ORDER}shipping_fee", 100), EVERY_ORDER),
    fault("unit price in cents", ITEMS, scaled(f"{UNIT}item_price", 100), EVERY_ORDER),
    fault("list price in cents", PRODUCT, scaled(f"{SKU}price", 100), LISTINGS),
    fault("more units", PRODUCT, scaled(f"{SKU}multiWarehouseInventories[].sellableQuantity", 10), LISTINGS),
    fault("token lasts ms", "token/refresh", scaled("expires_in", 1000), REFRESH),
    fault("refund in major units", REVERSE, scaled(f"{LINE}refund_amount", 100), RETURN),
    fault("fee in cents", FEES, scaled("data[].amount", 100), PAID),
    fault("day of a fee as ISO", FEES, put("data[].transaction_date", "2026-11-22"), money.test_releases_are_those_of_the_platform_and_do_not_repeat),
    # Words
    fault("a new status", ITEMS, put(f"{UNIT}status", "boxed"), EVERY_ORDER),
    fault("no wish to cancel", ITEMS, put(f"{UNIT}need_cancel_confirm", False), ASKED),
    fault("closed shop", "seller/get", put("data.status", "INACTIVE"), orders.test_shop_is_described),
    fault("another shop", "seller/get", put("data.seller_id", 1), orders.test_shop_is_described),
    fault("across borders", "shipment/providers/get", put("result.data.shipping_allocate_type", "NTFS"), ARRANGED),
    fault("state of a return", REVERSE, put(f"{LINE}reverse_status", "OPEN"), RETURN),
    fault("another reason", "cancel/validate", put("data.reason_options[].reason_name", "Other"), CANCELLED),
    fault("no file", "docs/*.pdf", put("file", False), LABELS),
    # Success, which is told three times
    fault("not packed under success", PACK, put(f"{PACKED}item_err_code", "700026"), ARRANGED),
    fault("no success inside", PACK, put("result.success", False), ARRANGED),
    fault("nothing packed", PACK, put("result.data.pack_order_list", []), ARRANGED),
    fault("not ready under success", READY, put("result.data.packages[].item_err_code", "700000"), ARRANGED),
    fault("not cancelled under success", "cancel/create", put("data.tip_type", "error"), CANCELLED),
    # Errors
    fault("banned", "products/get", recoded("ServiceTimeout", instead_of="SellerNotActive"), orders.test_banned_shop_has_its_own_sentence),
    fault("expired", "orders/get", recoded("1000", instead_of="IllegalAccessToken"), orders.test_expired_access_token_asks_for_a_refresh),
    fault("consent ended", "token/refresh", recoded("MissingParameter", instead_of="IllegalRefreshToken"), orders.test_consent_taken_back_is_revoked_for_calls_and_refresh),
    fault("wrong sign", "seller/get", recoded("5", instead_of="IncompleteSignature"), orders.test_wrong_key_is_the_hosts_affair),
    fault("number of a return", REVERSE, renamed("result.items[].reverse_order_id", "id"), RETURN),
    fault("no such item", PRODUCT, recoded("5", instead_of="208"), orders.test_unknown_listing_is_left_out),
    fault("cause of a price", "price_quantity/update", put("detail[].message", "E4119: dates"), PRICES),
    fault("campaign", "sellable/update", recoded("4225", instead_of="4170"), STOCK),
]  # fmt: skip


@pytest.mark.parametrize(("planted", "claim"), FAULTS)
async def test_planted_fault_breaks_the_claim_about_it(planted: WireFault, claim: Claim) -> None:
    wires: list[FaultyWire] = []

    def faulty(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        wires.append(FaultyWire(inner, planted))
        return wires[-1]

    async with lazada_case(faulty) as case:
        case.patience_s = 1.0
        with pytest.raises(NOTICED):
            await claim(case=case)
    assert sum(wire.planted for wire in wires) > 0, "the fault was never on the wire"


PUSH_FAULTS = [
    pytest.param(unsigned, PUSHED, id="unsigned"),
    pytest.param(signed_by_another, PUSHED, id="signed by another"),
    pytest.param(rewritten(b'"trade_order_id"', b'"trade_order_no"'), PUSHED, id="rewritten on the way"),
    pytest.param(unsigned, returns.test_return_that_comes_or_moves_is_pushed, id="return unsigned"),
]


@pytest.mark.parametrize(("change", "claim"), PUSH_FAULTS)
async def test_faulty_push_is_noticed(change: Callable[[Delivered], Delivered], claim: Claim) -> None:
    async with lazada_case() as case:
        case.patience_s = 1.0
        told = case.pushed

        async def changed() -> Delivered:
            return change(await told())

        case.pushed = changed  # type: ignore[method-assign]
        with pytest.raises(NOTICED):
            await claim(case=case)


def test_forty_faults_are_planted() -> None:
    assert len(FAULTS) + len(PUSH_FAULTS) >= 40
