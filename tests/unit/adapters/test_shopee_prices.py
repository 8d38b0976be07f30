"""A price push has a result for every price, whatever Shopee answers, and sends nothing twice."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from domain.errors import HostMisconfigured, PlatformUnavailable, RateLimited, TokenExpired, TokenRevoked
from domain.money import Money
from domain.platform import Outcome, PricePush, PushResult
from tests.unit.adapters.shopee_samples import SHOP, StandIn, answer, error, rupiah, wrapped

SHIRT = "2500139861"
M, L = "2000458801", "2000458802"


def shirts(*models: str) -> list[PricePush]:
    return [PricePush(SHIRT, model, rupiah(66000)) for model in models]


async def outcomes(shopee: StandIn, prices: list[PricePush]) -> dict[str, tuple[Outcome, str]]:
    results = await shopee.platform.catalogue.push_prices(SHOP, prices)
    assert len(results) == len(prices)
    return {each.variant_external_id: (each.outcome, each.reason) for each in results}


async def test_taken_prices_are_ok() -> None:
    results = await StandIn(answer("product_update_price", "success")).platform.catalogue.push_prices(
        SHOP, shirts(M, L)
    )
    assert list(results) == [PushResult(SHIRT, M, Outcome.OK), PushResult(SHIRT, L, Outcome.OK)]


async def test_partial_success_comes_back_by_row() -> None:
    shopee = StandIn(answer("product_update_price", "partial"))
    assert await outcomes(shopee, shirts(M, L)) == {
        M: (Outcome.OK, ""),
        L: (Outcome.REJECTED, "price_locked"),
    }


async def test_row_that_is_not_mentioned_is_of_unknown_fate() -> None:
    shopee = StandIn(wrapped({"success_list": [{"model_id": int(M)}], "failure_list": None}))
    assert await outcomes(shopee, shirts(M, L)) == {M: (Outcome.OK, ""), L: (Outcome.UNKNOWN, "")}


@pytest.mark.parametrize(
    ("name", "message", "reason"),
    [
        ("error_cannt_edit_price_in_promotion", "", "price_locked"),
        ("error_in_item_promotion_item_price_lock", "", "price_locked"),
        ("error_cannot_update_price_in_promotion", "", "price_locked"),
        ("product.error_invalid_price", "", "price_decimals"),
        ("error_edit_item_price_for_item_has_model", "", "has_variants"),
        ("error_price_exceed_min_limitt", "", "price_range"),
        ("error_price_exceed_max_limitt", "", "price_range"),
        ("error_price_out_of_range", "", "price_range"),
        ("error_price_out_of_range", "most expensive model divided by the cheapest", "ratio_cap"),
        ("error_item_not_found", "Item_id is not found.", "not_found"),
        ("error_item_not_belong_shop", "", "not_found"),
        ("error_param", "Wrong model_id.", "not_found"),
        ("error_param", "price_list should have 1 to 50 entries", "other"),
        ("error_busi_price_lower_then_wholesale_price", "", "below_wholesale"),
        ("error_price_should_be_same_for_wholesales", "", "same_price_needed"),
        ("error_seller_under_penalty", "", "shop_restricted"),
        ("error_item_uneditable", "", "not_editable"),
        ("error_busi_cannot_edit_vsku", "", "not_editable"),
        ("error_update_price_fail", "", "other"),
        ("shop_banned", "", "shop_restricted"),
        ("error_auth", "Something about this shop.", "other"),
    ],
)
async def test_refusal_of_all_is_each_rows(name: str, message: str, reason: str) -> None:
    shopee = StandIn(error(name, message))
    assert await outcomes(shopee, shirts(M)) == {M: (Outcome.REJECTED, reason)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Original_price cannot be edited when item is under promotion.", "price_locked"),
        ("Invalid price, please use the correct format", "price_decimals"),
        ("Wrong model_id.", "not_found"),
        ("Item_id is not found.", "not_found"),
        ("Can't to edit item price directly while item has models.", "has_variants"),
        ("Price should not be lower than the wholesale price.", "below_wholesale"),
        ("The price ratio between models exceeds the limit.", "ratio_cap"),
        ("Price exceeds max limit.", "price_range"),
        ("ระบบขัดข้อง", "other"),
        (None, "other"),
    ],
)
async def test_text_of_a_row_becomes_a_code(text: str | None, reason: str) -> None:
    failed = {"failure_list": [{"model_id": M, "failed_reason": text}], "success_list": []}
    assert await outcomes(StandIn(wrapped(failed)), shirts(M)) == {M: (Outcome.REJECTED, reason)}


async def test_failed_call_with_rows_is_read_by_row() -> None:
    rows = [
        {"model_id": int(M), "failed_reason": "Wrong model_id."},
        {"model_id": int(L), "failed_reason": "under promotion"},
    ]
    told = {"error": "error_update_price_fail", "message": "failed", "response": {"failure_list": rows}}
    assert await outcomes(StandIn(httpx.Response(200, json=told)), shirts(M, L)) == {
        M: (Outcome.REJECTED, "not_found"),
        L: (Outcome.REJECTED, "price_locked"),
    }


async def test_one_bad_price_does_not_spoil_the_others() -> None:
    def refuse_fractions(request: httpx.Request) -> httpx.Response:
        rows = json.loads(request.content)["price_list"]
        if any(row["original_price"] % 1 for row in rows):
            return answer("product_update_price", "error_decimals")
        return wrapped({"success_list": rows})

    shopee = StandIn(refuse_fractions)
    odd = PricePush(SHIRT, L, Money(Decimal("66000.5"), "IDR"))
    assert await outcomes(shopee, [*shirts(M), odd]) == {
        M: (Outcome.OK, ""),
        L: (Outcome.REJECTED, "price_decimals"),
    }


async def test_items_are_pushed_one_call_each() -> None:
    def take(request: httpx.Request) -> httpx.Response:
        return wrapped({"success_list": json.loads(request.content)["price_list"]})

    shopee = StandIn(take)
    prices = [PricePush(item, "0", rupiah(1000)) for item in ("1", "2", "1")]
    prices[2] = PricePush("1", "7", rupiah(1000))
    results = await shopee.platform.catalogue.push_prices(SHOP, prices)
    assert {(each.listing_external_id, each.variant_external_id) for each in results} == {
        ("1", "0"),
        ("1", "7"),
        ("2", "0"),
    }
    assert {each.outcome for each in results} == {Outcome.OK}
    assert len(shopee.requests) == 2


TWO_ITEMS = [PricePush("1", "11", rupiah(1000)), PricePush("2", "22", rupiah(1000))]


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ReadTimeout("slow"),
        error("error_system_busy"),
        error("error_of_tomorrow"),
        httpx.Response(200, html="<html>"),
        httpx.Response(403, html="<html>"),
    ],
)
async def test_after_an_open_answer_nothing_more_is_sent(trouble: Any) -> None:
    shopee = StandIn(trouble, wrapped({"success_list": [{"model_id": 22}]}))
    assert await outcomes(shopee, TWO_ITEMS) == {
        "11": (Outcome.UNKNOWN, ""),
        "22": (Outcome.REJECTED, "not_sent"),
    }
    assert len(shopee.requests) == 1


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (httpx.ConnectError("refused"), PlatformUnavailable),
        (error("error_rate_limit", status=429), RateLimited),
        (error("invalid_acceess_token", status=403), TokenExpired),
        (error("shop_no_linked", status=403), TokenRevoked),
        (error("error_sign", status=403), HostMisconfigured),
    ],
)
async def test_push_of_which_nothing_was_sent_is_an_error(trouble: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await StandIn(trouble).platform.catalogue.push_prices(SHOP, TWO_ITEMS)


async def test_push_that_stops_half_way_keeps_what_is_known() -> None:
    shopee = StandIn(wrapped({"success_list": [{"model_id": 11}]}), error("error_rate_limit", status=429))
    assert await outcomes(shopee, TWO_ITEMS) == {
        "11": (Outcome.OK, ""),
        "22": (Outcome.REJECTED, "not_sent"),
    }
