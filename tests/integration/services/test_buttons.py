"""Buttons with a right behind them: once, by who may, where they were shown, while the thing is as shown."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.changes import ChangeState
from domain.errors import Conflict, NotAllowed, NotFound, StoreSyncError
from domain.people import Role
from domain.queue import Task
from domain.tickets import Action
from services.views import Pressed, PressResult
from storage.tables.changes import change as change_rows
from tests.factories import DAY, HOUR
from tests.integration.services.house import MESSAGE, House, pressed_in


async def test_the_same_card_has_the_same_button_however_often_it_is_drawn(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(119000)
    first = await house.button(proposal, Action.APPROVE)
    assert await house.button(proposal, Action.APPROVE) == first
    assert await house.button(proposal, Action.REJECT) != first
    other = await house.services.buttons.token(
        house.owner.view.id, Action.APPROVE, proposal.id, proposal.version + 1, Role.MANAGER
    )
    assert other != first
    assert len(first.encode()) <= 64


async def test_a_card_drawn_twice_at_once_has_one_button(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(119000)
    drawn = await asyncio.gather(*(house.button(proposal, Action.APPROVE) for _ in range(8)))
    assert len(set(drawn)) == 1
    await house.services.buttons.press(house.owner, drawn[0], MESSAGE)


async def test_twenty_presses_at_once_have_one_effect(house: House) -> None:
    _, truth = await house.stocked()
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE)
    people = [await house.join(f"M{number}", 5000 + number, Role.MANAGER) for number in range(3)]
    at_card = [house.owner, *(pressed_in(house.owner, each) for each in people)]
    results = await asyncio.gather(
        *(house.services.buttons.press(at_card[number % 4], data, MESSAGE) for number in range(20)),
        return_exceptions=True,
    )
    assert results.count(Pressed(PressResult.APPROVED, proposal.id)) == 1
    lost = [each for each in results if not isinstance(each, Pressed)]
    assert {type(each) for each in lost} == {Conflict}
    assert {each.code for each in lost if isinstance(each, Conflict)} <= {
        "button_used",
        "moved_on",
        "decided",
    }
    assert len(house.queue.take(Task.APPLY_CHANGE)) == 1
    change = proposal.prices[0].change
    await asyncio.gather(*(house.services.applying.apply(change.seller_id, change.id) for _ in range(5)))
    assert house.bazaar.calls["push_prices"] == 1
    assert truth.price("900001").amount == 119000


async def test_of_approve_and_reject_at_once_the_first_committed_wins(house: House) -> None:
    await house.stocked()
    for amount in range(119000, 119005):
        proposal = await house.propose(amount)
        approve, reject = (
            await house.button(proposal, Action.APPROVE),
            await house.button(proposal, Action.REJECT),
        )
        results = await asyncio.gather(
            house.services.buttons.press(house.owner, approve, MESSAGE),
            house.services.buttons.press(house.owner, reject, MESSAGE),
            return_exceptions=True,
        )
        won = [each.result for each in results if isinstance(each, Pressed)]
        assert len(won) == 1
        state = (await house.change(proposal.prices[0].change.id)).state
        assert (
            state
            == {PressResult.APPROVED: ChangeState.APPROVED, PressResult.REJECTED: ChangeState.REJECTED}[
                won[0]
            ]
        )
        assert len(house.queue.take(Task.APPLY_CHANGE)) == (won[0] is PressResult.APPROVED)


async def test_a_used_button_says_who_used_it(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.REJECT)
    await house.services.buttons.press(pressed_in(house.owner, second), data, MESSAGE)
    with pytest.raises(Conflict) as used:
        await house.services.buttons.press(house.owner, data, MESSAGE)
    assert (used.value.code, used.value.params["who"], used.value.params["action"]) == (
        "button_used",
        "Budi",
        Action.REJECT,
    )


async def test_a_decision_in_one_chat_ends_the_buttons_in_the_others(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(119000)
    elsewhere = await house.button(proposal, Action.APPROVE, of=second)
    await house.press(proposal, Action.REJECT)
    with pytest.raises(Conflict) as late:
        await house.services.buttons.press(second, elsewhere, MESSAGE)
    assert late.value.code == "decided"
    assert late.value.params == {"who": "Sari", "state": ChangeState.REJECTED}
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.REJECTED


async def test_a_button_works_only_in_its_view(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    stranger = await house.found("Eve", 6666)
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE)
    for elsewhere in (second, stranger):
        with pytest.raises(NotFound) as refused:
            await house.services.buttons.press(elsewhere, data, MESSAGE)
        assert refused.value.code == "button_unknown"
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.PENDING


async def test_a_press_counts_only_for_who_may(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE)
    for role in (Role.VIEWER, Role.PACKER):
        person = await house.join(role, 7000 + role.rank, role)
        with pytest.raises(NotAllowed) as refused:
            await house.services.buttons.press(pressed_in(house.owner, person), data, MESSAGE)
        assert refused.value.code == "role"
    await house.services.buttons.press(house.owner, data, MESSAGE)


async def test_a_button_may_ask_for_more_than_its_action_does(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal, manager = await house.propose(119000), await house.join("Budi", 4712, Role.MANAGER)
    data = await house.services.buttons.token(
        house.owner.view.id, Action.REJECT, proposal.id, proposal.version, Role.OWNER
    )
    with pytest.raises(NotAllowed) as refused:
        await house.services.buttons.press(pressed_in(house.owner, manager), data, MESSAGE)
    assert refused.value.params["needed"] is Role.OWNER
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.PENDING


async def test_a_button_that_needs_typing_stays_usable_and_bound_to_nothing(house: House) -> None:
    await house.stocked()
    proposal = await house.propose(80000)
    data = await house.button(proposal, Action.APPROVE)
    for message_id in (MESSAGE, MESSAGE + 1):
        pressed = await house.services.buttons.press(house.owner, data, message_id)
        assert pressed == Pressed(PressResult.NEEDS_TYPING, proposal.id)
    assert house.queue.take(Task.APPLY_CHANGE) == []


async def test_a_used_button_is_bound_to_its_message(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE)
    await house.services.buttons.press(house.owner, data, MESSAGE)
    with pytest.raises(NotFound) as elsewhere:
        await house.services.buttons.press(house.owner, data, MESSAGE + 1)
    assert elsewhere.value.code == "button_unknown"


async def test_an_expired_button_is_refused(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(119000)
    data = await house.services.buttons.token(
        house.owner.view.id, Action.APPROVE, proposal.id, proposal.version, Role.MANAGER, ttl=HOUR
    )
    house.clock.advance(HOUR)
    with pytest.raises(NotAllowed) as late:
        await house.services.buttons.press(house.owner, data, MESSAGE)
    assert late.value.code == "button_expired"


async def test_forged_data_is_unknown(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(119000)
    good = await house.button(proposal, Action.APPROVE)
    flipped = good[:-1] + ("A" if good[-1] != "A" else "B")
    forged = ["", "c1:", "n1:home", good[3:], good[:-1], good + "A", good.upper(), flipped, "c1:" + "ก" * 22]
    forged += [
        "c1:" + "A" * 22,
        f"c2:{good[3:]}",
        f" {good}",
        "c1:" + "' OR 1=1 --      "[:22],
        "c1:\x00" + "A" * 21,
    ]
    for data in forged:
        with pytest.raises(NotFound) as unknown:
            await house.services.buttons.press(house.owner, data, MESSAGE)
        assert unknown.value.code == "button_unknown"
    assert (await house.change(proposal.prices[0].change.id)).state is ChangeState.PENDING


async def test_the_token_is_not_in_the_database(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    token = (await house.button(await house.propose(119000), Action.APPROVE))[3:]
    await house.database.close()
    files = house.database.file.parent.glob(f"{house.database.file.name}*") if house.database.file else []
    assert not [path for path in files if token.encode() in path.read_bytes()]


async def test_another_key_makes_another_button(sqlite_house: House) -> None:
    """Whoever reads the tickets still cannot press them: the key is the server's."""
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(119000)
    good = await house.button(proposal, Action.APPROVE)
    house.services.buttons._key = b"another"
    assert await house.button(proposal, Action.APPROVE) != good


# Undo


async def applied(house: House, amount: int = 119000) -> str:
    """Have a price applied; return the id of its proposal."""
    change = await house.approved(amount)
    assert (await house.apply(change)).state is ChangeState.APPLIED
    house.queue.take(Task.APPLY_CHANGE)
    return change.proposal_id


async def test_undo_takes_the_price_back_once(house: House) -> None:
    _, truth = await house.stocked()
    proposal_id = await applied(house)
    done = await house.services.prices.proposal(house.owner, proposal_id)
    assert done.can_be_undone
    pressed = await house.press(done, Action.UNDO)
    assert pressed.result is PressResult.UNDONE
    await house.work_off()
    assert truth.price("900001").amount == 129000
    back = await house.services.prices.proposal(house.owner, pressed.object_id)
    assert not back.can_be_undone
    assert not (await house.services.prices.proposal(house.owner, proposal_id)).can_be_undone
    with pytest.raises(Conflict):
        await house.press(done, Action.UNDO)


async def test_two_chats_that_undo_at_once_undo_once(house: House) -> None:
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    done = await house.services.prices.proposal(house.owner, await applied(house))
    ours, theirs = await house.button(done, Action.UNDO), await house.button(done, Action.UNDO, of=second)
    results = await asyncio.gather(
        house.services.buttons.press(house.owner, ours, MESSAGE),
        house.services.buttons.press(second, theirs, MESSAGE),
        return_exceptions=True,
    )
    assert len([each for each in results if isinstance(each, Pressed)]) == 1
    assert len([each for each in results if isinstance(each, StoreSyncError)]) == 1
    ways_back = select(func.count()).select_from(change_rows).where(change_rows.c.undo_of != "")
    assert await house.database.read(lambda conn: conn.scalar(ways_back)) == 1


async def test_undo_goes_beyond_the_limit_with_one_tap(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    proposal = await house.propose(60000)
    await house.services.prices.type_amount(house.owner, proposal.id, proposal.prices[0].change.after.amount)
    await house.work_off()
    assert truth.price("900001").amount == 60000
    await house.press(await house.services.prices.proposal(house.owner, proposal.id), Action.UNDO)
    await house.work_off()
    assert truth.price("900001").amount == 129000


async def test_undo_never_goes_below_the_floor(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    done = await house.services.prices.proposal(house.owner, await applied(house, 139000))
    await house.services.prices.set_floor(house.owner, done.variant.id, done.prices[0].change.after.amount)
    with pytest.raises(StoreSyncError) as refused:
        await house.press(done, Action.UNDO)
    assert refused.value.code == "price_below_floor"
    assert truth.price("900001").amount == 139000


async def test_undo_never_overwrites_what_somebody_set_meanwhile(house: House) -> None:
    _, truth = await house.stocked()
    done = await house.services.prices.proposal(house.owner, await applied(house))
    truth.set_price("900001", done.prices[0].change.after * 2)
    pressed = await house.press(done, Action.UNDO)
    await house.work_off()
    back = await house.services.prices.proposal(house.owner, pressed.object_id)
    assert back.prices[0].change.state is ChangeState.CONFLICT
    assert truth.price("900001").amount == 238000


@pytest.mark.parametrize(("after", "is_open"), [(DAY - timedelta(seconds=1), True), (DAY, False)])
async def test_undo_is_open_for_a_day(sqlite_house: House, after: timedelta, is_open: bool) -> None:  # noqa: FBT001 - a column of the table above
    house = sqlite_house
    await house.stocked()
    proposal_id = await applied(house)
    done = await house.services.prices.proposal(house.owner, proposal_id)
    house.clock.advance(after)
    assert (await house.services.prices.proposal(house.owner, proposal_id)).can_be_undone is is_open
    if is_open:
        assert (await house.press(done, Action.UNDO)).result is PressResult.UNDONE
    else:
        with pytest.raises(Conflict) as late:
            await house.press(done, Action.UNDO)
        assert late.value.code == "undo_too_late"


async def test_a_failed_undo_may_be_tried_again(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    proposal_id = await applied(house)
    done = await house.services.prices.proposal(house.owner, proposal_id)
    truth.set_price("900001", done.prices[0].change.after * 2)
    await house.press(done, Action.UNDO)
    await house.work_off()
    truth.set_price("900001", done.prices[0].change.after)
    again = await house.services.prices.proposal(house.owner, proposal_id)
    assert again.can_be_undone


async def test_a_button_belongs_to_the_chat_and_whoever_may_presses_it(sqlite_house: House) -> None:
    """Who presses counts, not whose card it was."""
    house = sqlite_house
    await house.stocked()
    second = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(119000)
    data = await house.button(proposal, Action.APPROVE, of=second)
    await house.services.buttons.press(pressed_in(second, house.owner), data, MESSAGE)
    assert (await house.change(proposal.prices[0].change.id)).approved_by == "4711"
