"""Prices: what may be proposed, by whom, and what becomes of older proposals."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.caps import Cap
from domain.changes import ChangeState
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.events import EventKind
from domain.people import Role
from domain.queue import Task
from domain.tickets import Action
from tests.factories import DAY, HOUR, listing_snapshot, money
from tests.integration.services.house import House


async def test_a_proposal_waits_with_the_price_seen_in_the_shop(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(119000)
    change = proposal.prices[0].change
    assert (change.before, change.after, change.state) == (money(129000), money(119000), ChangeState.PENDING)
    assert change.expires_at == house.clock() + DAY
    assert (proposal.requested_by_name, proposal.needs_typing) == ("Sari", False)
    assert [each.id for each in await house.services.prices.waiting(house.owner)] == [proposal.id]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "price_not_positive"),
        ("-119000", "price_not_positive"),
        ("119000.5", "price_wrong_decimals"),
        ("129000", "price_no_change"),
        ("1000000000000", "price_too_large"),
        ("99999", "price_below_floor"),
    ],
)
async def test_a_price_that_a_guard_forbids_leaves_no_trace(
    sqlite_house: House, amount: str, code: str
) -> None:
    house = sqlite_house
    await house.stocked()
    await house.services.prices.set_floor(house.owner, (await house.shown()).variant_id, Decimal(100000))
    with pytest.raises(InputError) as refused:
        await house.propose(amount)
    assert refused.value.code == code
    assert await house.services.prices.waiting(house.owner) == []


async def test_the_floor_itself_may_be_asked_for_and_a_floor_can_be_taken_away(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    variant_id = (await house.shown()).variant_id
    card = await house.services.prices.set_floor(house.owner, variant_id, Decimal(100000))
    assert card.variant.floor == money(100000)
    assert (await house.propose(100000)).prices[0].change.after == money(100000)
    card = await house.services.prices.set_floor(house.owner, variant_id, None)
    assert card.variant.floor is None
    assert (await house.propose(99999)).prices[0].change.after == money(99999)


@pytest.mark.parametrize(("floor", "code"), [("0", "price_not_positive"), ("1.5", "price_wrong_decimals")])
async def test_a_floor_must_be_a_price(sqlite_house: House, floor: str, code: str) -> None:
    house = sqlite_house
    await house.stocked()
    with pytest.raises(InputError) as refused:
        await house.services.prices.set_floor(house.owner, (await house.shown()).variant_id, Decimal(floor))
    assert refused.value.code == code


async def test_the_same_command_twice_makes_one_proposal(house: House) -> None:
    await house.stocked()
    first = await house.propose(119000, key="inbox:7")
    again = await house.propose(118000, key="inbox:7")
    assert (again.id, again.prices[0].change.after) == (first.id, money(119000))
    assert len(await house.services.prices.waiting(house.owner)) == 1


async def test_the_newest_proposal_supersedes_the_older_ones(house: House) -> None:
    await house.stocked()
    older = await house.propose(119000)
    newer = await house.propose(118000)
    assert [each.id for each in await house.services.prices.waiting(house.owner)] == [newer.id]
    change = await house.change(older.prices[0].change.id)
    assert (change.state, change.ended_at) == (ChangeState.SUPERSEDED, house.clock())
    assert {"proposal_id": older.id} in await house.told(EventKind.PROPOSAL_MOVED)
    with pytest.raises(Conflict) as refused:
        await house.press(older, Action.APPROVE)
    assert (refused.value.code, refused.value.params["state"]) == ("decided", ChangeState.SUPERSEDED)


async def test_a_proposal_supersedes_what_is_approved_but_not_sent(house: House) -> None:
    _, truth = await house.stocked()
    approved = await house.approved(119000)
    newer = await house.propose(118000)
    assert (await house.apply(approved)).state is ChangeState.SUPERSEDED
    await house.press(newer, Action.APPROVE)
    await house.work_off()
    assert truth.price("900001") == money(118000)


async def test_a_proposal_leaves_other_variants_alone(sqlite_house: House) -> None:
    house = sqlite_house
    kettle = listing_snapshot("900002", title="Teko listrik 1 L")
    await house.stocked(listing_snapshot(), kettle)
    lamp, pot = await house.shown("Lampu"), await house.shown("Teko")
    for shown in (lamp, pot):
        await house.services.prices.propose(house.owner, shown.variant_id, Decimal(99000), shown.id)
    waiting = await house.services.prices.waiting(house.owner)
    assert {each.prices[0].change.listing_variant_id for each in waiting} == {lamp.id, pot.id}


async def test_a_variant_in_two_shops_is_priced_in_both_by_one_card(house: House) -> None:
    _, first = await house.stocked()
    _, second = await house.stocked(listing_snapshot("700001", title="Lampu ekspor"), external_id="600012")
    await house.sell_as_one("900001", "700001")
    second.set_price("700001", money(119000))
    await house.services.sync.fetch_listings(await house.shop_of("600012"), ["700001"])
    proposal = await house.propose(119000)
    assert [each.shop.external_id for each in proposal.prices] == ["600011"]
    both = await house.propose(110000)
    assert sorted(each.shop.external_id for each in both.prices) == ["600011", "600012"]
    await house.press(both, Action.APPROVE)
    await house.work_off()
    assert (first.price("900001"), second.price("700001")) == (money(110000), money(110000))


async def test_an_unknown_or_foreign_variant_cannot_be_priced(house: House) -> None:
    await house.stocked()
    stranger = await house.found("Budi", 4712)
    variant_id = (await house.shown()).variant_id
    for visitor, asked in ((house.owner, "0" * 16), (stranger, variant_id)):
        with pytest.raises(NotFound) as unknown:
            await house.services.prices.propose(visitor, asked, Decimal(119000), "k")
        assert unknown.value.code == "variant_unknown"
    proposal = await house.propose(119000)
    with pytest.raises(NotFound) as unseen:
        await house.services.prices.proposal(stranger, proposal.id)
    assert unseen.value.code == "proposal_unknown"
    with pytest.raises(NotFound):
        await house.services.prices.set_floor(stranger, variant_id, Decimal(1000))
    assert await house.services.prices.waiting(stranger) == []


async def test_roles_hold_for_asking_and_for_floors(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    viewer = await house.join("Vina", 4720, Role.VIEWER)
    packer = await house.join("Paul", 4721, Role.PACKER)
    with pytest.raises(NotAllowed):
        await house.propose(119000, by=viewer)
    with pytest.raises(NotAllowed):
        await house.services.prices.set_floor(packer, (await house.shown()).variant_id, Decimal(1000))
    assert (await house.propose(119000, by=packer)).requested_by_name == "Paul"


async def test_a_proposal_not_decided_within_a_day_expires(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(119000)
    house.clock.advance(DAY - timedelta(seconds=1))
    assert await house.services.applying.due() == []
    assert await house.services.prices.waiting(house.owner)
    house.clock.advance(timedelta(seconds=1))
    assert await house.services.prices.waiting(house.owner) == []
    change = proposal.prices[0].change
    assert await house.services.applying.due() == [(change.seller_id, change.id)]
    assert (await house.apply(change)).state is ChangeState.EXPIRED
    assert {"proposal_id": proposal.id} in await house.told(EventKind.PROPOSAL_MOVED)


async def test_a_late_approval_is_refused_before_the_sweep_came_by(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE)
    house.clock.advance(DAY + HOUR)
    with pytest.raises(NotAllowed) as refused:
        await house.services.buttons.press(house.owner, data, 1)
    assert refused.value.code == "button_expired"
    with pytest.raises(Conflict):
        await house.services.prices.type_amount(house.owner, proposal.id, Decimal(119000))
    assert house.queue.take(Task.APPLY_CHANGE) == []


# Beyond the limit


async def test_a_change_beyond_the_limit_needs_the_amount_typed_by_a_lone_owner(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(80000)
    assert proposal.needs_typing
    assert proposal.excess
    assert (proposal.excess.cap, proposal.excess.limit) == (Cap.CHANGE, Decimal(30))
    await house.press(proposal, Action.APPROVE)
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.PENDING
    with pytest.raises(InputError) as slip:
        await house.services.prices.type_amount(house.owner, proposal.id, Decimal(8000))
    assert slip.value.code == "amount_differs"
    assert house.queue.take(Task.APPLY_CHANGE) == []
    typed = await house.services.prices.type_amount(house.owner, proposal.id, Decimal(80000))
    change = typed.prices[0].change
    assert (change.state, change.approved_by) == (ChangeState.APPROVED, "4711")
    assert house.queue.take(Task.APPLY_CHANGE) == [(change.seller_id, change.id)]


@pytest.mark.parametrize("amount", [90300, 167700])
async def test_a_change_of_exactly_the_limit_is_one_tap(sqlite_house: House, amount: int) -> None:
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(amount)
    assert not proposal.needs_typing
    await house.press(proposal, Action.APPROVE)
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.APPROVED


@pytest.mark.parametrize("amount", [90299, 167701])
async def test_one_rupiah_more_than_the_limit_is_not(sqlite_house: House, amount: int) -> None:
    house = sqlite_house
    await house.stocked()
    assert (await house.propose(amount)).needs_typing


async def test_the_limit_is_the_sellers_own(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    await house.limit_percent(5)
    assert (await house.propose(119000)).needs_typing
    await house.limit_percent(50)
    assert not (await house.propose(80000)).needs_typing


async def test_with_a_second_manager_the_asker_may_neither_tap_nor_type(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(80000)
    assert not proposal.needs_typing
    with pytest.raises(NotAllowed) as tapped:
        await house.press(proposal, Action.APPROVE)
    assert (tapped.value.code, tapped.value.params["names"]) == ("second_person", ("Budi",))
    with pytest.raises(NotAllowed) as typed:
        await house.services.prices.type_amount(house.owner, proposal.id, Decimal(80000))
    assert typed.value.code == "second_person"
    await house.press(proposal, Action.APPROVE, by=second)
    change = await house.change(proposal.prices[0].change.id)
    assert (change.state, change.requested_by, change.approved_by) == (ChangeState.APPROVED, "4711", "4712")


async def test_the_owner_may_tap_what_a_packer_asked_for(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    packer = await house.join("Paul", 4721, Role.PACKER)
    proposal = await house.propose(80000, by=packer)
    assert not proposal.needs_typing
    with pytest.raises(NotAllowed) as refused:
        await house.services.prices.type_amount(packer, proposal.id, Decimal(80000))
    assert refused.value.code == "role"
    await house.press(proposal, Action.APPROVE)
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.APPROVED


async def test_typing_twice_is_refused_with_who_decided(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(80000)
    await house.services.prices.type_amount(house.owner, proposal.id, Decimal(80000))
    with pytest.raises(Conflict) as decided:
        await house.services.prices.type_amount(house.owner, proposal.id, Decimal(80000))
    assert (decided.value.code, decided.value.params["who"]) == ("decided", "Sari")
