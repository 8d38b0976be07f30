"""Escrow of the reference's samples, read into statements that add up."""

from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from domain.earnings import FeeKind, Settlement
from domain.errors import PlatformUnavailable, TokenExpired
from domain.platform import Window
from tests.unit.adapters.shopee_samples import NOW, SHOP, StandIn, answer, at, body, error, rupiah, wrapped

NUMBER = "251101ABCD1234"


def taken(statement: Settlement) -> dict[FeeKind, Decimal]:
    return {fee.kind: fee.amount.amount for fee in statement.fees}


async def read(*answers: httpx.Response) -> tuple[StandIn, list[Settlement]]:
    shopee = StandIn(*answers)
    return shopee, list(await shopee.platform.settlements.fetch_settlements(SHOP, [NUMBER]))


async def test_full_sample_names_every_fee() -> None:
    income = body("payment_get_escrow_detail", "success")["response"]
    shopee, found = await read(wrapped([{"escrow_detail": income}]))
    assert [request.method for request in shopee.requests] == ["POST"]
    assert (found[0].goods, found[0].payout) == (rupiah(120000), rupiah(112300))
    assert taken(found[0]) == {FeeKind.COMMISSION: 5500, FeeKind.SERVICE: 1200, FeeKind.PROCESSING: 1000}


async def test_short_sample_leaves_the_unexplained_to_other() -> None:
    _, found = await read(answer("payment_get_escrow_detail_batch", "success"))
    assert found[0].payout == rupiah(112300)
    assert taken(found[0]) == {FeeKind.COMMISSION: 5500, FeeKind.SERVICE: 1200, FeeKind.OTHER: 1000}


async def test_adjustment_after_the_payout_is_the_payout() -> None:
    income = body("payment_get_escrow_detail", "success")["response"]
    income["order_income"]["escrow_amount_after_adjustment"] = 100000
    _, found = await read(wrapped([{"escrow_detail": income}]))
    assert found[0].payout == rupiah(100000)
    assert taken(found[0])[FeeKind.OTHER] == 12300


async def test_row_without_the_amount_is_left_out_and_the_others_come_through() -> None:
    whole = body("payment_get_escrow_detail", "success")["response"]
    odd = {"order_sn": "251101ODD00001", "order_income": {"commission_fee": 5}}
    _, found = await read(wrapped([{"escrow_detail": odd}, {"escrow_detail": whole}]))
    assert [each.order_external_id for each in found] == [NUMBER]


@pytest.mark.parametrize(
    "refusal",
    [error("error_param", "wrong method"), httpx.Response(500, text="block by gateway"), error("error_shop")],
)
async def test_batch_is_asked_by_get_where_post_is_refused(refusal: httpx.Response) -> None:
    shopee, found = await read(refusal, answer("payment_get_escrow_detail_batch", "success"))
    assert [request.method for request in shopee.requests] == ["POST", "GET"]
    assert shopee.requests[1].url.params["order_sn_list"] == NUMBER
    assert len(found) == 1


async def test_batch_is_not_asked_again_for_another_reason() -> None:
    with pytest.raises(TokenExpired):
        await read(error("invalid_acceess_token", status=403))
    with pytest.raises(PlatformUnavailable):
        await read(httpx.Response(502, text="<html>"), httpx.Response(502, text="<html>"))


async def test_releases_come_page_by_page() -> None:
    first = body("payment_get_escrow_list", "success")["response"]
    shopee = StandIn(
        wrapped(first | {"more": True}), wrapped({"escrow_list": None, "more": True}), wrapped(first)
    )
    window = Window(NOW - timedelta(days=1), NOW)
    page = await shopee.platform.settlements.released(SHOP, window, "")
    assert [(each.order_external_id, each.at) for each in page.releases] == [(NUMBER, at(1763500000))]
    assert page.next_cursor == "2"
    assert (await shopee.platform.settlements.released(SHOP, window, "2")).next_cursor is None
    assert [request.url.params["page_no"] for request in shopee.requests] == ["1", "2"]
