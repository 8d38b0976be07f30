"""Returns: read by hints and a slow poll, told once, answered once, disputed with proof, reminded of in time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.actions import LOOKS, NO_EFFECT, ActionState
from domain.chats import Visitor
from domain.errors import Conflict, FateUnknown, InputError, NotAllowed, PlatformUnavailable, WritesPaused
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.people import Role
from domain.platform import HintKind
from domain.queue import Task
from domain.return_actions import ReturnAction, ReturnActionKind
from domain.returns import Return, ReturnLine, ReturnState, Solution
from domain.shops import Shop
from domain.tickets import Action
from services import retention
from services.pausing import pause_in
from services.return_actions import ReturnActionService
from services.return_reading import EVERY
from services.returns import ReturnFilter
from services.send_once import LEASE
from services.views import Pressed, PressResult
from storage.leases import release_all
from storage.repositories.return_actions import ReturnActions
from storage.tables.returns import return_action
from tests.factories import money, order_line, order_snapshot
from tests.fakes.platform import SLUG, FakeShop
from tests.fakes.returns import JPEG, FakeReturns
from tests.integration.services.house import MESSAGE, House

NUMBER = "260302A1B2C3D4"
HOUR = timedelta(hours=1)
EMAIL = "sari@shop.example"
OWN_WORDS = "Lampu menyala saat dikemas.\nKardusnya utuh."


class Desk:
    """A shop with one sold order, and the person who looks after its returns."""

    def __init__(self, house: House, shop: Shop, truth: FakeShop) -> None:
        self.house = house
        self.shop = shop
        self.truth = truth
        self.number = ""

    @property
    def role(self) -> FakeReturns:
        return self.house.bazaar.returns

    @property
    def acts(self) -> ReturnActionService:
        return self.house.services.return_actions

    async def asked(self, **facts: object) -> Return:
        """Let the buyer ask, and the poll find it."""
        seen = self.role.ask(self.truth, NUMBER, **facts)
        self.number = seen.external_id
        await self.poll()
        return await self.back()

    async def poll(self) -> int:
        self.house.clock.advance(EVERY)
        return await self.house.services.return_reading.poll_due(self.shop.id)

    async def fetch(self) -> int:
        return await self.house.services.return_reading.fetch(self.shop, [self.number])

    async def back(self) -> Return:
        for wanted in ReturnFilter:
            page = await self.house.services.returns.page(self.house.owner, wanted)
            if page.rows:
                return_id = page.rows[0].head.return_id
                card = await self.house.services.returns.card(self.house.owner.seller_id, return_id)
                return card.back
        raise AssertionError("there is no return")

    async def told(self, kind: EventKind) -> int:
        return len(await self.house.told(kind))

    async def press(
        self, action: Action, *, by: Visitor | None = None, draft: ReturnAction | None = None
    ) -> Pressed:
        visitor, back = by or self.house.owner, await self.back()
        doing = await self.acts.of(visitor.seller_id, back.id)
        about = (draft.id, draft.version) if draft else (back.id, doing.version)
        data = await self.house.services.buttons.token(visitor.view.id, action, *about, Role.VIEWER)
        return await self.house.services.buttons.press(visitor, data, MESSAGE)

    async def latest(self) -> ReturnAction:
        back = await self.back()
        found = (await self.acts.of(back.seller_id, back.id)).latest
        assert found
        return found

    async def act(self) -> ReturnAction:
        latest = await self.latest()
        await self.house.services.return_sending.act(latest.seller_id, latest.id)
        return await self.latest()

    async def due(self) -> list[str]:
        return [action_id for _, action_id in await self.house.services.return_sending.due()]

    async def objection(self, *, pictures: int = 1) -> ReturnAction:
        """Put an objection together up to its confirmation."""
        back, owner = await self.back(), self.house.owner
        reasons = await self.acts.reasons(owner, back.id)
        draft = await self.acts.object_to(owner, back.id, reasons[0].external_id)
        for _ in range(pictures):
            draft = await self.acts.add_picture(owner, draft.id, JPEG)
        draft = await self.acts.go_on(owner, draft.id, len(draft.proofs))
        return await self.acts.answer_to(owner, draft.id, EMAIL)


async def desk_with(house: House) -> Desk:
    shop, truth = await house.stocked()
    sold = order_snapshot(NUMBER, OrderStatus.DELIVERED, lines=(order_line(2),), total=money(258000))
    truth.place(sold)
    await house.services.orders.record(shop, [sold])
    desk = Desk(house, shop, truth)
    await desk.poll()
    return desk


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> Desk:
    return await desk_with(house)


@pytest_asyncio.fixture(loop_scope="session")
async def light_desk(sqlite_house: House) -> Desk:
    return await desk_with(sqlite_house)


def lost(operation: str) -> FateUnknown:
    return FateUnknown(platform=SLUG, operation=operation, reason="timeout")


async def test_a_return_is_kept_as_it_is_and_told_once(desk: Desk) -> None:
    back = await desk.asked()
    assert back.snapshot == desk.role.kept[desk.number]
    assert await desk.told(EventKind.RETURN_ASKED) == 1
    await desk.poll()
    assert await desk.fetch() == 0
    assert (await desk.told(EventKind.RETURN_ASKED), (await desk.back()).version) == (1, 1)
    desk.role.move(desk.number, ReturnState.JUDGING)
    assert await desk.poll() == 1
    moved = await desk.back()
    assert (moved.id, moved.snapshot.state, moved.version) == (back.id, ReturnState.JUDGING, 2)
    old = replace(back.snapshot, digest="of an older time")
    assert await desk.house.services.returns.record(desk.shop, [old]) == 0
    assert (await desk.told(EventKind.RETURN_ASKED), await desk.told(EventKind.RETURN_MOVED)) == (1, 0)


async def test_what_the_platform_does_not_name_is_called_as_it_was_ordered(light_desk: Desk) -> None:
    line = ReturnLine("900001", "1", "", "LAMP-12W", 2, money(129000))
    back = await light_desk.asked(lines=(line, replace(line, sku="OTHER", variant_external_id="2")))
    ordered = light_desk.truth.orders[NUMBER].lines[0]
    assert (ordered.sku, ordered.title) == ("LAMP-12W", "Lampu LED E27 12W")
    assert [each.title for each in back.snapshot.lines] == ["Lampu LED E27 12W", "OTHER"]


async def test_a_pushed_hint_reads_the_return_and_the_poll_finds_what_was_lost(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    seen = desk.role.ask(desk.truth, NUMBER)
    pushed = house.bazaar.push(house.app, HintKind.RETURN, desk.shop.external_id, seen.external_id)
    await house.services.inbound.receive_hook(SLUG, house.app.id, *pushed)
    assert await house.services.hints.work_off() == 1
    assert (await desk.back()).snapshot.external_id == seen.external_id
    desk.role.ask(desk.truth, NUMBER)
    assert await desk.poll() == 1
    page = await house.services.returns.page(house.owner, ReturnFilter.TO_ANSWER)
    assert page.counts[ReturnFilter.TO_ANSWER] == 2
    assert {row.tail for row in page.rows} == {NUMBER[-5:]}
    assert seen.due
    assert page.first_due == seen.due
    assert await desk.told(EventKind.RETURN_ASKED) == 2


async def test_what_was_asked_before_the_link_is_told_to_nobody(light_desk: Desk) -> None:
    await light_desk.asked(created_at=light_desk.shop.linked_at - HOUR)
    assert await light_desk.told(EventKind.RETURN_ASKED) == 0


async def test_an_offer_of_the_buyer_rings_anew_and_is_taken_once(desk: Desk) -> None:
    await desk.asked()
    desk.role.move(
        desk.number, ReturnState.ASKED, offered=money(90000), offered_solution=Solution.REFUND, is_buyers_offer=True
    )  # fmt: skip
    await desk.poll()
    await desk.poll()
    assert await desk.told(EventKind.RETURN_ASKED) == 2
    pressed = await desk.press(Action.TAKE_RETURN_OFFER)
    assert pressed.result is PressResult.RETURN_ANSWERED
    assert (await desk.act()).state is ActionState.DONE
    assert (await desk.back()).snapshot.refund == money(90000)
    assert desk.role.done == [("accept_offer", desk.number)]


async def test_a_refund_is_accepted_once_and_audited(desk: Desk) -> None:
    back = await desk.asked()
    pressed = await desk.press(Action.ACCEPT_RETURN)
    assert (pressed.result, pressed.object_id) == (PressResult.RETURN_ANSWERED, back.id)
    asked = await desk.latest()
    assert (asked.kind, asked.state, asked.was) == (
        ReturnActionKind.ACCEPT,
        ActionState.READY,
        ReturnState.ASKED,
    )
    assert desk.house.queue.take(Task.ACT_ON_RETURN) == [(asked.seller_id, asked.id)]
    assert desk.role.done == []
    doing = await desk.acts.of(back.seller_id, back.id)
    assert doing.may == frozenset()
    assert (await desk.act()).state is ActionState.DONE
    assert ((await desk.back()).snapshot.state, await desk.due()) == (ReturnState.CLOSED, [])
    await desk.act()
    assert desk.role.done == [("accept", desk.number)]
    audited = [each for each in await desk.house.audited() if each.startswith("return.")]
    assert audited == ["return.accept.asked", "return.accept.done"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PACKER])
async def test_who_does_not_manage_neither_accepts_nor_disputes(light_desk: Desk, role: Role) -> None:
    desk = light_desk
    back = await desk.asked()
    person = await desk.house.join("Budi", 4712, role)
    with pytest.raises(NotAllowed):
        await desk.press(Action.ACCEPT_RETURN, by=person)
    with pytest.raises(NotAllowed):
        await desk.acts.reasons(person, back.id)
    with pytest.raises(NotAllowed):
        await desk.acts.offer(person, back.id, Solution.REFUND, money(1000))
    assert desk.role.done == []


async def test_a_dispute_carries_its_photo_and_forgets_the_address(desk: Desk) -> None:
    await desk.asked()
    draft = await desk.objection()
    assert draft.missing is None
    with pytest.raises(InputError, match="dispute_long"):
        await desk.acts.put_in_words(desk.house.owner, draft.id, "x" * 501)
    draft = await desk.acts.put_in_words(desk.house.owner, draft.id, f" {OWN_WORDS}\n")
    await desk.press(Action.DISPUTE_RETURN, draft=draft)
    assert (await desk.act()).state is ActionState.DONE
    assert (await desk.back()).snapshot.state is ReturnState.DISPUTED
    [picture] = desk.role.proof[desk.number]
    assert desk.role.uploaded[picture] == JPEG
    sent = desk.role.disputes[desk.number]
    assert (sent.email, sent.text) == (EMAIL, OWN_WORDS)
    back = await desk.back()
    assert (await desk.acts.of(back.seller_id, back.id)).own_words == OWN_WORDS
    kept = await desk.house.database.read(lambda conn: conn.scalars(select(return_action.c.email)).all())
    assert list(kept) == [""]
    with pytest.raises(Conflict):
        await desk.press(Action.DISPUTE_RETURN, draft=draft)


async def test_a_proof_that_is_asked_for_cannot_be_passed_over(light_desk: Desk) -> None:
    desk, owner = light_desk, light_desk.house.owner
    back = await desk.asked()
    draft = await desk.acts.object_to(owner, back.id, "50")
    assert [each.is_required for each in draft.proofs] == [True, False]
    assert (await desk.acts.go_on(owner, draft.id, 2)).step == 0
    for _ in range(3):
        draft = await desk.acts.add_picture(owner, draft.id, JPEG)
    with pytest.raises(InputError, match="proof_full"):
        await desk.acts.add_picture(owner, draft.id, JPEG)
    assert (await desk.acts.go_on(owner, draft.id, 2)).step == 2
    for bad in ("no address", "a@b", "x" * 130 + "@shop.example", "a@b.c\n"):
        with pytest.raises(InputError, match="email_unreadable"):
            await desk.acts.answer_to(owner, draft.id, bad)
    other = await desk.house.join("Ann", 4712, Role.MANAGER)
    with pytest.raises(Conflict):
        await desk.acts.draft(other, draft.id)


async def test_an_offer_is_made_within_its_bounds_and_reminds_nobody_while_it_waits(desk: Desk) -> None:
    back = await desk.asked()
    owner = desk.house.owner
    [money_alone] = [each for each in await desk.acts.offers(owner, back.id) if each.most]
    assert money_alone.most == back.snapshot.refund
    with pytest.raises(InputError, match="offer_range"):
        await desk.acts.offer(owner, back.id, Solution.REFUND, money(258001))
    draft = await desk.acts.offer(owner, back.id, Solution.REFUND, money(100000))
    await desk.press(Action.MAKE_RETURN_OFFER, draft=draft)
    assert (await desk.act()).state is ActionState.DONE
    seen = (await desk.back()).snapshot
    assert (seen.offered, seen.waits_for_buyer, seen.due) == (money(100000), True, None)


async def test_a_deadline_is_reminded_of_twice_and_never_once_it_is_answered(desk: Desk) -> None:
    back = await desk.asked()
    assert back.snapshot.answer_by
    left = back.snapshot.answer_by - desk.house.clock()
    another = desk.house.another()  # as after a restart
    desk.house.clock.advance(left - 25 * HOUR)
    assert await desk.house.services.returns.remind() == 0
    desk.house.clock.advance(2 * HOUR)
    assert (await desk.house.services.returns.remind(), await another.returns.remind()) == (1, 0)
    desk.house.clock.advance(20.5 * HOUR)
    assert (await another.returns.remind(), await desk.house.services.returns.remind()) == (1, 0)
    assert await desk.told(EventKind.RETURN_DUE) == 2
    desk.house.clock.advance(HOUR)
    assert await desk.house.services.returns.remind() == 0


async def test_a_return_answered_in_time_reminds_nobody(light_desk: Desk) -> None:
    await light_desk.asked()
    light_desk.role.move(light_desk.number, ReturnState.ACCEPTED)
    await light_desk.poll()
    light_desk.house.clock.advance(timedelta(days=3))
    assert await light_desk.house.services.returns.remind() == 0


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("action", [Action.ACCEPT_RETURN, Action.DISPUTE_RETURN])
async def test_a_crash_between_call_and_answer_never_sends_it_twice(
    desk: Desk,
    action: Action,
    is_done: bool,  # noqa: FBT001
) -> None:
    operation = "accept" if action is Action.ACCEPT_RETURN else "dispute"
    await desk.asked()

    async def confirm() -> None:
        draft = await desk.objection() if action is Action.DISPUTE_RETURN else None
        await desk.press(action, draft=draft)

    await confirm()
    gate = desk.house.bazaar.hold(operation, is_done=is_done)
    worker = asyncio.create_task(desk.act())
    await gate.reached.wait()
    worker.cancel()
    await asyncio.wait({worker})
    assert ((await desk.latest()).state, await desk.due()) == (ActionState.SENDING, [])
    if is_done:
        await desk.house.database.write(lambda conn: release_all(conn, desk.house.clock()), "t")
    else:
        desk.house.clock.advance(LEASE)
    for _ in LOOKS:
        await desk.act()
        desk.house.clock.advance(max(LOOKS))
    ended = await desk.latest()
    assert desk.house.bazaar.calls[operation] == 1
    if is_done:
        assert ended.state is ActionState.DONE
        return
    assert (ended.state, ended.refusal) == (ActionState.REFUSED, NO_EFFECT)
    await confirm()  # a person tries again
    assert (await desk.act()).state is ActionState.DONE
    assert desk.role.done == [(operation, desk.number)]


async def test_a_lost_answer_is_read_back_and_a_refusal_is_told(light_desk: Desk) -> None:
    desk = light_desk
    await desk.asked()
    desk.house.bazaar.fail("accept", lost("accept"), is_done=True)
    await desk.press(Action.ACCEPT_RETURN)
    assert (await desk.act()).state is ActionState.DONE
    assert desk.house.bazaar.calls["accept"] == 1


async def test_what_the_platform_refuses_says_why(light_desk: Desk) -> None:
    desk = light_desk
    await desk.asked()
    await desk.press(Action.ACCEPT_RETURN)
    desk.role.keep(replace(desk.role.kept[desk.number], is_decided_elsewhere=True))
    refused = await desk.act()
    assert (refused.state, refused.refusal) == (ActionState.REFUSED, "decided_elsewhere")


async def test_what_surely_did_nothing_is_tried_again_by_itself(light_desk: Desk) -> None:
    desk = light_desk
    await desk.asked()
    down = PlatformUnavailable(platform=SLUG, operation="accept", reason="http_503")
    desk.house.bazaar.fail("accept", down)
    await desk.press(Action.ACCEPT_RETURN)
    assert (await desk.act()).state is ActionState.READY
    desk.house.clock.advance(HOUR)
    assert (await desk.act()).state is ActionState.DONE


async def test_nothing_leaves_in_a_pause_nor_what_a_backup_remembers(light_desk: Desk) -> None:
    desk, owner = light_desk, light_desk.house.owner
    back = await desk.asked()
    draft = await desk.acts.object_to(owner, back.id, "51")
    await desk.press(Action.ACCEPT_RETURN)
    await desk.house.database.write(
        lambda conn: pause_in(conn, owner.seller_id, "4711", desk.house.clock()), "t"
    )
    assert (await desk.act()).state is ActionState.READY
    assert await desk.due() == []
    writes = await desk.house.services.pausing.look(owner)
    assert writes.returns == 1
    with pytest.raises(WritesPaused):
        await desk.acts.add_picture(owner, draft.id, JPEG)
    await desk.house.database.write(lambda conn: ReturnActions.only_look(conn, desk.house.clock()), "t")
    assert (await desk.act()).state is ActionState.UNKNOWN
    assert desk.role.done == []


async def test_buyers_are_forgotten_with_their_returns_and_drafts_with_their_day(light_desk: Desk) -> None:
    desk, owner = light_desk, light_desk.house.owner
    back = await desk.asked()
    await desk.acts.object_to(owner, back.id, "51")
    desk.house.clock.advance(retention.DRAFTS + HOUR)
    gone = await desk.house.services.retention.once()
    assert (gone["drafts"], gone["returns"]) == (1, 0)
    desk.role.move(desk.number, ReturnState.CLOSED)
    await desk.fetch()
    desk.house.clock.advance(retention.BUYERS + HOUR)
    assert (await desk.house.services.retention.once())["returns"] == 1
    seen = (await desk.back()).snapshot
    assert (seen.buyer_name, seen.buyer_says, seen.photos, seen.refund) == ("", "", (), back.snapshot.refund)
    assert (await desk.house.services.retention.once())["returns"] == 0


async def test_a_button_of_a_return_that_moved_on_does_nothing(light_desk: Desk) -> None:
    desk = light_desk
    back = await desk.asked()
    doing = await desk.acts.of(back.seller_id, back.id)
    owner = desk.house.owner
    data = await desk.house.services.buttons.token(
        owner.view.id, Action.ACCEPT_RETURN, back.id, doing.version, Role.MANAGER
    )
    desk.role.move(desk.number, ReturnState.JUDGING)
    await desk.fetch()
    with pytest.raises(Conflict, match="moved_on"):
        await desk.house.services.buttons.press(owner, data, MESSAGE)
