"""The contract of fulfilment: parcels offered, arranged once, numbered, and their labels."""

import io
from collections.abc import Sequence

import pytest
from pypdf import PdfReader

from domain.orders import OrderStatus, ParcelState
from domain.platform import (
    Can,
    HandOver,
    LabelFile,
    LabelRequest,
    Labels,
    Need,
    Outcome,
    ParcelRef,
    ParcelResult,
    Shipment,
    ShippingChoice,
    ShippingOffer,
    parcel_refs,
)
from tests.contract.case import Fault, PlatformCase
from tests.contract.test_platform import free_variant, order_now

LOOKS = 5
"""So often a label in the making is asked for."""


async def buy_parcels(case: PlatformCase, *couriers: str) -> list[ParcelRef]:
    """Let a buyer buy once a courier; return the parcels as orders name them."""
    variant = await free_variant(case)
    refs: list[ParcelRef] = []
    for courier in couriers:
        number = await case.buy(variant, courier=courier)
        refs += parcel_refs(await order_now(case, number))
    return refs


def choice_of(offer: ShippingOffer) -> ShippingChoice:
    """Choose as a seller in a hurry: the courier comes where he comes, at the time that is recommended."""
    way = HandOver.PICKUP if HandOver.PICKUP in offer.ways else next(iter(offer.ways))
    address = offer.addresses[0] if offer.addresses else None
    slots = [slot for slot in (address.slots if address else ()) if slot.is_recommended]
    return ShippingChoice(
        way,
        address_id=address.external_id if address else "",
        slot_id=slots[0].external_id if slots else "",
        branch_id=offer.branches[0].external_id if offer.branches else "",
    )


async def arrange(case: PlatformCase, refs: Sequence[ParcelRef]) -> list[ParcelResult]:
    options = await case.platform.fulfilment.shipping_options(case.shop, refs)
    shipments = [
        Shipment(parcel, choice_of(offer), "TOKO-0001" if HandOver.OWN in offer.ways else "")
        for offer in options.offers
        for parcel in offer.parcels
    ]
    return list(await case.platform.fulfilment.ship(case.shop, shipments))


async def numbers_of(case: PlatformCase, refs: Sequence[ParcelRef]) -> dict[ParcelRef, str]:
    return {each.parcel: each.number for each in await case.platform.fulfilment.tracking(case.shop, refs)}


async def labels_of(case: PlatformCase, refs: Sequence[ParcelRef]) -> Labels:
    """Ask for labels until none is waited for any more; return all that came."""
    numbers = await numbers_of(case, refs)
    asked = [LabelRequest(each, numbers[each]) for each in refs]
    files, refused = list[LabelFile](), list[ParcelResult]()
    for _ in range(LOOKS):
        told = await case.platform.fulfilment.labels(case.shop, asked)
        files += told.files
        refused += told.refused
        asked = [LabelRequest(each, numbers[each], is_ordered=True) for each in told.waiting]
        if not asked:
            break
    return Labels(tuple(files), tuple(each.parcel for each in asked), tuple(refused))


def outcomes(results: Sequence[ParcelResult]) -> list[tuple[str, Outcome, str]]:
    return [(each.parcel.external_id, each.outcome, each.reason) for each in results]


async def test_orders_bring_what_packing_needs(case: PlatformCase) -> None:
    assert {Can.SHIP, Can.PRINT_LABELS} <= case.platform.info.can
    variant = await free_variant(case)
    number = await case.buy(variant, courier="GoSend Instant")
    true = (await case.parcels(number))[0]
    order = await order_now(case, number)
    seen = order.parcels[0]
    assert seen.external_id == true.number
    assert seen.courier == (true.courier if case.names_courier_first else "")
    assert (seen.state, seen.is_instant) == (ParcelState.TO_ARRANGE, True)
    assert seen.courier_id
    assert order.ship_by
    lines = [(each.listing_external_id, each.variant_external_id, each.quantity) for each in seen.lines]
    assert lines == [(variant.listing, variant.variant, 1)]


@pytest.mark.needs(Can.CHOOSE_HANDOVER)
async def test_each_parcel_is_offered_the_ways_of_its_courier(case: PlatformCase) -> None:
    refs = await buy_parcels(
        case, "J&T Express", "JNE Reguler", "J&T Express", "Kurir Toko", "GoSend Instant"
    )
    options = await case.platform.fulfilment.shipping_options(case.shop, refs)
    assert options.refused == ()
    offers = {tuple(refs.index(each) for each in offer.parcels): offer for offer in options.offers}
    assert {key: offer.ways for key, offer in offers.items()} == {
        (0, 2): {HandOver.PICKUP: {Need.ADDRESS, Need.SLOT}, HandOver.DROPOFF: frozenset()},
        (1,): {HandOver.DROPOFF: {Need.BRANCH} if case.counters else frozenset()},
        (3,): {HandOver.OWN: {Need.TRACKING_NUMBER}},
        (4,): {HandOver.PICKUP: {Need.ADDRESS}},
    }
    address = offers[0, 2].addresses[0]
    assert (address.external_id, address.is_default) == (case.pickup_place[0], True)
    assert case.pickup_place[1] in address.text.title()
    assert [slot.is_recommended for slot in address.slots].count(True) == 1
    assert all(slot.day and slot.text and slot.external_id for slot in address.slots)
    assert [branch.external_id for branch in offers[1,].branches] == list(case.counters)
    assert offers[4,].addresses[0].slots == ()


@pytest.mark.needs(Can.CHOOSE_HANDOVER)
async def test_arranged_parcels_are_arranged_once_and_numbered(case: PlatformCase) -> None:
    refs = await buy_parcels(
        case, "J&T Express", "J&T Express", "JNE Reguler", "Kurir Toko", "GoSend Instant"
    )
    assert {(outcome, reason) for _, outcome, reason in outcomes(await arrange(case, refs))} == {
        (Outcome.OK, "")
    }
    truth = {ref: (await case.parcels(ref.order_external_id))[0].tracking_number for ref in refs}
    assert all(truth.values())
    assert len(set(truth.values())) == len(refs)
    assert await numbers_of(case, refs) == truth
    assert truth[refs[3]] == "TOKO-0001"
    order = await order_now(case, refs[0].order_external_id)
    assert (order.status, order.parcels[0].state) == (OrderStatus.ARRANGED, ParcelState.ARRANGED)
    codes = {
        each.parcel: each.pickup_code
        for each in await case.platform.fulfilment.tracking(case.shop, refs)
        if each.pickup_code
    }
    assert list(codes) == ([refs[4]] if case.pickup_codes else [])


async def test_what_is_arranged_already_is_well(case: PlatformCase) -> None:
    refs = await buy_parcels(case, "J&T Express", "J&T Express")
    options = await case.platform.fulfilment.shipping_options(case.shop, refs)
    shipments = [Shipment(each, choice_of(options.offers[0])) for each in refs]
    for batch in (shipments[:1], shipments, shipments):
        results = await case.platform.fulfilment.ship(case.shop, batch)
        assert [(each.outcome, each.reason) for each in results] == [(Outcome.OK, "")] * len(batch)
    numbers = await numbers_of(case, refs)
    await case.platform.fulfilment.ship(case.shop, shipments)
    assert await numbers_of(case, refs) == numbers


async def test_parcels_of_one_order_go_by_themselves(case: PlatformCase) -> None:
    first = await free_variant(case)
    second = next(
        each
        for each in await case.variants()
        if each.listing == first.listing and each.variant != first.variant and each.available > 0
    )
    number = await case.buy(first, second)
    await case.split(number)
    refs = parcel_refs(await order_now(case, number))
    assert [each.is_split for each in refs] == [True, True]
    assert outcomes(await arrange(case, refs[:1])) == [(refs[0].external_id, Outcome.OK, "")]
    states = [each.state for each in (await order_now(case, number)).parcels]
    assert states == [ParcelState.ARRANGED, ParcelState.TO_ARRANGE]
    await arrange(case, refs[1:])
    assert (await order_now(case, number)).status is OrderStatus.ARRANGED


@pytest.mark.needs(Can.CHOOSE_HANDOVER)
async def test_each_refused_parcel_has_its_own_reason(case: PlatformCase) -> None:
    good, called_off, late = await buy_parcels(case, *["J&T Express"] * 3)
    options = await case.platform.fulfilment.shipping_options(case.shop, [good, called_off, late])
    choice = choice_of(options.offers[0])
    await case.buyer_cancels(called_off.order_external_id)
    stranger = ParcelRef("250101NOSUCH01", "OFG000000000000000", good.courier_id, good.place)
    gone = ShippingChoice(HandOver.PICKUP, choice.address_id, case.gone_slot)
    results = await case.platform.fulfilment.ship(
        case.shop,
        [
            Shipment(good, choice),
            Shipment(called_off, choice),
            Shipment(stranger, choice),
            Shipment(late, gone),
        ],
    )
    assert {each.parcel: (each.outcome, each.reason) for each in results} == {
        good: (Outcome.OK, ""),
        called_off: (Outcome.REJECTED, "cancelled"),
        stranger: (Outcome.REJECTED, "not_found"),
        late: (Outcome.REJECTED, "slot_gone"),
    }
    assert not (await case.parcels(late.order_external_id))[0].tracking_number


@pytest.mark.needs(Can.CHOOSE_HANDOVER)
async def test_a_choice_must_be_complete_and_of_the_courier(case: PlatformCase) -> None:
    bare, own, foreign = await buy_parcels(case, "J&T Express", "Kurir Toko", "JNE Reguler")
    results = await case.platform.fulfilment.ship(
        case.shop,
        [
            Shipment(bare, ShippingChoice(HandOver.PICKUP)),
            Shipment(own, ShippingChoice(HandOver.OWN)),
            Shipment(foreign, ShippingChoice(HandOver.PICKUP, case.pickup_place[0], case.gone_slot)),
        ],
    )
    assert {each.parcel: each.reason for each in results} == {
        bare: "choice_incomplete",
        own: "choice_incomplete",
        foreign: case.foreign_way,
    }


async def test_order_kept_back_has_no_offer_yet(case: PlatformCase) -> None:
    number = await case.buy(await free_variant(case), is_paid=False)
    await case.step(number, "hold")
    refs = parcel_refs(await order_now(case, number))
    options = await case.platform.fulfilment.shipping_options(case.shop, refs)
    assert options.offers == ()
    assert outcomes(options.refused) == [(refs[0].external_id, Outcome.REJECTED, "not_ready")]


@pytest.mark.parametrize("fault", ["timeout_after", "timeout_before", "server_error", "html", "broken_json"])
async def test_arranging_without_a_usable_answer_is_of_unknown_fate(case: PlatformCase, fault: Fault) -> None:
    refs = await buy_parcels(case, "J&T Express", "J&T Express")
    options = await case.platform.fulfilment.shipping_options(case.shop, refs)
    await case.break_next(fault, "shipping")
    platform = case.impatient if fault.startswith("timeout") else case.platform
    results = await platform.fulfilment.ship(
        case.shop, [Shipment(each, choice_of(options.offers[0])) for each in refs]
    )
    assert [each.outcome for each in results] == [Outcome.UNKNOWN, Outcome.UNKNOWN]
    arranged = [(await case.parcels(each.order_external_id))[0].tracking_number != "" for each in refs]
    assert arranged == [fault == "timeout_after"] * 2


async def test_number_that_is_not_there_yet_is_empty(case: PlatformCase) -> None:
    await case.hold_numbers(held=True)
    refs = await buy_parcels(case, "J&T Express")
    await arrange(case, refs)
    assert await numbers_of(case, refs) == {refs[0]: ""}
    await case.hold_numbers(held=False)
    assert (await numbers_of(case, refs))[refs[0]]
    stranger = ParcelRef("250101NOSUCH01", "OFG000000000000000")
    assert stranger not in await numbers_of(case, [*refs, stranger])


async def test_labels_are_ordered_made_and_fetched_by_courier(case: PlatformCase) -> None:
    refs = await buy_parcels(case, "J&T Express", "JNE Reguler", "J&T Express")
    await arrange(case, refs)
    if case.makes_labels:
        asked = [LabelRequest(ref, number) for ref, number in (await numbers_of(case, refs)).items()]
        first = await case.platform.fulfilment.labels(case.shop, asked)
        assert (first.files, set(first.waiting), first.refused) == ((), set(refs), ())
    again = await labels_of(case, refs)
    assert (again.waiting, again.refused) == ((), ())
    assert sorted(parcel for each in again.files for parcel in each.parcels) == sorted(refs)
    for each in again.files:
        assert len({parcel.courier_id for parcel in each.parcels}) == 1
        assert len(PdfReader(io.BytesIO(each.content)).pages) == len(each.parcels)


@pytest.mark.needs(Can.TELL_FAILED_LABELS)
async def test_label_that_failed_is_told_and_ordered_anew(case: PlatformCase) -> None:
    refs = await buy_parcels(case, "J&T Express", "J&T Express")
    await arrange(case, refs)
    await case.fail_labels(1)
    labels = await labels_of(case, refs)
    assert [(each.outcome, each.reason) for each in labels.refused] == [(Outcome.REJECTED, "label_failed")]
    assert len(labels.files) == 1
    after = await labels_of(case, refs)
    assert (after.waiting, after.refused) == ((), ())
    assert sorted(each for file in after.files for each in file.parcels) == sorted(refs)


async def test_label_of_what_is_not_arranged_is_refused(case: PlatformCase) -> None:
    refs = await buy_parcels(case, "J&T Express")
    stranger = ParcelRef("250101NOSUCH01", "OFG000000000000000", refs[0].courier_id)
    asked = [LabelRequest(refs[0], "JX1"), LabelRequest(stranger, "JX2")]
    labels = await case.platform.fulfilment.labels(case.shop, asked)
    assert {each.parcel: each.reason for each in labels.refused} == {
        refs[0]: "not_printable",
        stranger: "not_found",
    }
    assert (labels.files, labels.waiting) == ((), ())
