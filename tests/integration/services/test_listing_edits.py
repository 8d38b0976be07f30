"""What a listing says of itself: confirmed by a button, sent once, read back, taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.catalogue import ListingState
from domain.changes import ChangeState
from domain.errors import Conflict, FateUnknown, InputError, NotAllowed, PlatformUnavailable
from domain.events import EventKind
from domain.ids import new_id
from domain.listing_changes import LISTED, UNLISTED, ListingField
from domain.people import Role
from domain.queue import Task
from domain.tickets import Action
from services import listing_applying
from services.listing_applying import ATTEMPTS, LEASE
from services.listing_edits import ListingEdit
from services.products import ProductQuery
from services.views import PressResult
from storage.repositories.pauses import Pauses
from tests.factories import listing_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House

LAMP = "900001"
TITLE = ListingField.TITLE


@pytest.fixture(autouse=True)
def _impatient_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_applying, "LOOKS_S", (0.0, 0.0, 0.0))


class Shelf:
    """A shop with one lamp, and its listing in our books."""

    def __init__(self, house: House, truth: FakeShop, listing_id: str) -> None:
        self.house = house
        self.truth = truth
        self.listing_id = listing_id

    @property
    def says(self) -> str:
        return self.truth.listings[LAMP].title

    async def ask(self, after: str, field: ListingField = TITLE, key: str = "") -> ListingEdit:
        edits = self.house.services.listing_edits
        return await edits.ask(self.house.owner, self.listing_id, field, after, key or new_id())

    async def confirm(self, edit: ListingEdit) -> None:
        view_id, change = self.house.owner.view.id, edit.change
        button = await self.house.services.buttons.token(
            view_id, Action.CONFIRM_EDIT, change.id, change.version, Role.MANAGER
        )
        pressed = await self.house.services.buttons.press(self.house.owner, button, MESSAGE)
        assert (pressed.result, pressed.object_id) == (PressResult.EDIT_CONFIRMED, change.id)

    async def confirmed(self, after: str, field: ListingField = TITLE) -> ListingEdit:
        edit = await self.ask(after, field)
        await self.confirm(edit)
        return edit

    async def apply(self, edit: ListingEdit) -> ListingEdit:
        await self.house.services.listing_applying.apply(edit.change.seller_id, edit.change.id)
        return await self.now(edit)

    async def now(self, edit: ListingEdit) -> ListingEdit:
        return await self.house.services.listing_edits.edit(edit.change.seller_id, edit.change.id)

    async def due(self) -> list[str]:
        return [change_id for _, change_id in await self.house.services.listing_applying.due()]


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(house: House) -> Shelf:
    _, truth = await house.stocked(
        listing_snapshot(LAMP, title="Lampu LED", sku="LMP", description="Hemat", weight="0.2")
    )
    page = await house.services.products.page(house.owner, ProductQuery())
    return Shelf(house, truth, page.rows[0].head.listing.id)


@pytest.mark.parametrize(
    ("field", "after"),
    [
        (TITLE, "Lampu LED E27"),
        (ListingField.DESCRIPTION, "Hemat energi.\nTahan lama."),
        (ListingField.SKU, ""),
        (ListingField.WEIGHT, "0.25"),
    ],
)
async def test_a_confirmed_edit_is_sent_once_and_read_back(
    shelf: Shelf, field: ListingField, after: str
) -> None:
    edit = await shelf.ask(f" {after}\n", field)
    assert (edit.change.state, shelf.house.bazaar.calls["push_listing"]) == (ChangeState.PENDING, 0)
    await shelf.confirm(edit)
    assert shelf.house.queue.take(Task.APPLY_LISTING) == [(edit.change.seller_id, edit.change.id)]
    done = await shelf.apply(edit)
    assert (done.change.state, done.change.seen_value) == (ChangeState.APPLIED, after)
    assert shelf.house.bazaar.listing_writes.pushed == [(LAMP, field, after)]
    await shelf.apply(edit)
    assert len(shelf.house.bazaar.listing_writes.pushed) == 1
    assert (await shelf.house.audited())[-2:] == ["listing.confirmed", "listing.applied"]
    assert await shelf.house.told(EventKind.LISTING_EDIT_MOVED)


async def test_a_product_is_hidden_and_shown_again_by_an_undo(shelf: Shelf) -> None:
    hidden = await shelf.apply(await shelf.confirmed(UNLISTED, ListingField.SHOWN))
    assert shelf.truth.listings[LAMP].state is ListingState.UNLISTED
    assert hidden.can_be_undone
    edits = shelf.house.services.listing_edits
    back = await edits.ask_undo(shelf.house.owner, hidden.change.id, new_id())
    assert (back.change.before, back.change.after) == (UNLISTED, LISTED)
    await shelf.confirm(back)
    assert (await shelf.apply(back)).change.state is ChangeState.APPLIED
    assert shelf.truth.listings[LAMP].state is ListingState.LISTED
    assert not (await shelf.now(hidden)).can_be_undone
    assert not (await shelf.now(back)).can_be_undone
    with pytest.raises(Conflict):
        await edits.ask_undo(shelf.house.owner, hidden.change.id, new_id())


async def test_an_undo_is_too_late_after_a_day(shelf: Shelf) -> None:
    done = await shelf.apply(await shelf.confirmed("Lampu"))
    shelf.house.clock.advance(timedelta(hours=24))
    assert not (await shelf.now(done)).can_be_undone


async def test_what_the_shop_says_meanwhile_is_not_overwritten(shelf: Shelf) -> None:
    edit = await shelf.confirmed("Lampu LED E27")
    shelf.truth.listings[LAMP] = replace(shelf.truth.listings[LAMP], title="Lampu HEMAT")
    done = await shelf.apply(edit)
    assert (done.change.state, done.change.seen_value) == (ChangeState.CONFLICT, "Lampu HEMAT")
    assert shelf.house.bazaar.calls["push_listing"] == 0


async def test_a_refusal_is_told_by_its_reason(shelf: Shelf) -> None:
    shelf.house.bazaar.listing_writes.refusals[LAMP] = "in_promotion"
    done = await shelf.apply(await shelf.confirmed(UNLISTED, ListingField.SHOWN))
    assert (done.change.state, done.change.reason) == (ChangeState.FAILED, "in_promotion")


async def test_an_answer_that_was_lost_is_read_back_and_not_sent_again(shelf: Shelf) -> None:
    edit = await shelf.confirmed("Lampu LED E27")
    lost = FateUnknown(platform="bazaar", operation="push_listing")
    shelf.house.bazaar.fail("push_listing", lost, is_done=True)
    assert (await shelf.apply(edit)).change.state is ChangeState.APPLIED
    assert shelf.house.bazaar.calls["push_listing"] == 1


async def test_what_had_no_effect_is_sent_again_and_in_the_end_given_up(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked(listing_snapshot(LAMP, title="Lampu LED"))
    page = await house.services.products.page(house.owner, ProductQuery())
    shelf = Shelf(house, truth, page.rows[0].head.listing.id)
    edit = await shelf.confirmed("Lampu LED E27")
    lost = FateUnknown(platform="bazaar", operation="push_listing")
    house.bazaar.fail("push_listing", lost, times=ATTEMPTS)
    for _ in range(ATTEMPTS - 1):
        assert (await shelf.apply(edit)).change.state is ChangeState.APPROVED
    done = await shelf.apply(edit)
    assert (done.change.state, done.change.reason) == (ChangeState.FAILED, "no_effect")
    assert shelf.says == "Lampu LED"


async def test_a_process_that_died_over_it_leaves_it_to_the_next(shelf: Shelf) -> None:
    edit = await shelf.confirmed("Lampu LED E27")
    await shelf.house.services.listing_applying._claim(edit.change.seller_id, edit.change.id)
    assert (await shelf.apply(edit)).change.state is ChangeState.APPLYING
    shelf.truth.listings[LAMP] = replace(shelf.truth.listings[LAMP], title="Lampu LED E27")  # it had left
    shelf.house.clock.advance(LEASE)
    assert await shelf.due() == [edit.change.id]
    assert (await shelf.apply(edit)).change.state is ChangeState.APPLIED
    assert shelf.house.bazaar.calls["push_listing"] == 0


async def test_a_platform_that_is_down_is_tried_again_later(shelf: Shelf) -> None:
    edit = await shelf.confirmed("Lampu LED E27")
    down = PlatformUnavailable(platform="bazaar", operation="push_listing")
    shelf.house.bazaar.fail("push_listing", down)
    waiting = await shelf.apply(edit)
    assert (waiting.change.state, waiting.change.attempts) == (ChangeState.APPROVED, 1)
    assert await shelf.due() == []
    shelf.house.clock.advance(timedelta(seconds=2))
    assert await shelf.due() == [edit.change.id]
    assert (await shelf.apply(edit)).change.state is ChangeState.APPLIED


async def test_nothing_leaves_while_writes_are_paused(shelf: Shelf) -> None:
    edit = await shelf.confirmed("Lampu LED E27")
    house = shelf.house
    await house.database.write(
        lambda conn: Pauses(conn, house.owner.seller_id).begin("4711", house.clock()), "t"
    )
    assert await shelf.due() == []
    assert (await shelf.apply(edit)).change.state is ChangeState.APPROVED
    await house.database.write(lambda conn: Pauses(conn, house.owner.seller_id).end(), "t")
    assert (await shelf.apply(edit)).change.state is ChangeState.APPLIED


async def test_a_newer_request_takes_the_place_of_the_older(shelf: Shelf) -> None:
    first = await shelf.ask("Lampu satu")
    second = await shelf.ask("Lampu dua")
    assert (await shelf.now(first)).change.state is ChangeState.SUPERSEDED
    with pytest.raises(Conflict):
        await shelf.confirm(first)
    await shelf.confirm(second)


async def test_nobody_confirms_after_a_day(shelf: Shelf) -> None:
    edit = await shelf.ask("Lampu LED E27")
    shelf.house.clock.advance(timedelta(hours=24))
    assert await shelf.due() == [edit.change.id]
    assert (await shelf.apply(edit)).change.state is ChangeState.EXPIRED


async def test_asked_twice_by_one_message_it_is_one_change(shelf: Shelf) -> None:
    first, again = await shelf.ask("Lampu", key="inbox:1"), await shelf.ask("Lampu", key="inbox:1")
    assert first.change.id == again.change.id


@pytest.mark.parametrize(
    ("field", "after", "code"),
    [
        (TITLE, "  ", "edit_empty"),
        (TITLE, "x" * 256, "edit_too_long"),
        (TITLE, "Lampu LED", "edit_no_change"),
        (ListingField.WEIGHT, "0.200", "edit_no_change"),
        (ListingField.WEIGHT, "berat", "edit_not_a_weight"),
        (ListingField.WEIGHT, "0", "edit_not_a_weight"),
        (ListingField.SHOWN, LISTED, "edit_no_change"),
    ],
)
async def test_what_cannot_be_is_refused(shelf: Shelf, field: ListingField, after: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        await shelf.ask(after, field)


async def test_a_packer_may_not(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked(listing_snapshot(LAMP))
    page = await house.services.products.page(house.owner, ProductQuery())
    packer = await house.join("Budi", 4712, Role.PACKER)
    with pytest.raises(NotAllowed):
        await house.services.listing_edits.ask(packer, page.rows[0].head.listing.id, TITLE, "Lampu", new_id())
    assert truth.listings[LAMP].title == "Lampu LED E27 12W"
