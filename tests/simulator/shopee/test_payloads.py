"""Every success answer has the fields and types of the reference: its sample payloads, and its field tables."""

from typing import Any

import pytest

from tests.simulator.shopee.fields import lacking, wrongly_typed
from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, MAIN_ACCOUNT, MERCHANT, PARTNER_ID, SISTER, Json, Wire, fixture

FIELD_TYPES = fixture("field_types")
ENVELOPE = {"error": "string", "message": "string", "request_id": "string"}
EVERY_OPTIONAL_FIELD = (
    "buyer_user_id,buyer_username,estimated_shipping_fee,recipient_address,actual_shipping_fee,goods_to_declare,"
    "note,note_update_time,item_list,pay_time,dropshipper,dropshipper_phone,split_up,buyer_cancel_reason,cancel_by,"
    "cancel_reason,actual_shipping_fee_confirmed,buyer_cpf_id,fulfillment_flag,pickup_done_time,package_list,"
    "shipping_carrier,payment_method,total_amount,invoice_data,order_chargeable_weight_gram,"
    "return_request_due_date,edt,payment_info"
)


def sample(name: str, response: str) -> Json:
    """Take one sample answer of the reference by its name."""
    body: Json = next(r["body"] for r in fixture(name)["responses"] if r["name"] == response)
    return body


def declared_fields(path: str) -> Json:
    """Take the field table of a call; what it shows beside the items belongs inside each (section 20)."""
    declared: Json = ENVELOPE | FIELD_TYPES[path]["response"]
    if path.endswith("get_item_base_info"):
        kind, beside = declared["response"]
        item_kind, inside = beside["item_list"]
        declared["response"] = [kind, beside | {"item_list": [item_kind, inside | beside]}]
    return declared


class Asked:
    """One call made, with what the reference says of it."""

    def __init__(self, name: str, response: str, answer: Json) -> None:
        self.path = fixture(name)["path"]
        self.reference = sample(name, response)
        self.answer = answer


async def _token(wire: Wire) -> Asked:
    answer = (await wire.exchange(await wire.code("shop:600011"), shop_id=HOME)).json()
    return Asked("auth_token_get", "success_shop_account", answer)


async def _token_of_main_account(wire: Wire) -> Asked:
    answer = (await wire.exchange(await wire.code("main:19000"), main_account_id=MAIN_ACCOUNT)).json()
    return Asked("auth_token_get", "success_main_account", answer)


async def _refreshed(wire: Wire) -> Asked:
    answer = (await wire.refresh(wire.refresh_tokens[HOME], shop_id=HOME)).json()
    return Asked("auth_access_token_get", "success_shop", answer)


async def _refreshed_merchant(wire: Wire) -> Asked:
    pair = (await wire.exchange(await wire.code("main:19000"), main_account_id=MAIN_ACCOUNT)).json()
    answer = (await wire.refresh(pair["refresh_token"], merchant_id=MERCHANT)).json()
    return Asked("auth_access_token_get", "success_merchant", answer)


async def _shops(wire: Wire) -> Asked:
    answer = (await wire.get("public/get_shops_by_partner", {"page_size": 100, "page_no": 1})).json()
    return Asked("public_get_shops_by_partner", "success", answer)


async def _ip_ranges(wire: Wire) -> Asked:
    answer = (await wire.get("public/get_shopee_ip_ranges")).json()
    return Asked("public_get_shopee_ip_ranges", "success", answer)


async def _shop_info(wire: Wire) -> Asked:
    return Asked("shop_get_shop_info", "success", await wire.shop_get("shop/get_shop_info"))


async def _profile(wire: Wire) -> Asked:
    return Asked("shop_get_profile", "success", await wire.shop_get("shop/get_profile"))


async def _item_list(wire: Wire) -> Asked:
    params: Json = {"offset": 0, "page_size": 2, "item_status": "NORMAL"}
    return Asked("product_get_item_list", "page_1", await wire.shop_get("product/get_item_list", params))


async def _item_details(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    ids = f"{shelf.item},{shelf.single}"
    answer = await wire.shop_get("product/get_item_base_info", {"item_id_list": ids})
    assert len(answer["response"]["item_list"]) == 2
    return Asked("product_get_item_base_info", "success", answer)


async def _item_without_models(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    answer = await wire.shop_get("product/get_item_base_info", {"item_id_list": shelf.single})
    asked = Asked("product_get_item_base_info", "success", answer)
    asked.reference["response"]["item_list"].pop(0)
    return asked


async def _models(wire: Wire) -> Asked:
    two_tiers = next(item for item in (await wire.world())["items"] if "," in item["models"][0]["name"])
    answer = await wire.shop_get("product/get_model_list", {"item_id": two_tiers["item_id"]})
    return Asked("product_get_model_list", "success_two_tiers", answer)


async def _no_models(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    answer = await wire.shop_get("product/get_model_list", {"item_id": shelf.single})
    return Asked("product_get_model_list", "success_no_variants", answer)


async def _warehouses(wire: Wire) -> Asked:
    await wire.link(SISTER)
    answer = (await wire.get("shop/get_warehouse_detail", {"warehouse_type": 1}, shop=SISTER)).json()
    return Asked("shop_get_warehouse_detail", "success", answer)


async def _promotions(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    await wire.control("campaign", {"models": [{"item_id": shelf.single, "price": 9000, "reserved": 2}]})
    answer = await wire.shop_get("product/get_item_promotion", {"item_id_list": shelf.single})
    return Asked("product_get_item_promotion", "success", answer)


async def _price(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    rows = [{"model_id": m["model_id"], "original_price": int(m["price"]) + 100} for m in shelf.models[:2]]
    body = {"item_id": shelf.item, "price_list": rows}
    return Asked("product_update_price", "success", await wire.shop_post("product/update_price", body))


async def _partly_refused_price(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    await wire.control("campaign", {"models": [{"item_id": shelf.item, "model_id": shelf.second}]})
    rows = [{"model_id": m["model_id"], "original_price": int(m["price"]) + 100} for m in shelf.models[:2]]
    body = {"item_id": shelf.item, "price_list": rows}
    return Asked("product_update_price", "partial", await wire.shop_post("product/update_price", body))


async def _stock(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    rows = [{"model_id": model, "seller_stock": [{"stock": 20}]} for model in (shelf.first, shelf.second)]
    body = {"item_id": shelf.item, "stock_list": rows}
    return Asked("product_update_stock", "success", await wire.shop_post("product/update_stock", body))


async def _stock_all_refused(wire: Wire) -> Asked:
    shelf = await look_at_shelf(wire)
    models = [{"item_id": shelf.item, "model_id": shelf.first, "reserved": 4}]
    await wire.control("campaign", {"models": models, "lock_stock": False})
    row = {"model_id": shelf.first, "seller_stock": [{"stock": 3}]}
    answer = await wire.post("product/update_stock", {"item_id": shelf.item, "stock_list": [row]}, shop=HOME)
    return Asked("product_update_stock", "all_failed", answer.json())


async def _order_list(wire: Wire) -> Asked:
    params: Json = {
        "time_range_field": "create_time",
        "time_from": wire.now - 86_400 * 14,
        "time_to": wire.now,
    }
    params |= {"page_size": 5, "response_optional_fields": "order_status"}
    return Asked("order_get_order_list", "page_1", await wire.shop_get("order/get_order_list", params))


async def _detail(wire: Wire, *, paid: bool, optional: bool = True) -> Json:
    shelf = await look_at_shelf(wire)
    line = {"item_id": shelf.item, "model_id": shelf.first, "quantity": 2}
    sold = await wire.control("orders", {"lines": [line], "pay": paid})
    params = {"order_sn_list": sold["order_sn"], "request_order_status_pending": "true"}
    if optional:
        params["response_optional_fields"] = EVERY_OPTIONAL_FIELD
    return await wire.shop_get("order/get_order_detail", params)


async def _paid_order(wire: Wire) -> Asked:
    return Asked("order_get_order_detail", "success_ready_and_unpaid", await _detail(wire, paid=True))


async def _unpaid_order(wire: Wire) -> Asked:
    asked = Asked("order_get_order_detail", "success_ready_and_unpaid", await _detail(wire, paid=False))
    asked.reference["response"]["order_list"].pop(0)
    return asked


async def _bare_order(wire: Wire) -> Asked:
    answer = await _detail(wire, paid=True, optional=False)
    return Asked("order_get_order_detail", "success_default_fields_only", answer)


async def _push_config(wire: Wire) -> Asked:
    return Asked("push_get_app_push_config", "normal", (await wire.get("push/get_app_push_config")).json())


async def _push_config_set(wire: Wire) -> Asked:
    answer = (await wire.post("push/set_app_push_config", {"set_push_config_off": [5, 9]})).json()
    return Asked("push_set_app_push_config", "success", answer)


async def _no_lost_pushes(wire: Wire) -> Asked:
    return Asked(
        "push_get_lost_push_message", "success", (await wire.get("push/get_lost_push_message")).json()
    )


async def _lost_pushes_confirmed(wire: Wire) -> Asked:
    path = "push/confirm_consumed_lost_push_message"
    answer = (await wire.post(path, {"last_message_id": 176610})).json()
    return Asked("push_confirm_consumed_lost_push_message", "success", answer)


ASKS = (
    _token, _token_of_main_account, _refreshed, _refreshed_merchant, _shops, _ip_ranges, _shop_info, _profile, _warehouses,
    _item_list, _item_details, _item_without_models, _models, _no_models, _promotions, _price, _partly_refused_price,
    _stock, _stock_all_refused, _order_list, _paid_order, _unpaid_order, _bare_order, _push_config, _push_config_set,
    _no_lost_pushes, _lost_pushes_confirmed,
)  # fmt: skip


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.__name__.strip("_"))
async def test_answer_has_fields_and_types_of_reference(ask: Any, linked: Wire) -> None:
    asked = await ask(linked)
    assert asked.answer["error"] == asked.reference["error"]
    assert lacking(asked.reference, asked.answer) == []
    assert wrongly_typed(declared_fields(asked.path), asked.answer) == []


async def test_each_call_of_the_reference_is_asked(linked: Wire) -> None:
    paths = set()
    for ask in ASKS:
        await linked.link(HOME)
        paths.add((await ask(linked)).path)
    assert paths == set(FIELD_TYPES)


async def test_flat_answers_have_no_response(linked: Wire) -> None:
    for ask in (_shop_info, _shops, _ip_ranges, _token):
        assert "response" not in (await ask(linked)).answer


async def test_partial_price_names_each_refused_model(linked: Wire) -> None:
    answer = (await _partly_refused_price(linked)).answer["response"]
    expected = sample("product_update_price", "partial")["response"]
    assert answer["failure_list"][0]["failed_reason"] == expected["failure_list"][0]["failed_reason"]
    assert len(answer["success_list"]) == 1


async def test_unpaid_order_has_no_total_and_no_pay_time(linked: Wire) -> None:
    order = (await _unpaid_order(linked)).answer["response"]["order_list"][0]
    assert order["pay_time"] is None
    assert "total_amount" not in order


async def test_order_without_optional_fields_shows_the_default_ones_only(linked: Wire) -> None:
    asked = await _bare_order(linked)
    shown = asked.answer["response"]["order_list"][0]
    assert set(shown) == set(asked.reference["response"]["order_list"][0])


GATEWAY_ERRORS = [entry for entry in fixture("common_errors")["errors"] if entry["http_status"] != 500]


def _texts(name: str) -> set[str]:
    return {entry["body"]["message"] for entry in GATEWAY_ERRORS if entry["body"]["error"] == name}


@pytest.mark.parametrize(
    ("control", "body", "error"),
    [
        ("app", {"key_expired": True}, "error_partner_key_expired"),
        ("app", {"restricted": True}, "error_api_call_restricted"),
        ("app", {"calls_left_today": 0}, "error_limit"),
        ("shops/600011", {"banned": True}, "shop_banned"),
        ("tokens/revoke", {}, "shop_no_linked"),
        ("tokens/expire", {}, "invalid_acceess_token"),
        ("faults", {"kind": "rate_limit"}, "error_rate_limit"),
        ("faults", {"kind": "error"}, "error_system_busy"),
    ],
)
async def test_gateway_errors_have_the_published_text_and_status(
    linked: Wire, control: str, body: Json, error: str
) -> None:
    await linked.control(control, body)
    answer = await linked.get("shop/get_shop_info", shop=HOME)
    published = next(entry for entry in GATEWAY_ERRORS if entry["body"]["error"] == error)
    assert answer.status_code == published["http_status"]
    assert set(answer.json()) == set(published["body"])
    assert answer.json()["message"] in _texts(error)
    assert len(answer.json()["request_id"]) == 32


async def test_address_off_the_allow_list_is_named(linked: Wire) -> None:
    await linked.control("app", {"declared_addresses": ["203.0.113.9"]})
    answer = (await linked.get("shop/get_shop_info", shop=HOME)).json()
    assert answer["message"] in {text.replace("203.0.113.9", "127.0.0.1") for text in _texts(answer["error"])}


async def test_partner_is_named_in_refresh(linked: Wire) -> None:
    answer = (await _refreshed(linked)).answer
    assert (answer["partner_id"], answer["shop_id"], answer["expire_in"]) == (PARTNER_ID, HOME, 14400)
