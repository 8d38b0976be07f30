"""What Lazada alone has: units, parcels without a number, three levels of success, tokens that stay, and what it lacks."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from adapters.lazada.hosts import API, api_url
from adapters.registry import INFOS
from domain.clock import utc_now
from domain.errors import FateUnknown, RequestRejected, TokenRevoked, UnsupportedByPlatform
from domain.orders import OrderStatus, ParcelState
from domain.platform import (
    Can,
    HandOver,
    HintKind,
    LabelRequest,
    Outcome,
    ParcelRef,
    ParcelResult,
    Shipment,
    ShippingChoice,
    StockPush,
)
from domain.platform.probing import Asked
from domain.returns import ReturnState, Solution
from domain.shops import ShopAccess
from services.grants import fetch_grants
from services.probing import verdict
from tests.contract.case import PlatformCase
from tests.contract.lazada_case import HOME_SHOP, LazadaCase, lazada_case
from tests.contract.test_platform import REDIRECT, free_variant, hints_until, order_now, variant_now
from tests.contract.test_platform_fulfilment import arrange, buy_parcels, choice_of, numbers_of
from tests.contract.test_platform_returns import objection, return_now, returned, told

OK = (Outcome.OK, "")
SISTER = "100056776"
DROPPED = ShippingChoice(HandOver.DROPOFF)


@pytest.fixture
async def lazada() -> AsyncIterator[LazadaCase]:
    async with lazada_case() as running:
        yield running


class Counting(httpx.AsyncBaseTransport):
    """Counts what leaves, by path."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.asked: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked[request.url.path.removeprefix("/rest")] += 1
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@contextlib.asynccontextmanager
async def counted_case() -> AsyncIterator[tuple[LazadaCase, Counting]]:
    counts: list[Counting] = []

    def counted(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        counts.append(Counting(inner))
        return counts[-1]

    async with lazada_case(counted) as case:
        yield case, counts[0]


# Linking


async def refresh_leaves_the_token_and_its_end(case: PlatformCase) -> None:
    """Hold what a refresh does here, whatever wire lies between."""
    pair = case.shop.credentials
    for _ in range(2):
        fresh = await case.platform.linking.refresh(case.app, case.shop.external_id, pair.refresh_token)
        assert timedelta() < fresh.expires_at - utc_now() <= case.access_lasts
        assert fresh.access_token != pair.access_token
        assert fresh.refresh_token == pair.refresh_token
        assert fresh.refresh_expires_at
        assert pair.refresh_expires_at
        assert abs(fresh.refresh_expires_at - pair.refresh_expires_at) < timedelta(seconds=30)
        assert (await case.platform.linking.fetch_shop(replace(case.shop, credentials=fresh))).is_usable


async def test_refresh_leaves_the_token_and_its_end(lazada: LazadaCase) -> None:
    await refresh_leaves_the_token_and_its_end(lazada)
    both = await asyncio.gather(
        *(
            lazada.platform.linking.refresh(lazada.app, HOME_SHOP, lazada.shop.credentials.refresh_token)
            for _ in range(2)
        )
    )
    assert len({each.access_token for each in both}) == 2
    await lazada.break_next("timeout_after", "refresh")
    with pytest.raises(FateUnknown):
        await lazada.impatient.linking.refresh(lazada.app, HOME_SHOP, lazada.shop.credentials.refresh_token)
    await refresh_leaves_the_token_and_its_end(lazada)
    await lazada._control("app", subscribed=True)
    with pytest.raises(TokenRevoked):  # bound to a subscription: the seller consents again
        await lazada.platform.linking.refresh(lazada.app, HOME_SHOP, lazada.shop.credentials.refresh_token)


async def test_consents_are_tried_and_those_across_borders_refused(lazada: LazadaCase) -> None:
    page = lazada.platform.linking.authorize_url(lazada.app, redirect_url=REDIRECT, state="s")
    grants, refused = await fetch_grants(lazada.platform, lazada.app, await lazada.consent(page), "ID")
    assert [(each.snapshot.name, each.snapshot.region) for each in grants] == [("Rumah Kita", "ID")]
    assert refused == []
    with pytest.raises(RequestRejected) as caught:
        await fetch_grants(lazada.platform, lazada.app, await lazada.consent(page, many_shops=True), "ID")
    assert caught.value.reason == "shops_share_tokens"
    with pytest.raises(RequestRejected):
        await lazada.platform.linking.exchange_code(lazada.app, {"error": "access_denied"})


def test_each_market_has_its_host_and_a_stand_in_has_one(lazada: LazadaCase) -> None:
    official = replace(lazada.app, api_url=API["SG"])
    assert {api_url(official, region) for region in API} == set(API.values())
    assert api_url(official, "") == API["SG"]
    assert {api_url(lazada.app, region) for region in ("ID", "TH")} == {lazada.app.api_url}


async def sister(case: LazadaCase) -> ShopAccess:
    """Link the shop in Malaysia, which has two warehouses."""
    code = (await case._control("authorise", account=f"shop:{SISTER}"))["code"]
    granted = await case.platform.linking.exchange_code(case.app, {"code": code})
    access = ShopAccess(case.app, SISTER, "", "", granted[0].credentials)
    shop = await case.platform.linking.fetch_shop(access)
    return replace(access, region=shop.region, currency=shop.currency)


async def test_several_warehouses_are_set_each_and_one_is_not_named(lazada: LazadaCase) -> None:
    shop = await sister(lazada)
    assert (shop.region, shop.currency) == ("MY", "MYR")
    catalogue = lazada.platform.catalogue
    page = await catalogue.listings_changed(shop, None, "")
    listing = (await catalogue.fetch_listings(shop, page.ids[:1]))[0]
    variant = listing.variants[0]
    held = variant.available + variant.reserved
    for units, expected in ((held + 9, held), (2, held + 9)):
        (result,) = await catalogue.push_stock(
            shop, [StockPush(listing.external_id, variant.external_id, units, expected)]
        )
        assert (result.outcome, result.reason) == OK
        seen = (await catalogue.fetch_listings(shop, [listing.external_id]))[0].variants[0]
        assert seen.available + seen.reserved == units
    before = {each.location: each.units for each in seen.places}
    place = list(before)[1]
    push = StockPush(listing.external_id, variant.external_id, 8, 2, place)
    await catalogue.push_stock(shop, [push])
    seen = (await catalogue.fetch_listings(shop, [listing.external_id]))[0].variants[0]
    assert {each.location: each.units for each in seen.places} == before | {place: before[place] + 6}
    assert await catalogue.locations(shop) == {}


# Goods


async def test_what_is_occupied_is_left_out_of_what_is_set(lazada: LazadaCase) -> None:
    """Setting the whole stock would sell what open orders hold once more."""
    variant = await free_variant(lazada)
    await lazada.buy(variant, units=2)
    held = await variant_now(lazada, variant)
    push = StockPush(variant.listing, variant.variant, 10, held.available + held.reserved)
    await lazada.platform.catalogue.push_stock(lazada.shop, [push])
    assert (await variant_now(lazada, variant)).available == 10


async def test_campaign_keeps_units_back_and_a_sale_changes_what_buyers_pay(lazada: LazadaCase) -> None:
    variant = await free_variant(lazada)
    until = int((utc_now() + timedelta(hours=2)).timestamp())
    await lazada.hold_stock(variant, 1, until)
    seen = await variant_now(lazada, variant)
    assert (seen.available, seen.reserved) == (variant.available - 1, 1)
    assert seen.price.locked_until is None
    on_sale = next(each for each in await lazada.variants() if each.buyer_pays < each.price)
    price = (await variant_now(lazada, on_sale)).price
    assert (price.listed.amount, price.buyer_pays.amount) == (on_sale.price, on_sale.buyer_pays)


# Orders and parcels


async def test_units_are_folded_and_their_ids_kept_and_heads_are_read_once() -> None:
    async with counted_case() as (case, counting):
        variant = await free_variant(case)
        numbers = [await case.buy(variant, units=3) for _ in range(3)]
        for _ in range(2):
            seen = await case.platform.orders.fetch_orders(case.shop, numbers)
        assert [(each.lines[0].quantity, len(set(each.lines[0].unit_ids))) for each in seen] == [(3, 3)] * 3
        assert (counting.asked["/orders/items/get"], counting.asked["/order/get"]) == (2, 3)
        order = seen[0]
        assert order.parcels[0].external_id == min(order.lines[0].unit_ids, key=int)


async def test_parcel_keeps_its_number_from_before_it_is_packed(lazada: LazadaCase) -> None:
    (ref,) = await buy_parcels(lazada, "J&T Express")
    await arrange(lazada, [ref])
    after = await order_now(lazada, ref.order_external_id)
    assert [each.external_id for each in after.parcels] == [ref.external_id]
    assert after.parcels[0].courier == "J&T Express"


async def test_ways_are_those_of_the_platform(lazada: LazadaCase) -> None:
    refs = await buy_parcels(lazada, "J&T Express", "GoSend Instant", "Kurir Toko")
    options = await lazada.platform.fulfilment.shipping_options(lazada.shop, refs)
    assert [(each.parcels, dict(each.ways)) for each in options.offers] == [
        ((refs[0],), {HandOver.DROPOFF: frozenset()}),
        ((refs[1],), {HandOver.DROPOFF: frozenset()}),
        ((refs[2],), {}),
    ]
    sent = await lazada.platform.fulfilment.ship(
        lazada.shop, [Shipment(refs[2], ShippingChoice(HandOver.OWN), "1")]
    )
    assert [(each.outcome, each.reason) for each in sent] == [(Outcome.REJECTED, "choice_refused")]


async def test_each_refused_parcel_says_why_and_the_others_go(lazada: LazadaCase) -> None:
    good, called_off, asked = await buy_parcels(lazada, *["J&T Express"] * 3)
    await lazada.buyer_cancels(called_off.order_external_id)
    await lazada.step(asked.order_external_id, "ask_cancel")
    stranger = ParcelRef("1", "2", good.courier_id, good.place)
    sent = await lazada.platform.fulfilment.ship(
        lazada.shop, [Shipment(each, DROPPED) for each in (good, called_off, stranger, asked)]
    )
    assert {each.parcel: (each.outcome, each.reason) for each in sent} == {
        good: OK,
        called_off: (Outcome.REJECTED, "cancelled"),
        stranger: (Outcome.REJECTED, "not_found"),
        asked: (Outcome.REJECTED, "cancelled"),
    }
    order = await order_now(lazada, good.order_external_id)
    assert (order.status, order.parcels[0].state) == (OrderStatus.ARRANGED, ParcelState.ARRANGED)
    assert await numbers_of(lazada, [good]) == {good: order.parcels[0].tracking_number}


async def test_what_was_packed_and_not_told_ready_is_told_ready_alone(lazada: LazadaCase) -> None:
    (ref,) = await buy_parcels(lazada, "J&T Express")
    fault = {"kind": "error", "path": "/rest/order/package/rts", "error": "IopSystemFlowlimit"}
    await lazada._control("faults", **fault)
    sent = await lazada.platform.fulfilment.ship(lazada.shop, [Shipment(ref, DROPPED)])
    assert [each.outcome for each in sent] == [Outcome.UNKNOWN]
    packed = await order_now(lazada, ref.order_external_id)
    assert (packed.status, packed.raw_status) == (OrderStatus.TO_SHIP, "packed")
    assert packed.parcels[0].tracking_number
    before = await packed_times(lazada)
    assert await lazada.platform.fulfilment.ship(lazada.shop, [Shipment(ref, DROPPED)]) == [
        ParcelResult(ref, Outcome.OK)
    ]
    assert await packed_times(lazada) == before == 1
    assert (await order_now(lazada, ref.order_external_id)).status is OrderStatus.ARRANGED


async def packed_times(case: LazadaCase) -> int:
    calls = (await case._http.get("/control/calls")).json()["calls"]
    return sum(each["path"].endswith("/order/fulfill/pack") for each in calls)


async def test_fifty_parcels_take_few_calls() -> None:
    async with counted_case() as (case, counting):
        refs = await buy_parcels(case, *["J&T Express"] * 50)
        counting.asked.clear()
        options = await case.platform.fulfilment.shipping_options(case.shop, refs)
        shipments = [Shipment(each, choice_of(options.offers[0])) for each in refs]
        sent = await case.platform.fulfilment.ship(case.shop, shipments)
        assert {each.outcome for each in sent} == {Outcome.OK}
        asked = [LabelRequest(each, "") for each in refs]
        labels = await case.platform.fulfilment.labels(case.shop, asked)
        assert sum(len(each.parcels) for each in labels.files) == 50
        assert counting.asked.total() <= 25, counting.asked


# What comes back


async def test_wish_to_cancel_is_declined_with_a_reason_of_its_list(lazada: LazadaCase) -> None:
    number = await lazada.buy(await free_variant(lazada))
    await lazada.step(number, "ask_cancel")
    assert (await order_now(lazada, number)).status is OrderStatus.CANCEL_ASKED
    result = await lazada.platform.order_actions.answer_cancellation(lazada.shop, number, is_accepted=False)
    assert (result.outcome, result.reason) == OK
    calls = (await lazada._http.get("/control/calls")).json()["calls"]
    decided = [each["params"] for each in calls if each["path"].endswith("/seller/decide")]
    assert decided[-1]["reason_code"] == "10100001"


async def test_return_is_refunded_refused_or_left_to_the_platform(lazada: LazadaCase) -> None:
    returns = lazada.platform.returns
    whole = await a_return(lazada, Solution.RETURN_AND_REFUND)
    on_offer = await returns.solutions(lazada.shop, whole)
    assert [(each.solution, each.least, each.most) for each in on_offer] == [(Solution.REFUND, None, None)]
    assert await told(returns.offer(lazada.shop, whole, Solution.REFUND, None)) == OK
    assert (await return_now(lazada, whole)).state is ReturnState.CLOSED

    refused = await a_return(lazada, Solution.RETURN_AND_REFUND, units=2)
    dispute = await objection(lazada, refused)
    assert dispute.reason_external_id
    assert await told(returns.dispute(lazada.shop, refused, dispute)) == OK
    assert (await lazada.true_return(refused)).words == dispute.text
    assert (await return_now(lazada, refused)).state is ReturnState.DISPUTED
    assert await told(returns.accept(lazada.shop, refused)) == (Outcome.REJECTED, "already_disputed")

    judged, checked = await returned(lazada), await a_return(lazada, Solution.RETURN_AND_REFUND)
    await lazada.return_step(judged, "judge")
    await lazada.return_step(checked, "warehouse")
    assert (await return_now(lazada, judged)).state is ReturnState.JUDGING
    assert (await return_now(lazada, checked)).is_decided_elsewhere
    assert await told(returns.accept(lazada.shop, judged)) == (Outcome.REJECTED, "being_judged")
    assert await told(returns.accept(lazada.shop, checked)) == (Outcome.REJECTED, "decided_elsewhere")

    kept = await a_return(lazada, Solution.REFUND, units=2)
    assert list(await returns.dispute_reasons(lazada.shop, kept)) == []  # it would ask for pictures
    assert await told(returns.accept(lazada.shop, kept)) == OK
    assert (await return_now(lazada, kept)).state is ReturnState.CLOSED


async def a_return(case: LazadaCase, solution: Solution, *, units: int = 1) -> str:
    """Let buyers send something back until one wants what is looked for; why they do is drawn."""
    for _ in range(30):
        number = await returned(case, units=units)
        if (await return_now(case, number)).solution is solution:
            return number
    raise AssertionError(f"nobody wants a {solution}")


# Pushes, the probe, and what is missing


async def test_each_unit_is_pushed_and_equal_pushes_have_one_key(lazada: LazadaCase) -> None:
    await lazada.listen()
    number = await lazada.buy(await free_variant(lazada), units=2)
    hints = [await hints_until(lazada, HintKind.ORDER) for _ in range(4)]
    assert {each.ids for found in hints for each in found} == {(number,)}
    assert len({each.event_key for found in hints for each in found}) == 4


async def test_probe_asks_everything_and_finds_nothing_new(lazada: LazadaCase) -> None:
    refs = await buy_parcels(lazada, "J&T Express", "J&T Express")
    await arrange(lazada, refs[:1])
    assert lazada.platform.probing
    calls = await lazada.platform.probing.probe(lazada.shop)
    assert [each.operation for each in calls if each.asked is not Asked.ANSWERED] == []
    assert [each for each in calls if each.differences] == []
    assert verdict(calls) == 0


async def test_what_is_absent_is_refused_unsent(lazada: LazadaCase) -> None:
    can = INFOS["lazada"].can
    assert not can & {
        Can.READ_REVIEWS,
        Can.READ_STANDING,
        Can.NOTE_ORDERS,
        Can.SWITCH_HOLIDAY,
        Can.RECALL_PUSHES,
        Can.OPEN_MANY_SHOPS,
        Can.SPEND_REFRESH,
        Can.TELL_LOST_CONSENT,
        Can.CHOOSE_HANDOVER,
        Can.OFFER_PARTS,
        Can.PROVE_DISPUTES,
    }
    platform = lazada.platform
    absent = (
        lambda: platform.standing.fetch_standing(lazada.shop),
        lambda: platform.reviews.reviews(lazada.shop, ""),
        lambda: platform.order_actions.set_note(lazada.shop, "1", "x"),
        lambda: platform.returns.upload_picture(lazada.shop, "1", b""),
        lambda: platform.linking.fetch_authorisations(lazada.app),
        lambda: platform.hooks.lost(lazada.app),
        lambda: platform.hooks.push_health(lazada.app),
    )
    for call in absent:
        with pytest.raises(UnsupportedByPlatform):
            await call()
