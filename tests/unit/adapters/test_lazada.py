"""Lazada's adapter beside its reference: vectors, every sample payload, every code, every kind of push."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina

from adapters.kit.refusals import Family
from adapters.lazada import auth, errors
from adapters.lazada.hooks import LazadaHooks
from adapters.lazada.statuses import order_status, rolled_up
from domain.catalogue import ListingState
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    InputError,
    NotAllowed,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
    UnexpectedResponse,
)
from domain.orders import OrderStatus, ParcelState
from domain.platform import Hint, HintKind, Outcome
from domain.returns import ReturnState
from tests.unit.adapters.lazada_samples import (
    APP,
    CALLS,
    FILES,
    FOLDER,
    ITEM,
    ORDER,
    OTHER,
    RETURN,
    SHOP,
    SKU,
    UNIT,
    StandIn,
    pending,
    sample,
)

HOOKS = LazadaHooks()
VECTORS = sample("signing_vectors")
ITEMS = "/orders/items/get"
READ_ELSEWHERE = {"errors", "signing_vectors", "push_messages", "pack_request", "rts_request"} | {
    "price_quantity_update_request",
    "sellable_update_request",
    "pack_item_error_response",
    "update_partial_error_response",
}
"""Samples that no call of ours gets by itself; other tests here read them."""


@pytest.fixture(autouse=True)
def no_repeats() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


def test_published_vectors() -> None:
    for each in VECTORS["api_requests"]:
        assert auth.signature(each["app_secret"], each["api_path"], each["params"]) == each["sign"]
    push = VECTORS["push"]
    made = auth.push_signature(push["app_key"], push["app_secret"], push["body"].encode())
    assert made == push["authorization"]


async def test_every_request_is_signed_over_what_leaves_and_every_sample_is_read() -> None:
    asked = set()
    for name, call in CALLS.items():
        stand_in = StandIn({ITEMS: pending()} if name in {"options", "ship", "cancel"} else None)
        await call(stand_in.platform)
        for request in stand_in.requests:
            if request.url.host == "example.test":
                assert "token" not in str(request.url)
                continue
            path = request.url.path.removeprefix("/rest")
            asked.add(FILES[path])
            is_token = path.startswith("/auth/")
            assert request.url.host == ("auth.lazada.com" if is_token else "api.lazada.co.th")
            params = stand_in.sent(path)
            again = {key: value for key, value in params.items() if key != "sign"}
            assert "" not in params.values()
            if request is stand_in.requests[-1]:
                assert auth.signature(APP.secret, path, again) == params["sign"]
            assert ("access_token" in params) == (not is_token)
            assert APP.secret not in str(request.url)
    assert asked == {each.stem for each in FOLDER.glob("*.json")} - READ_ELSEWHERE


def test_page_of_consent_names_app_and_callback() -> None:
    page = urlsplit(auth.authorize_url(replace(APP, region="TH"), redirect_url="https://b/oauth", state="s1"))
    assert (page.netloc, page.path) == ("auth.lazada.com", "/oauth/authorize")
    assert parse_qs(page.query) == {
        "response_type": ["code"],
        "force_auth": ["true"],
        "redirect_uri": ["https://b/oauth"],
        "client_id": ["100001"],
        "state": ["s1"],
        "country": ["th"],
    }


async def test_tokens_are_read_under_either_name_and_never_guessed() -> None:
    linking = StandIn().platform.linking
    (granted,) = await linking.exchange_code(APP, {"code": "c"})
    assert granted.external_id == SHOP.external_id
    stand_in = StandIn()
    await stand_in.platform.linking.exchange_code(APP, {"code": "c"})
    shop = await stand_in.platform.linking.fetch_shop(replace(SHOP, region="ID", currency="IDR"))
    assert (shop.region, shop.currency) == ("TH", "THB")  # whatever market was asked for
    assert stand_in.requests[-1].url.host == "api.lazada.co.th"
    told = sample("token_create_response")
    by_country = told | {
        "country_user_info": {"th": told["country_user_info"][0]},
        "refresh_expires_in": "1209600",
    }
    other = StandIn({"/auth/token/create": by_country}).platform.linking
    assert (await other.exchange_code(APP, {"code": "c"}))[0].external_id == SHOP.external_id
    for odd in ({"access_token": ""}, {"expires_in": 0}, {"refresh_token": ""}):
        with pytest.raises(FateUnknown):
            await StandIn({"/auth/token/create": told | odd}).platform.linking.exchange_code(
                APP, {"code": "c"}
            )
    without = StandIn({"/auth/token/refresh": sample("token_refresh_response") | {"refresh_expires_in": 0}})
    pair = await without.platform.linking.refresh(APP, SHOP.external_id, "r")
    assert pair.refresh_expires_at == pair.expires_at


async def test_goods_are_read_as_the_sample_has_them() -> None:
    (seen,) = await CALLS["listing"](StandIn().platform)
    assert (seen.external_id, seen.title, seen.state) == (ITEM, "Cotton T-shirt", ListingState.LISTED)
    assert seen.updated_at == datetime.fromtimestamp(1_795_100_000, UTC)
    small, medium = seen.variants
    assert (small.external_id, small.name, small.sku, small.available) == (SKU, "S", "TSHIRT-S", 5)
    assert (medium.price.listed.amount, medium.price.buyer_pays.amount) == (Decimal(299), Decimal(249))
    assert small.price.buyer_pays == small.price.listed
    camel = sample("product_item_get_response")
    camel["data"] = {
        {"item_id": "itemId", "updated_time": "updatedTime"}.get(name, name): value
        for name, value in camel["data"].items()
    }
    assert await CALLS["listing"](StandIn({"/product/item/get": camel}).platform) == [seen]


async def test_prices_and_sellable_stock_are_sent_as_the_samples_have_them() -> None:
    stand_in = StandIn()
    assert [each.outcome for each in await CALLS["price"](stand_in.platform)] == [Outcome.OK]
    sent = json.loads(stand_in.sent("/price_quantity/update")["payload"])
    wanted = sample("price_quantity_update_request")["json_equivalent"]["Request"]["Product"]["Skus"]["Sku"][
        0
    ]
    (row,) = sent["Request"]["Product"]["Skus"]["Sku"]
    assert row == {name: wanted[name] for name in ("ItemId", "SkuId")} | {"Price": "319"}
    assert [each.outcome for each in await CALLS["stock"](stand_in.platform)] == [Outcome.OK] * 2
    first, _ = json.loads(stand_in.sent("/sellable/update")["payload"])["Request"]["Product"]["Skus"]["Sku"]
    xml = sample("sellable_update_request")["xml_single_warehouse"]
    assert dict(re.findall(r"<(\w+)>([^<]+)<", xml)) == first


async def test_partial_refusal_is_told_by_its_detail() -> None:
    stand_in = StandIn({"/product/stock/sellable/update": sample("update_partial_error_response")})
    results = await CALLS["stock"](stand_in.platform)
    # The SKU that is named stays refused; the other one is asked for again, by itself, with the same answer.
    assert {each.variant_external_id: (each.outcome, each.reason) for each in results} == {
        SKU: (Outcome.REJECTED, "below_reserved"),
        OTHER: (Outcome.REJECTED, "other"),
    }


async def test_order_is_read_as_the_samples_have_it() -> None:
    (seen,) = await CALLS["order"](StandIn({ITEMS: pending()}).platform)
    assert (seen.external_id, seen.status, seen.raw_status) == (ORDER, OrderStatus.TO_SHIP, "pending")
    assert seen.placed_at == datetime(2026, 11, 20, 3, 36, 55, tzinfo=UTC)
    assert seen.updated_at == datetime(2026, 11, 20, 3, 41, 2, tzinfo=UTC)
    assert seen.ship_by == datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)
    assert seen.total
    assert (seen.total.amount, seen.is_cod) == (Decimal(586), True)
    (line,) = seen.lines
    assert (line.quantity, line.unit_price.amount) == (2, Decimal(299))
    assert line.unit_ids == (UNIT, "711433089764243")
    (parcel,) = seen.parcels
    assert (parcel.external_id, parcel.state, parcel.courier_id) == (UNIT, ParcelState.TO_ARRANGE, "STANDARD")
    (packed,) = await CALLS["order"](StandIn().platform)
    assert [each.external_id for each in packed.parcels] == [UNIT]
    assert (packed.raw_status, packed.parcels[0].tracking_number) == ("packed", "LEXDO0069388114")


async def test_parcel_is_packed_and_told_ready_as_the_samples_have_it() -> None:
    stand_in = StandIn({ITEMS: pending()})
    assert [each.outcome for each in await CALLS["ship"](stand_in.platform)] == [Outcome.OK]
    assert json.loads(stand_in.sent("/fulfill/pack")["packReq"]) == sample("pack_request")["packReq"]
    assert (
        json.loads(stand_in.sent("/package/rts")["readyToShipReq"]) == sample("rts_request")["readyToShipReq"]
    )
    refused = StandIn({ITEMS: pending(), "/order/fulfill/pack": sample("pack_item_error_response")})
    (result,) = await CALLS["ship"](refused.platform)
    assert (result.outcome, result.reason) == (Outcome.REJECTED, "not_ready")
    assert not [each for each in refused.requests if each.url.path.endswith("/rts")]
    again = StandIn()  # packed already: told ready alone
    assert [each.outcome for each in await CALLS["ship"](again.platform)] == [Outcome.OK]
    assert not [each for each in again.requests if each.url.path.endswith("/pack")]


async def test_label_is_fetched_from_its_address_or_taken_from_the_answer() -> None:
    labels = await CALLS["labels"](StandIn().platform)
    assert [each.content for each in labels.files] == [b"%PDF-1.7 label"]
    enclosed = sample("print_awb_response")
    enclosed["result"]["data"] |= {"file": "JVBERi0xLjcgaGVyZQ==", "pdf_url": ""}
    labels = await CALLS["labels"](StandIn({"/order/package/document/get": enclosed}).platform)
    assert [each.content for each in labels.files] == [b"%PDF-1.7 here"]


async def test_return_is_read_out_of_cents_and_dong_are_whole() -> None:
    (seen,) = await CALLS["return"](StandIn().platform)
    assert (seen.external_id, seen.order_external_id, seen.state) == (RETURN, ORDER, ReturnState.ASKED)
    assert (seen.refund.amount, seen.lines[0].unit_price.amount) == (Decimal(274), Decimal(299))
    assert seen.answer_by == datetime.fromtimestamp(1_795_300_000, UTC)
    assert (seen.created_at.timestamp(), seen.reason) == (1_795_200_000, "Item is damaged")
    arrived = sample("reverse_orders_response")
    arrived["result"]["items"][0]["reverse_order_lines"][0]["reverse_status"] = "RTM_RECEIVE_ITEM"
    (back,) = await CALLS["return"](StandIn({"/reverse/getreverseordersforseller": arrived}).platform)
    assert (seen.is_back, back.is_back, back.state) == (False, True, ReturnState.COMING_BACK)
    dong = replace(SHOP, region="VN", currency="VND")
    (whole,) = await StandIn().platform.returns.fetch_returns(dong, [RETURN])
    assert whole.refund.amount == Decimal(27_400)


async def test_money_is_added_up_by_kind() -> None:
    (release,) = (await CALLS["released"](StandIn().platform)).releases
    assert (release.order_external_id, release.at) == (ORDER, datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    (account,) = await CALLS["money"](StandIn().platform)
    assert (account.goods.amount, account.payout.amount) == (Decimal(299), Decimal("284.05"))
    assert [(each.kind, each.amount.amount) for each in account.fees] == [("commission", Decimal("14.95"))]


GATE: dict[str, tuple[type[PlatformError], str | None]] = {
    "expired_token": (TokenExpired, "token_expired"),
    "bad_signature": (HostMisconfigured, "host_misconfigured"),
    "missing_param": (HostMisconfigured, "host_misconfigured"),
    "rate_limited": (RateLimited, "platform_busy"),
    "product_rate_limited": (RateLimited, "platform_busy"),
    "bad_refresh_token": (TokenRevoked, "token_revoked"),
    "bad_code": (RequestRejected, Family.INPUT),
    "order_not_found": (RequestRejected, Family.MISSING),
    "bad_status": (UnexpectedResponse, "platform_unexpected"),
    "bad_date": (UnexpectedResponse, "platform_unexpected"),
    "timeout": (PlatformUnavailable, "platform_unavailable"),
}


async def test_every_error_of_the_samples_has_its_class() -> None:
    assert set(GATE) == set(sample("errors"))
    for name, (kind, code) in GATE.items():
        told = sample("errors")[name]
        with pytest.raises(PlatformError) as caught:
            await CALLS["orders"](StandIn({"*": told}).platform)
        assert (type(caught.value), caught.value.code) == (kind, code), name
        assert (caught.value.reason, caught.value.request_id) == (told["code"], told["request_id"])
        if isinstance(caught.value, RateLimited):
            assert caught.value.retry_after_s == 1.0
    with pytest.raises(TokenRevoked):
        await CALLS["refresh"](StandIn({"*": sample("errors")["expired_token"]}).platform)
    with pytest.raises(RequestRejected):
        await CALLS["link"](StandIn({"*": sample("errors")["bad_code"]}).platform)


NAMED = [
    "IllegalAccessToken",
    "IllegalRefreshToken",
    "InvalidCode",
    "IncompleteSignature",
    "MissingParameter",
    "ApiCallLimit",
    "901",
    "AppCallLimit",
    "IopSystemFlowlimit",
    "ServiceCurrentlimit",
    "ServiceTimeout",
    "6",
    "1000",
    "40011",
    "513",
    "106",
    "5",
    "30",
    "14",
    "17",
    "19",
    "36",
    "74",
    "75",
    "16",
    "37",
    "38",
    "39",
    "56",
    "501",
    "204",
    "4171",
    "207",
    "208",
    "E0002",
    "E0003",
    "212",
    "4170",
    "4193",
    "4225",
    "SellerNotVerified",
    "SellerNotActive",
    "Mp3SellerApiLimit",
    "20",
    "34",
    "35",
    "700040",
    "30012",
    "50008",
    "700026",
    "700025",
    "700021",
    "700022",
    "700024",
    "700027",
    "700028",
    "700029",
    "700030",
    "700031",
    "1003",
    "700000",
    "600001",
    "600002",
    "AUTH_TYPE_UNSUPPORTED",
    "InvalidAppKey",
    "AppWhiteIpLimit",
    "AccessTokenExpired",
    "1000012",
    "4104",
    "4117",
    "4119",
]
"""Every code that the reference names, in its tables and in its text."""


def test_every_code_of_the_reference_has_a_class_and_a_sentence() -> None:
    assert set(NAMED) == set(errors.BY_CODE)
    for code, rule in errors.BY_CODE.items():
        assert issubclass(rule.error, PlatformError), code
        is_told = (
            rule.code in {*Family, errors.SHOP_RESTRICTED} if rule.error is RequestRejected else not rule.code
        )
        assert is_told, code
    tables = (errors.PRICE_REFUSALS, errors.STOCK_REFUSALS, errors.PARCEL_REFUSALS)
    assert {code for table in tables for code in table} <= set(NAMED)


async def test_what_is_new_is_looked_at_and_what_failed_inside_is_no_success() -> None:
    for told in ({"code": "777777", "message": "new"}, {"code": "0", "result": {"success": False}}):
        with pytest.raises((UnexpectedResponse, PlatformError)) as caught:
            await CALLS["options"](
                StandIn({"/order/shipment/providers/get": told, ITEMS: pending()}).platform
            )
        assert type(caught.value) is UnexpectedResponse
    assert rolled_up(["pending", "boxed"]) == "boxed"
    assert order_status("boxed", is_cancel_asked=True) is OrderStatus.UNKNOWN
    assert rolled_up(["canceled", "shipped", "packed"]) == "packed"


PUSHES: dict[str, tuple[HintKind, tuple[str, ...]]] = {
    "trade_order": (HintKind.ORDER, (ORDER,)),
    "trade_order_reverse": (HintKind.ORDER, (ORDER,)),
    "reverse_order": (HintKind.RETURN, (RETURN,)),
    "product_edited": (HintKind.LISTING, (ITEM,)),
    "product_qc": (HintKind.LISTING, (ITEM,)),
    "shallow_stock": (HintKind.NEWS, ()),
    "token_expiring": (HintKind.AUTHORISATION_ENDING, ()),
    "fulfillment": (HintKind.ORDER, (ORDER,)),
    "review": (HintKind.NEWS, ()),
    "seller_status": (HintKind.NEWS, ()),
}


def hear(body: dict[str, Any] | bytes, signature: str = "") -> Hint:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    carried = signature or auth.push_signature(APP.key, APP.secret, raw)
    (hint,) = HOOKS.verify_and_parse(APP, {"Authorization": carried}, raw)
    return hint


def test_every_push_of_the_samples_is_read() -> None:
    assert set(PUSHES) == set(sample("push_messages"))
    for name, (kind, ids) in PUSHES.items():
        body = sample("push_messages")[name]
        hint = hear(body)
        assert (hint.kind, hint.ids, hint.shop_external_id) == (kind, ids, SHOP.external_id), name
        assert hint.raw_kind == str(body["message_type"])
        assert hear(body).event_key == hint.event_key
    vector = VECTORS["push"]
    assert hear(vector["body"].encode(), vector["authorization"]).ids == ("260422900198363",)


def test_a_push_counts_once_for_its_unit_and_state_whenever_it_comes() -> None:
    body = sample("push_messages")["trade_order"]
    later = body | {"timestamp": body["timestamp"] + 1_800_000}
    assert hear(later).event_key == hear(body).event_key
    moved = body | {"data": body["data"] | {"order_status": "packed"}}
    assert hear(moved).event_key != hear(body).event_key
    wish = sample("push_messages")["reverse_order"]
    wish["data"] |= {"reverse_status": "CANCEL_INIT"}
    assert (hear(wish).kind, hear(wish).ids) == (HintKind.ORDER, (ORDER,))
    assert hear({"message_type": 0, "seller_id": "1", "data": {"x": 1}}).kind is HintKind.UNKNOWN
    assert hear({"message_type": 99, "seller_id": 1, "data": {}}).kind is HintKind.UNKNOWN


@pytest.mark.parametrize("signature", ["", "0" * 64, "ü"])
def test_push_that_is_not_signed_is_refused_unread(signature: str) -> None:
    with pytest.raises(NotAllowed):
        HOOKS.verify_and_parse(APP, {"authorization": signature}, b"{}")
    with pytest.raises(InputError):
        hear(b"no json")
