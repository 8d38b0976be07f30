"""Every call that the adapter makes, with the longest lists and windows its facts allow, and an answer for each."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx

from adapters.registry import INFOS
from domain.listing_changes import BOOSTED, LISTED, ListingField
from domain.money import Money
from domain.platform import (
    Cancellation,
    CancelReason,
    Dispute,
    Evidence,
    EvidenceModule,
    HandOver,
    LabelRequest,
    LineUnits,
    ParcelRef,
    Platform,
    PricePush,
    Shipment,
    ShippingChoice,
    StockPush,
    Window,
)
from domain.platform.holidays import Holidays
from domain.platform.listing_writes import ListingWrites
from domain.returns import Solution
from tests.unit.adapters.shopee_samples import APP, NOW, REFRESH_TOKEN, SHOP, answer, body, error, wrapped

INFO = INFOS["shopee"]
NUMBER = "251122ABCDEF01"
PARCELS = [ParcelRef(f"251122ABCDE{n:03}", f"OFG11370153{n:07}", "80025", "IDZ") for n in range(120)]
SPLIT = ParcelRef(NUMBER, "OFG113701539238152", "80011", "IDZ", is_split=True)
ALONE = ParcelRef(NUMBER, "OFG113701539238152")
PICKUP = ShippingChoice(HandOver.PICKUP, "1173", "1763884800")
OWN = ShippingChoice(HandOver.OWN)
LONGEST = Window(NOW - INFO.window - timedelta(microseconds=5), NOW - timedelta(microseconds=3))

RETURN = "2511220EDT4JRV5"
MODULE = EvidenceModule("1", "Photo of the parcel being opened", is_required=True)
PROOF = Evidence(MODULE, ("https://cf.shopee.co.id/file/aa", "https://cf.shopee.co.id/file/bb"))
DISPUTE = Dispute("50", "Received item is not the one sold", "seller@example.com", (PROOF,))

EDITS = {
    ListingField.TITLE: "Kaos Polos Katun",
    ListingField.DESCRIPTION: "Katun 30s",
    ListingField.SKU: "KAOS-01",
    ListingField.WEIGHT: "0.25",
    ListingField.SHOWN: LISTED,
    ListingField.BOOST: BOOSTED,
}

Call = Callable[[Platform], Awaitable[Any]]


def rupiah(text: str) -> Money:
    return Money(Decimal(text), "IDR")


def _ids(start: int, count: int) -> list[str]:
    return [str(start + n) for n in range(count)]


def _numbers(count: int) -> list[str]:
    return [f"251122ABCDE{n:03}" for n in range(count)]


def _holidays(platform: Platform) -> Holidays:
    assert platform.holidays
    return platform.holidays


def _writes(platform: Platform) -> ListingWrites:
    assert platform.listing_writes
    return platform.listing_writes


def _edit(field: ListingField, value: str) -> Call:
    return lambda p: _writes(p).push_listing(SHOP, "2500139861", field, value)


CALLS: list[Call] = [
    lambda p: p.linking.exchange_code(APP, {"code": "abc", "shop_id": "600011", "state": "s"}),
    lambda p: p.linking.exchange_code(APP, {"code": "abc", "main_account_id": "19000"}),
    lambda p: p.linking.refresh(APP, "600011", REFRESH_TOKEN),
    lambda p: p.linking.fetch_shop(SHOP),
    lambda p: p.catalogue.listings_changed(SHOP, None, ""),
    lambda p: p.catalogue.listings_changed(SHOP, NOW - timedelta(days=400), "1"),
    lambda p: p.catalogue.fetch_listings(SHOP, _ids(2500139800, INFO.listings_per_fetch)),
    lambda p: p.catalogue.push_prices(
        SHOP, [PricePush("2500139861", str(n), rupiah("66000.0000")) for n in range(120)]
    ),
    lambda p: p.catalogue.push_prices(SHOP, [PricePush("2500139862", "0", rupiah("66000.0000"))]),
    lambda p: p.catalogue.push_stock(SHOP, [StockPush("2500139861", "2000458801", 12, 14)]),
    lambda p: p.catalogue.push_stock(SHOP, [StockPush("2500139861", "2000458804", 5, 3)]),
    lambda p: p.orders.orders_changed(SHOP, LONGEST, ""),
    lambda p: p.orders.orders_changed(SHOP, Window(NOW, NOW), "49:opaque"),
    lambda p: p.orders.fetch_orders(SHOP, _numbers(INFO.orders_per_fetch)),
    lambda p: p.settlements.released(SHOP, LONGEST, ""),
    lambda p: p.settlements.released(SHOP, LONGEST, "3"),
    lambda p: p.settlements.fetch_settlements(SHOP, _numbers(INFO.settlements_per_fetch)),
    lambda p: p.fulfilment.shipping_options(SHOP, [*PARCELS, SPLIT]),
    lambda p: p.fulfilment.ship(SHOP, [Shipment(each, PICKUP) for each in PARCELS]),
    lambda p: p.fulfilment.ship(SHOP, [Shipment(each, OWN, f"TOKO-{each.external_id}") for each in PARCELS]),
    lambda p: p.fulfilment.ship(SHOP, [Shipment(SPLIT, ShippingChoice(HandOver.DROPOFF, branch_id="3201"))]),
    lambda p: p.fulfilment.ship(SHOP, [Shipment(SPLIT, ShippingChoice(HandOver.DROPOFF))]),
    lambda p: p.fulfilment.ship(SHOP, [Shipment(ALONE, OWN, "TOKO-1")]),
    lambda p: p.fulfilment.tracking(SHOP, PARCELS),
    lambda p: p.fulfilment.labels(SHOP, [LabelRequest(SPLIT, "SPXID051234567890")]),
    lambda p: p.fulfilment.labels(SHOP, [LabelRequest(each, "JX1") for each in PARCELS]),
    lambda p: p.fulfilment.labels(SHOP, [LabelRequest(each, "JX1", is_ordered=True) for each in PARCELS]),
    lambda p: p.order_actions.cancel(SHOP, Cancellation(NUMBER, CancelReason.BUYER_ASKED)),
    lambda p: p.order_actions.cancel(
        SHOP,
        Cancellation(
            NUMBER, CancelReason.OUT_OF_STOCK, (LineUnits("2500139861", "2000458801", 1),), is_partial=True
        ),
    ),
    lambda p: p.order_actions.answer_cancellation(SHOP, NUMBER, is_accepted=True),
    lambda p: p.order_actions.answer_cancellation(SHOP, NUMBER, is_accepted=False),
    lambda p: p.order_actions.set_note(SHOP, NUMBER, "hadiah"),
    lambda p: p.order_actions.set_note(SHOP, NUMBER, ""),
    lambda p: p.returns.returns_changed(SHOP, LONGEST, ""),
    lambda p: p.returns.returns_changed(SHOP, LONGEST, "2"),
    lambda p: p.returns.fetch_returns(SHOP, [RETURN]),
    lambda p: p.returns.solutions(SHOP, RETURN),
    lambda p: p.returns.dispute_reasons(SHOP, RETURN),
    lambda p: p.returns.upload_picture(SHOP, RETURN, b"\x89PNG\r\n"),
    lambda p: p.returns.upload_picture(SHOP, RETURN, b"\xff\xd8\xff\x00--"),
    lambda p: p.returns.accept(SHOP, RETURN),
    lambda p: p.returns.accept_offer(SHOP, RETURN),
    lambda p: p.returns.offer(SHOP, RETURN, Solution.REFUND, rupiah("60000.0000")),
    lambda p: p.returns.offer(SHOP, RETURN, Solution.RETURN_AND_REFUND, None),
    lambda p: p.returns.dispute(SHOP, RETURN, Dispute("50", "", "seller@example.com")),
    lambda p: p.returns.dispute(SHOP, RETURN, DISPUTE),
    lambda p: p.hooks.lost(APP),
    lambda p: p.hooks.push_health(APP),
    lambda p: p.hooks.confirm_lost(APP, "176610"),
    lambda p: p.standing.fetch_standing(SHOP),
    lambda p: _writes(p).boosted(SHOP),
    lambda p: p.reviews.reviews(SHOP, ""),
    lambda p: p.reviews.reviews(SHOP, "100"),
    lambda p: p.reviews.fetch_review(SHOP, "120590834"),
    lambda p: p.reviews.reply(SHOP, "120590834", "Terima kasih!"),
    lambda p: p.linking.fetch_authorisations(APP),
    lambda p: _holidays(p).fetch_holiday(SHOP),
    lambda p: _holidays(p).set_holiday(SHOP, is_on=True),
    lambda p: _holidays(p).set_holiday(SHOP, is_on=False),
    *(_edit(field, value) for field, value in EDITS.items()),
    lambda p: _writes(p).push_listing(SHOP, "2500139861", ListingField.SHOWN, "unlisted"),
]


def _answers_about_shops() -> dict[str, Any]:
    return {
        "get_app_push_config": answer("push_get_app_push_config", "normal"),
        "get_shops_by_partner": answer("public_get_shops_by_partner", "success"),
        "get_shop_holiday_mode": answer("shop_get_shop_holiday_mode", "success"),
        "set_shop_holiday_mode": answer("shop_set_shop_holiday_mode", "success"),
        "get_shop_performance": answer("account_health_get_shop_performance", "success"),
        "get_penalty_point_history": answer("account_health_get_penalty_point_history", "success"),
        "get_punishment_history": answer("account_health_get_punishment_history", "success"),
    }


def answers() -> dict[str, Any]:
    """Return an answer for each call, by the last part of its path."""
    return {
        **_answers_about_shops(),
        "get": _traded,
        "get_shop_info": answer("shop_get_shop_info", "success"),
        "get_item_list": answer("product_get_item_list", "page_1"),
        "get_item_base_info": answer("product_get_item_base_info", "success"),
        "get_model_list": _models(),
        "get_warehouse_detail": answer("shop_get_warehouse_detail", "success"),
        "get_item_promotion": answer("product_get_item_promotion", "success"),
        "update_price": wrapped({}),
        "update_stock": wrapped({}),
        "get_order_list": answer("order_get_order_list", "page_1"),
        "get_order_detail": answer("order_get_order_detail", "success_ready_and_unpaid"),
        "get_escrow_list": answer("payment_get_escrow_list", "success"),
        "get_escrow_detail_batch": _refusing_post,
        "get_mass_shipping_parameter": _mass_parameter,
        "get_shipping_parameter": answer("logistics_get_shipping_parameter", "pickup_and_dropoff"),
        "mass_ship_order": _mass_shipped,
        "ship_order": answer("logistics_ship_order", "success"),
        "get_mass_tracking_number": wrapped({"success_list": [], "fail_list": []}),
        "get_shipping_document_parameter": answer("logistics_get_shipping_document_parameter", "success"),
        "get_shipping_document_result": _document_states,
        "create_shipping_document": answer("logistics_create_shipping_document", "success"),
        "download_shipping_document": httpx.Response(200, content=b"%PDF-1.7 label"),
        "cancel_order": answer("order_cancel_order", "success"),
        "handle_buyer_cancellation": answer("order_handle_buyer_cancellation", "success"),
        "set_note": answer("order_set_note", "success"),
        "get_return_list": answer("returns_get_return_list", "success"),
        "get_return_detail": answer("returns_get_return_detail", "success"),
        "get_available_solutions": answer("returns_get_available_solutions", "success"),
        "get_return_dispute_reason": answer("returns_get_return_dispute_reason", "success"),
        "convert_image": wrapped({"url": "https://cf.shopee.co.id/file/aa", "thumbnail": ""}),
        "unlist_item": wrapped({"success_list": [{"item_id": 2500139861}]}),
        "boost_item": answer("product_boost_item", "partial"),
        "get_boosted_list": answer("product_get_boosted_list", "success"),
        "get_comment": answer("product_get_comment", "success"),
        "reply_comment": answer("product_reply_comment", "success"),
        "update_item": answer("product_update_item", "success"),
        "get_lost_push_message": answer("push_get_lost_push_message", "success"),
        "confirm_consumed_lost_push_message": answer("push_confirm_consumed_lost_push_message", "success"),
        "confirm": answer("returns_confirm", "success"),
        "accept_offer": answer("returns_accept_offer", "success"),
        "offer": answer("returns_offer", "success"),
        "dispute": answer("returns_dispute", "success"),
    }


def _models() -> httpx.Response:
    """Have one model lie nowhere, so that the shop is asked for its locations."""
    models = body("product_get_model_list", "success_two_tiers")
    models["response"]["model"][3]["stock_info_v2"]["seller_stock"] = []
    return httpx.Response(200, json=models)


def _traded(request: httpx.Request) -> httpx.Response:
    if "access_token" in request.url.path:
        return answer("auth_access_token_get", "success_shop")
    account = "main" if b"main_account_id" in request.content else "shop"
    return answer("auth_token_get", f"success_{account}_account")


def _refusing_post(request: httpx.Request) -> httpx.Response:
    """Refuse the way of the field, so that the documented way is taken too."""
    if request.method == "POST":
        return error("error_param")
    return answer("payment_get_escrow_detail_batch", "success")


def _mass_parameter(request: httpx.Request) -> httpx.Response:
    """Turn one courier's call down as a whole, so that it is asked for by itself."""
    if b"80011" in request.content:
        return httpx.Response(
            200, json={"error": "logistics.error_param", "message": "no", "request_id": "r"}
        )
    return wrapped({"info_needed": {"dropoff": []}, "success_list": [], "fail_list": []})


def _mass_shipped(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"error": "", "message": "", "success_list": [], "fail_list": []})


def _document_states(request: httpx.Request) -> httpx.Response:
    """Have every other label ready, the rest not ordered yet."""
    rows = json.loads(request.content)["order_list"]
    told = [
        {**_named(row), "status": "READY"}
        if at % 2 == 0
        else {**_named(row), "fail_error": "logistics.shipping_document_should_print_first"}
        for at, row in enumerate(rows)
    ]
    return wrapped({"result_list": told})


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {"order_sn": row["order_sn"], "package_number": row["package_number"]}
