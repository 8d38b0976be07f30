"""Approvals: beyond a limit a second person, whoever is first decides, every chat hears of it."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import delete, update

from domain.caps import Approval, Cap, Excess
from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import Conflict, NotAllowed, NotFound
from domain.events import EventKind
from domain.people import Role
from domain.tickets import Action
from services.views import Onlooker, Pressed, PressResult
from storage.database import Connection
from storage.repositories.changes import Changes
from storage.tables.changes import approval
from storage.tables.chats import view
from storage.tables.people import member
from tests.factories import DAY, HOUR, money
from tests.integration.services.house import MESSAGE, House, pressed_in
from tests.integration.services.pricing import LAMP, SECOND


async def approvals(house: House, change_id: str) -> list[Approval]:
    seller_id = house.owner.seller_id
    return await house.database.read(lambda conn: Changes(conn, seller_id).approvals(change_id))


async def applied(house: House, amount: int) -> str:
    """Have a price within the limits applied; return its proposal."""
    change = await house.approved(amount)
    assert (await house.apply(change)).state is ChangeState.APPLIED
    return change.proposal_id


# Limits


async def test_who_approved_and_when_is_kept(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(80000)
    assert proposal.excess
    assert (proposal.excess.cap, proposal.excess.limit) == (Cap.CHANGE, Decimal(30))
    assert proposal.second_persons == ("Budi",)
    house.clock.advance(HOUR)
    await house.press(proposal, Action.APPROVE, by=second)
    change_id = proposal.prices[0].change.id
    assert await approvals(house, change_id) == [Approval(change_id, "4712", house.clock(), is_typed=False)]
    assert (await house.apply(await house.change(change_id))).state is ChangeState.APPLIED


async def test_a_typed_price_is_kept_as_typed(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(80000)
    await house.services.prices.type_amount(house.owner, proposal.id, proposal.prices[0].change.after.amount)
    change_id = proposal.prices[0].change.id
    assert await approvals(house, change_id) == [Approval(change_id, "4711", house.clock(), is_typed=True)]
    assert (await house.apply(await house.change(change_id))).state is ChangeState.APPLIED


async def test_small_steps_within_a_day_add_up_to_a_limit(house: House) -> None:
    await house.stocked()
    await house.join("Budi", 4712, Role.MANAGER)
    await applied(house, 100000)
    house.clock.advance(HOUR)
    await applied(house, 75000)
    step = await house.propose(64000)
    assert step.excess is not None
    assert (step.excess.cap, step.excess.limit) == (Cap.DAY, Decimal(50))
    assert round(step.excess.reached, 1) == round(-65000 * 100 / money(129000).amount, 1)
    with pytest.raises(NotAllowed) as refused:
        await house.press(step, Action.APPROVE)
    assert refused.value.code == "second_person"
    assert (await house.propose(64500)).excess is None  # half of 129,000 to the rupiah


async def test_a_day_later_the_steps_count_from_the_new_price(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    await applied(house, 100000)
    house.clock.advance(2 * SECOND)
    await applied(house, 75000)
    house.clock.advance(DAY - 2 * SECOND)
    assert (await house.propose(64000)).excess is None
    assert await house.services.prices.waiting(house.owner)
    later = await house.propose(52500 - 2600)
    assert (later.excess is not None, later.prices[0].change.before) == (True, money(75000))


async def test_more_prices_at_once_than_allowed_need_a_second_person(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    await house.join("Budi", 4712, Role.MANAGER)
    await house.limit(items_per_proposal=0)
    proposal = await house.propose(119000)
    assert proposal.excess == Excess(Cap.ITEMS, money(1).amount, money(0).amount)


async def test_undo_is_bound_by_no_limit(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    await house.join("Budi", 4712, Role.MANAGER)
    done = await house.services.prices.proposal(house.owner, await applied(house, 100000))
    await house.limit(percent_per_change=1, percent_per_day=1, items_per_proposal=0)
    assert (await house.press(done, Action.UNDO)).result is PressResult.UNDONE
    await house.work_off()
    assert truth.price(LAMP) == money(129000)


@pytest.mark.parametrize(
    "limits", [{"percent_per_change": 5}, {"percent_per_day": 5}, {"items_per_proposal": 0}]
)
async def test_a_limit_lowered_after_the_approval_stops_the_price(
    sqlite_house: House, limits: dict[str, int]
) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved(119000)
    await house.limit(**limits)
    ended = await house.apply(change)
    assert (ended.state, ended.reason) == (ChangeState.FAILED, "second_person")
    assert truth.price(LAMP) == money(129000)


async def test_an_approval_that_is_not_stored_does_not_count(house: House) -> None:
    """Whatever made a change approved: beyond a limit only a kept word of a second person sends it."""
    _, truth = await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(80000)
    await house.press(proposal, Action.APPROVE, by=second)
    await house.database.write(lambda conn: conn.execute(delete(approval)), "t")
    ended = await house.apply(await house.change(proposal.prices[0].change.id))
    assert (ended.state, ended.reason) == (ChangeState.FAILED, "second_person")
    assert truth.price(LAMP) == money(129000)


# Who presses, and where


async def test_the_role_counts_that_the_presser_has_now(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE, of=second)
    demoted = update(member).where(member.c.user_id == "4712").values(role=Role.PACKER)
    await house.database.write(lambda conn: conn.execute(demoted), "t")
    with pytest.raises(NotAllowed) as refused:
        await house.services.buttons.press(second, data, MESSAGE)
    assert refused.value.params == {"needed": Role.MANAGER, "names": ("Sari",)}
    gone = delete(member).where(member.c.user_id == "4712")
    await house.database.write(lambda conn: conn.execute(gone), "t")
    with pytest.raises(NotAllowed):
        await house.services.buttons.press(second, data, MESSAGE)
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.PENDING


async def test_the_cap_counts_that_the_group_has_now(house: House) -> None:
    await house.stocked()
    group = await house.group()
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE, of=group)
    capped = update(view).where(view.c.id == group.view.id).values(role_cap=Role.PACKER)
    await house.database.write(lambda conn: conn.execute(capped), "t")
    with pytest.raises(NotAllowed) as refused:
        await house.services.buttons.press(group, data, MESSAGE)
    assert refused.value.code == "role"


@pytest.mark.parametrize("thread_id", [None, 7])
async def test_a_price_asked_in_a_chat_is_decided_in_a_group(house: House, thread_id: int | None) -> None:
    _, truth = await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    group = await house.group(thread_id=thread_id)
    proposal = await house.propose(80000)
    assert await house.told(EventKind.PROPOSAL_ASKED, of=group) == [{"proposal_id": proposal.id}]
    data = await house.button(proposal, Action.APPROVE, of=group)
    with pytest.raises(NotFound):
        await house.services.buttons.press(second, data, MESSAGE)
    with pytest.raises(NotAllowed):
        await house.services.buttons.press(group, data, MESSAGE)
    await house.services.buttons.press(pressed_in(group, second), data, MESSAGE)
    await house.work_off()
    assert truth.price(LAMP) == money(80000)
    for told_in in (house.owner, second, group):
        assert {"proposal_id": proposal.id} in await house.told(EventKind.PROPOSAL_MOVED, of=told_in)


async def test_only_where_somebody_else_may_decide_it_rings(house: House) -> None:
    await house.stocked()
    manager, packer = (
        await house.join("Budi", 4712, Role.MANAGER),
        await house.join("Paul", 4721, Role.PACKER),
    )
    group, pack = await house.group(), await house.group(thread_id=3, role_cap=Role.PACKER)
    asked = await house.propose(119000, by=packer)
    kind = EventKind.PROPOSAL_ASKED
    for loud in (house.owner, manager, group):
        assert await house.told(kind, of=loud) == [{"proposal_id": asked.id}]
    for silent in (packer, pack):
        assert await house.told(kind, of=silent) == []


async def test_what_who_asks_may_decide_alone_is_shown_quietly_in_groups_only(house: House) -> None:
    await house.stocked()
    manager = await house.join("Budi", 4712, Role.MANAGER)
    group = await house.group()
    asked = await house.propose(119000)
    assert await house.told(EventKind.PROPOSAL_ASKED, of=group) == [
        {"proposal_id": asked.id, "is_quiet": "1"}
    ]
    assert await house.told(EventKind.PROPOSAL_ASKED, of=manager) == []
    in_group = await house.services.prices.propose(
        group, asked.variant.id, money(118000).amount, "from the group"
    )
    assert {"proposal_id": in_group.id} not in await house.told(EventKind.PROPOSAL_ASKED, of=group)
    assert await house.told(EventKind.PROPOSAL_ASKED) == []


async def test_a_group_hears_and_lists_only_what_waits_in_its_shops(house: House) -> None:
    shop, _ = await house.stocked()
    ours, other = await house.group(), await house.group(thread_id=5)
    shown = {ours.view.id: shop.id, other.view.id: "a1" * 8}

    def narrow(conn: Connection) -> None:
        for view_id, shops in shown.items():
            conn.execute(update(view).where(view.c.id == view_id).values(shops=shops))

    await house.database.write(narrow, "t")
    asked = await house.propose(119000)
    assert len(await house.told(EventKind.PROPOSAL_ASKED, of=ours)) == 1
    assert await house.told(EventKind.PROPOSAL_ASKED, of=other) == []
    lists = {}
    for at in (ours, other):
        seen = replace(at, view=replace(at.view, shops=frozenset({shown[at.view.id]})))
        lists[at.view.id] = [each.id for each in await house.services.prices.waiting(seen)]
    assert lists == {ours.view.id: [asked.id], other.view.id: []}


async def test_a_card_is_drawn_for_who_looks_at_it(house: House) -> None:
    packer = await house.join("Paul", 4721, Role.PACKER)
    group = await house.group(role_cap=Role.MANAGER)

    async def looks(at: Visitor) -> Onlooker:
        return await house.services.prices.onlooker(at.view, at.chat)

    assert await looks(packer) == Onlooker(Role.PACKER, "4721")
    assert await looks(house.owner) == Onlooker(Role.OWNER, "4711")
    assert await looks(group) == Onlooker(Role.MANAGER)
    assert await looks(replace(packer, chat=replace(packer.chat, telegram_id=99))) == Onlooker(
        Role.VIEWER, "99"
    )


# Races


async def test_approve_and_reject_at_once_have_one_winner(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(119000)
    yes = await house.button(proposal, Action.APPROVE)
    no = await house.button(proposal, Action.REJECT, of=second)
    results = await asyncio.gather(
        house.services.buttons.press(house.owner, yes, MESSAGE),
        house.services.buttons.press(second, no, MESSAGE),
        return_exceptions=True,
    )
    [won] = [each for each in results if isinstance(each, Pressed)]
    [lost] = [each for each in results if isinstance(each, Conflict)]
    first, state = ("Sari", "approved") if won.result is PressResult.APPROVED else ("Budi", "rejected")
    assert (lost.code, lost.params) == ("decided", {"who": first, "state": state})
    assert (await house.change(proposal.prices[0].change.id)).state == state


async def test_one_button_pressed_by_two_at_once_says_who_was_first(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    group = await house.group()
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE, of=group)
    results = await asyncio.gather(
        *[
            house.services.buttons.press(pressed_in(group, by), data, MESSAGE)
            for by in (house.owner, second) * 4
        ],
        return_exceptions=True,
    )
    assert len([each for each in results if isinstance(each, Pressed)]) == 1
    lost = [each for each in results if isinstance(each, Conflict)]
    first = (await house.change(proposal.prices[0].change.id)).approved_by
    assert {each.params["who"] for each in lost} == {"Sari" if first == "4711" else "Budi"}
    assert len(lost) == 7


async def test_an_undo_ends_the_button_in_the_other_chats(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal_id = await applied(house, 119000)
    done = await house.services.prices.proposal(house.owner, proposal_id)
    elsewhere = await house.button(done, Action.UNDO, of=second)
    told = len(await house.told(EventKind.PROPOSAL_MOVED, of=second))
    await house.press(done, Action.UNDO)
    first = await house.services.prices.proposal(house.owner, proposal_id)
    assert (first.undone_by_name, first.can_be_undone, first.version) == ("Sari", False, done.version + 1)
    moves = (await house.told(EventKind.PROPOSAL_MOVED, of=second))[told:]
    assert {"proposal_id": proposal_id} in moves
    with pytest.raises(Conflict) as late:
        await house.services.buttons.press(second, elsewhere, MESSAGE)
    assert (late.value.code, late.value.params) == ("button_used", {"who": "Sari", "action": Action.UNDO})


async def test_an_undo_that_did_not_work_is_offered_again_in_every_chat(house: House) -> None:
    _, truth = await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal_id = await applied(house, 119000)
    done = await house.services.prices.proposal(house.owner, proposal_id)
    truth.set_price(LAMP, money(99000))
    await house.press(done, Action.UNDO)
    told = len(await house.told(EventKind.PROPOSAL_MOVED, of=second))
    await house.work_off()
    again = await house.services.prices.proposal(house.owner, proposal_id)
    assert (again.undone_by_name, again.can_be_undone, again.version) == ("", True, done.version + 2)
    assert {"proposal_id": proposal_id} in (await house.told(EventKind.PROPOSAL_MOVED, of=second))[told:]


async def test_an_undo_replaced_by_a_new_price_is_offered_again(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal_id = await applied(house, 119000)
    done = await house.services.prices.proposal(house.owner, proposal_id)
    await house.press(done, Action.UNDO)
    await house.propose(118000)
    assert (await house.services.prices.proposal(house.owner, proposal_id)).version == done.version + 2
