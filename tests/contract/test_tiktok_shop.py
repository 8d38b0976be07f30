"""What TikTok Shop alone has: units, shared packages, a cipher, requests that say what comes next, and what it lacks."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
import stamina

from adapters.registry import INFOS, build_platforms
from domain.clock import utc_now
from domain.errors import (
    HostMisconfigured,
    PlatformUnavailable,
    RequestRejected,
    UnsupportedByPlatform,
)
from domain.money import Money
from domain.orders import OrderStatus, ParcelState
from domain.platform import (
    Can,
    Cancellation,
    CancelReason,
    Dispute,
    HandOver,
    LabelRequest,
    LineUnits,
    Outcome,
    Shipment,
    StockPush,
    parcel_refs,
)
from domain.platform.probing import Asked
from domain.returns import ReturnState, Solution
from domain.shops import ShopAccess
from services.grants import fetch_grants
from services.probing import verdict
from tests.contract.test_platform import free_variant, order_now, push_of, variant_now
from tests.contract.test_platform_fulfilment import choice_of
from tests.contract.test_platform_returns import return_now, returned, told
from tests.contract.tiktok_shop_case import TiktokShopCase, tiktok_shop_case

OK = (Outcome.OK, "")
REDIRECT = "http://127.0.0.1:9/oauth"


@pytest.fixture
async def tiktok() -> AsyncIterator[TiktokShopCase]:
    async with tiktok_shop_case() as running:
        yield running


class Counting(httpx.AsyncBaseTransport):
    """Counts what leaves, and keeps the last body of each path's end."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.paths: list[str] = []
        self.bodies: dict[str, Any] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        if content := await request.aread():
            self.bodies[request.url.path.rpartition("/")[2]] = json.loads(content)
        return await self._inner.handle_async_request(request)


# Linking


async def test_granted_shop_is_tried_before_it_is_kept(tiktok: TiktokShopCase) -> None:
    page = tiktok.platform.linking.authorize_url(tiktok.app, redirect_url=REDIRECT, state="s")
    (grant,), refused = await fetch_grants(tiktok.platform, tiktok.app, await tiktok.consent(page), "ID")
    assert refused == []
    assert (grant.shop.external_id, grant.snapshot.name) == (tiktok.shop.external_id, "Rumah Kita")
    assert (grant.snapshot.region, grant.snapshot.currency) == ("ID", "IDR")
    until = grant.snapshot.authorised_until
    assert until
    assert timedelta(days=364) < until - utc_now() <= timedelta(days=365)


async def test_consent_for_several_shops_opens_each_with_the_one_pair(tiktok: TiktokShopCase) -> None:
    page = tiktok.platform.linking.authorize_url(tiktok.app, redirect_url=REDIRECT, state="s")
    consent = await tiktok.consent(page, many_shops=True)
    grants, refused = await fetch_grants(tiktok.platform, tiktok.app, consent, "ID")
    assert refused == []
    assert [(each.snapshot.name, each.snapshot.region, each.snapshot.currency) for each in grants] == [
        ("Rumah Kita", "ID", "IDR"),
        ("Rumah Kita Malaysia", "MY", "MYR"),
    ]
    assert len({each.shop.credentials for each in grants}) == 1
    assert {each.shop.authorisation for each in grants} == {"7010736057180325637group"}
    pair = grants[0].shop.credentials
    fresh = await tiktok.platform.linking.refresh(tiktok.app, grants[0].shop.external_id, pair.refresh_token)
    for each in grants:
        access = ShopAccess(tiktok.app, each.shop.external_id, each.snapshot.region, "", fresh)
        assert (await tiktok.platform.linking.fetch_shop(access)).name == each.snapshot.name


@pytest.mark.parametrize("query", [{"code": "null", "error": "auth_denied"}, {"error": "access_denied"}, {}])
async def test_declined_consent_sends_nothing(tiktok: TiktokShopCase, query: dict[str, str]) -> None:
    wire = Counting(tiktok.transport)
    platform = build_platforms(wire, utc_now)["tiktok_shop"]
    with pytest.raises(RequestRejected):
        await platform.linking.exchange_code(tiktok.app, query)
    assert wire.paths == []


async def test_who_is_no_seller_is_refused_and_a_missing_scope_is_named(tiktok: TiktokShopCase) -> None:
    code = (await tiktok._control("authorise", account="creator:1"))["code"]
    with pytest.raises(RequestRejected) as refused:
        await tiktok.platform.linking.exchange_code(tiktok.app, {"code": code})
    assert refused.value.reason == "not_a_seller"
    await tiktok._control("app", scopes=["seller.authorization.info", "seller.shop.info"])
    code = (await tiktok._control("authorise"))["code"]
    with pytest.raises(HostMisconfigured) as lacking:
        await tiktok.platform.linking.exchange_code(tiktok.app, {"code": code})
    assert lacking.value.reason == "scope_seller.product.basic"


async def test_cipher_is_read_once_for_a_token_and_anew_for_another(tiktok: TiktokShopCase) -> None:
    wire = Counting(tiktok.transport)
    platform = build_platforms(wire, utc_now)["tiktok_shop"]
    for _ in range(3):
        await platform.catalogue.listings_changed(tiktok.shop, None, "")
    assert wire.paths.count("/authorization/202309/shops") == 1
    await tiktok.link()
    await platform.catalogue.listings_changed(tiktok.shop, None, "")
    assert wire.paths.count("/authorization/202309/shops") == 2


@pytest.mark.parametrize("off", [timedelta(minutes=-47), timedelta(hours=26)])
async def test_wrong_clock_of_ours_is_put_right_by_the_servers(
    tiktok: TiktokShopCase, off: timedelta
) -> None:
    platform = build_platforms(tiktok.transport, lambda: utc_now() + off)["tiktok_shop"]
    with pytest.raises(PlatformUnavailable):
        await platform.linking.fetch_shop(tiktok.shop)
    with stamina.set_testing(True, attempts=2):
        assert (await platform.linking.fetch_shop(tiktok.shop)).is_usable


# Orders and packages


async def test_units_are_folded_into_lines_and_their_ids_kept(tiktok: TiktokShopCase) -> None:
    first = await free_variant(tiktok)
    order = await order_now(tiktok, await tiktok.buy(first, units=3))
    (line,) = order.lines
    assert (line.quantity, len(set(line.unit_ids))) == (3, 3)
    assert all(int(each) > 2**53 for each in (*line.unit_ids, order.external_id, line.variant_external_id))
    assert [(each.quantity) for each in order.parcels[0].lines] == [3]


async def test_orders_that_share_a_package_are_shipped_and_printed_once(tiktok: TiktokShopCase) -> None:
    variant = await free_variant(tiktok)
    numbers = [await tiktok.buy(variant), await tiktok.buy(variant)]
    await tiktok._control(f"orders/{numbers[0]}/combine", **{"with": numbers[1]})
    refs = [ref for number in numbers for ref in parcel_refs(await order_now(tiktok, number))]
    assert len({each.external_id for each in refs}) == 1
    wire = Counting(tiktok.transport)
    fulfilment = build_platforms(wire, utc_now)["tiktok_shop"].fulfilment
    offer = (await fulfilment.shipping_options(tiktok.shop, refs)).offers[0]
    results = await fulfilment.ship(tiktok.shop, [Shipment(each, choice_of(offer)) for each in refs])
    assert [(each.parcel, each.outcome) for each in results] == [(each, Outcome.OK) for each in refs]
    assert len(wire.bodies["ship"]["packages"]) == 1
    tracking = await fulfilment.tracking(tiktok.shop, refs)
    assert len({each.number for each in tracking}) == 1
    asked = [LabelRequest(each.parcel, each.number) for each in tracking]
    await fulfilment.labels(tiktok.shop, asked)
    (file,) = (await fulfilment.labels(tiktok.shop, asked)).files
    assert set(file.parcels) == set(refs)


async def test_fifty_parcels_of_a_courier_take_few_calls_until_their_labels(tiktok: TiktokShopCase) -> None:
    variant = max(await tiktok.variants(), key=lambda each: each.available if each.is_listed else 0)
    numbers = [await tiktok.buy(variant) for _ in range(50)]
    orders = await tiktok.platform.orders.fetch_orders(tiktok.shop, numbers)
    refs = [ref for order in orders for ref in parcel_refs(order)]
    wire = Counting(tiktok.transport)
    fulfilment = build_platforms(wire, utc_now)["tiktok_shop"].fulfilment
    offers = (await fulfilment.shipping_options(tiktok.shop, refs)).offers
    shipments = [Shipment(each, choice_of(offer)) for offer in offers for each in offer.parcels]
    assert len(await fulfilment.ship(tiktok.shop, shipments)) == 50
    assert len(await fulfilment.tracking(tiktok.shop, refs)) == 50
    assert len(wire.paths) <= 5  # the cipher, times, warehouses, shipping, numbers


@pytest.mark.parametrize(("is_theirs", "front"), [(True, "Tokopedia"), (False, "")])
async def test_order_names_the_shop_front_it_came_from(
    tiktok: TiktokShopCase, *, is_theirs: bool, front: str
) -> None:
    variant = await free_variant(tiktok)
    lines = [{**tiktok.named(variant), "quantity": 1}]
    placed = await tiktok._control("orders", shop_id=tiktok.home, lines=lines, tokopedia=is_theirs)
    assert (await order_now(tiktok, placed["order_sn"])).sold_on == front


async def test_order_on_hold_is_pending_and_its_package_waits(tiktok: TiktokShopCase) -> None:
    number = await tiktok.buy(await free_variant(tiktok), is_paid=False)
    unpaid = await order_now(tiktok, number)
    assert (unpaid.status, unpaid.parcels) == (OrderStatus.UNPAID, ())
    await tiktok.step(number, "hold")
    held = await order_now(tiktok, number)
    assert (held.status, held.parcels[0].state) == (OrderStatus.PENDING, ParcelState.WAITING)


async def test_app_without_the_scope_of_times_ships_without_one(tiktok: TiktokShopCase) -> None:
    scopes = [each for each in _scopes() if each != "seller.fulfillment.package.write"]
    await tiktok._control("app", scopes=scopes)
    await tiktok.link()
    refs = parcel_refs(await order_now(tiktok, await tiktok.buy(await free_variant(tiktok))))
    (offer,) = (await tiktok.platform.fulfilment.shipping_options(tiktok.shop, refs)).offers
    assert set(offer.ways) == {HandOver.PICKUP, HandOver.DROPOFF}
    assert offer.addresses[0].slots == ()
    results = await tiktok.platform.fulfilment.ship(tiktok.shop, [Shipment(refs[0], choice_of(offer))])
    assert [each.outcome for each in results] == [Outcome.OK]


def _scopes() -> list[str]:
    return [
        *("seller.authorization.info", "seller.shop.info", "seller.product.basic", "seller.product.write"),
        *("seller.product.delete", "seller.order.info", "seller.fulfillment.basic"),
        *("seller.fulfillment.package.write", "seller.logistics", "seller.return_refund.basic"),
        "seller.finance.info",
    ]


# Prices and stock


async def test_stock_names_every_warehouse(tiktok: TiktokShopCase) -> None:
    variant = await free_variant(tiktok)
    shown = variant.available + variant.reserved
    wire = Counting(tiktok.transport)
    catalogue = build_platforms(wire, utc_now)["tiktok_shop"].catalogue
    await catalogue.push_stock(tiktok.shop, [StockPush(variant.listing, variant.variant, shown + 4, shown)])
    rows = wire.bodies["update"]["skus"][0]["inventory"]
    assert len(rows) == 2
    assert sum(each["quantity"] for each in rows) == shown + 4
    now = await variant_now(tiktok, variant)
    assert now.available + now.reserved == shown + 4
    before = {each.location: each.units for each in now.places}
    names = await catalogue.locations(tiktok.shop)
    assert before.keys() <= names.keys()
    place = list(before)[1]
    await catalogue.push_stock(
        tiktok.shop, [StockPush(variant.listing, variant.variant, shown + 9, shown + 4, place)]
    )
    after = {each.location: each.units for each in (await variant_now(tiktok, variant)).places}
    assert after == before | {place: before[place] + 5}


async def test_price_is_sent_as_text_and_read_back(tiktok: TiktokShopCase) -> None:
    variant = await free_variant(tiktok)
    wire = Counting(tiktok.transport)
    catalogue = build_platforms(wire, utc_now)["tiktok_shop"].catalogue
    await catalogue.push_prices(tiktok.shop, [push_of(tiktok, variant, Decimal("98000.00"))])
    assert wire.bodies["update"]["skus"] == [
        {"id": variant.variant, "price": {"amount": "98000", "currency": "IDR"}}
    ]


# Returns


async def test_return_is_declined_with_a_reason_of_its_own_list(tiktok: TiktokShopCase) -> None:
    number = await returned(tiktok)
    returns = tiktok.platform.returns
    reasons = await returns.dispute_reasons(tiktok.shop, number)
    assert all(each.external_id and each.text and not each.modules for each in reasons)
    foreign = Dispute("because", "", "")
    assert await told(returns.dispute(tiktok.shop, number, foreign)) == (Outcome.REJECTED, "reason_refused")
    dispute = Dispute(reasons[0].external_id, "Barang utuh saat dikemas", "seller@example.com")
    assert await told(returns.dispute(tiktok.shop, number, dispute)) == OK
    assert (await tiktok.true_return(number)).words == dispute.text
    assert (await return_now(tiktok, number)).state is ReturnState.DISPUTED
    assert await told(returns.dispute(tiktok.shop, number, dispute)) == (Outcome.REJECTED, "already_disputed")
    with pytest.raises(UnsupportedByPlatform):
        await returns.upload_picture(tiktok.shop, number, b"\x89PNG")


async def test_goods_come_back_before_the_money_goes(tiktok: TiktokShopCase) -> None:
    number = await returned(tiktok)
    while (await return_now(tiktok, number)).solution is not Solution.RETURN_AND_REFUND:
        number = await returned(tiktok)
    returns = tiktok.platform.returns
    assert await told(returns.accept(tiktok.shop, number)) == OK
    assert (await return_now(tiktok, number)).state is ReturnState.ACCEPTED
    await tiktok._control(f"returns/{number}/send_back")
    coming = await return_now(tiktok, number)
    assert (coming.state, coming.is_back) == (ReturnState.COMING_BACK, False)
    assert await told(returns.accept(tiktok.shop, number)) == OK
    taken_in = await return_now(tiktok, number)
    assert (taken_in.state, taken_in.is_back) == (ReturnState.CLOSED, True)


async def test_what_the_platform_judges_is_not_answered_and_buyers_make_no_offers(
    tiktok: TiktokShopCase,
) -> None:
    number = await returned(tiktok)
    returns = tiktok.platform.returns
    assert await told(returns.accept_offer(tiktok.shop, number)) == (Outcome.REJECTED, "no_offer")
    await tiktok.return_step(number, "judge")
    assert (await return_now(tiktok, number)).state is ReturnState.JUDGING
    some = Money(Decimal(1000), "IDR")
    for answer in (
        returns.accept(tiktok.shop, number),
        returns.offer(tiktok.shop, number, Solution.REFUND, some),
    ):
        assert await told(answer) == (Outcome.REJECTED, "being_judged")


# What is absent, and the probe


async def test_what_is_not_claimed_refuses_without_a_request(tiktok: TiktokShopCase) -> None:
    absent = set(Can) - INFOS["tiktok_shop"].can
    assert absent == {
        Can.RECALL_PUSHES,
        Can.EDIT_LISTINGS,
        Can.CANCEL_UNITS,
        Can.ASK_FOR_ADDRESS,
        Can.TELL_LOCKS,
        Can.TELL_FAILED_LABELS,
        Can.HEAR_OFFERS,
        Can.CHECK_GOODS,
        Can.PROVE_DISPUTES,
        Can.NOTE_ORDERS,
        Can.READ_STANDING,
        Can.READ_REVIEWS,
        Can.ANSWER_REVIEWS,
        Can.BOOST_LISTINGS,
        Can.LIST_AUTHORISATIONS,
        Can.SWITCH_HOLIDAY,
    }
    wire = Counting(tiktok.transport)
    platform, shop = build_platforms(wire, utc_now)["tiktok_shop"], tiktok.shop
    assert platform.listing_writes is None
    assert platform.holidays is None
    units = (LineUnits("1", "2", 1),)
    for refused in (
        platform.linking.fetch_authorisations(tiktok.app),
        platform.hooks.lost(tiktok.app),
        platform.hooks.confirm_lost(tiktok.app, "1"),
        platform.hooks.push_health(tiktok.app),
        platform.order_actions.cancel(
            shop, Cancellation("1", CancelReason.OUT_OF_STOCK, units, is_partial=True)
        ),
        platform.order_actions.set_note(shop, "1", "gift"),
        platform.standing.fetch_standing(shop),
        platform.reviews.reviews(shop, ""),
        platform.reviews.fetch_review(shop, "1"),
        platform.reviews.reply(shop, "1", "terima kasih"),
    ):
        with pytest.raises(UnsupportedByPlatform):
            await refused
    assert wire.paths == []


async def test_the_simulator_answers_as_documented(tiktok: TiktokShopCase) -> None:
    variant = await free_variant(tiktok)
    await tiktok.buy(variant)
    await tiktok.complete(await tiktok.buy(variant))
    assert tiktok.platform.probing
    calls = await tiktok.platform.probing.probe(tiktok.shop)
    assert len(calls) >= 15
    assert {each.operation: each.differences for each in calls if each.differences} == {}
    left = {each.operation: (each.asked, each.reason) for each in calls if each.asked is not Asked.ANSWERED}
    assert left == {}
    assert verdict(calls) == 0


async def test_probe_tells_names_and_never_values(tiktok: TiktokShopCase) -> None:
    class Planting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await tiktok.transport.handle_async_request(request)
            if not request.url.path.endswith("/orders"):
                return response
            answer = json.loads(await response.aread())
            answer["data"]["orders"][0] |= {"shelf": "Siti Rahma 0812", "status": "SLEEPING"}
            del answer["data"]["orders"][0]["payment"]
            return httpx.Response(200, json=answer)

    probing = build_platforms(Planting(), utc_now)["tiktok_shop"].probing
    assert probing
    calls = {each.operation: each for each in await probing.probe(tiktok.shop)}
    found = {(each.kind.value, each.path) for each in calls["get_orders"].differences}
    assert found == {
        ("new field", "data.orders[].shelf"),
        ("new word", "data.orders[].status"),
        ("gone", "data.orders[].payment"),
    }
    assert "Siti" not in str(calls)


async def test_another_shops_cipher_is_none_of_ours(tiktok: TiktokShopCase) -> None:
    foreign = replace(tiktok.shop, external_id="7496000000000000321")
    with pytest.raises(RequestRejected) as caught:
        await tiktok.platform.catalogue.listings_changed(foreign, None, "")
    assert caught.value.reason == "shop_not_granted"
