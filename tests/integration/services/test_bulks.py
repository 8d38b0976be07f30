"""Bulk changes: what is asked for is what was seen; decided like one price, taken back where nobody changed it since."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.bulk import Move, Recipe, Rounding, Skip
from domain.catalogue import ListingState
from domain.changes import ChangeState
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.events import EventKind
from domain.people import Role
from domain.queue import Task
from domain.tickets import Action
from services.bulk_cards import BulkCard
from services.products import ProductFilter, ProductQuery
from services.views import PressResult
from tests.factories import DAY, listing_snapshot, money, variant_snapshot
from tests.integration.services.bulking import BEFORE, TEN_OFF, Rack, states
from tests.integration.services.house import House


async def test_a_draft_shows_every_price_and_why_some_are_left(house: House) -> None:
    rack = await Rack.filled(house)
    rack.truth.set_price("900002", money(90_000), "21")
    rack.ban("900003")
    await house.record(rack.shop, *rack.truth.listings.values())
    page = await house.services.stock.by_sku(house.owner, "KAOS-1-1")
    await house.services.prices.set_floor(house.owner, page[0].variant_id, Decimal(95_000))
    card = await rack.draft(Recipe(Move.TO, Decimal(90_000)))
    assert [(each.before, each.after) for each in card.lines] == [(money(BEFORE), money(90_000))] * 7
    assert sorted((each.skip, each.shown.sku) for each in card.skipped if each.skip) == [
        (Skip.BELOW_FLOOR, "KAOS-1-1"),
        (Skip.NO_CHANGE, "KAOS-2-1"),
        *((Skip.NOT_EDITABLE, f"KAOS-3-{size}") for size in (1, 2, 3)),
    ]
    assert house.bazaar.calls["push_prices"] == 0


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (ProductQuery(words="kaos 02"), 3),
        (ProductQuery(ProductFilter.LISTED), 9),
        (ProductQuery(ProductFilter.UNLISTED), 3),
        (ProductQuery(ProductFilter.SOLD_OUT), 0),
        (ProductQuery(ProductFilter.LOW), 0),
    ],
)
async def test_it_is_over_the_list_it_was_begun_from(
    sqlite_house: House, query: ProductQuery, count: int
) -> None:
    rack = await Rack.filled(sqlite_house)
    hidden = replace(rack.truth.listings["900004"], state=ListingState.UNLISTED)
    await sqlite_house.record(rack.shop, hidden)
    if not count:
        with pytest.raises(NotFound, match="bulk_empty"):
            await rack.draft(query=query)
        return
    assert len((await rack.draft(query=query)).lines) == count


async def test_what_is_asked_for_is_what_was_seen(house: House) -> None:
    rack = await Rack.filled(house)
    seen = await rack.draft()
    rack.truth.set_price("900001", money(110_000), "11")
    await house.record(rack.shop, *rack.truth.listings.values())
    assert (await rack.press(seen, Action.ASK_BULK)).result is PressResult.BULK_LOOKED
    again = await house.services.bulks.show(house.owner, seen.id)
    assert (again.version, again.bulk.digest) != (seen.version, seen.bulk.digest)
    assert (await rack.press(again, Action.ASK_BULK)).result is PressResult.BULK_ASKED
    asked = await rack.card(seen.id)
    assert {each.after for each in asked.lines} == {money(90_000), money(99_000)}
    assert states(asked) == {ChangeState.PENDING: 12}
    with pytest.raises(NotFound, match="bulk_gone"):
        await house.services.bulks.redraft(house.owner, seen.id)


async def test_a_recipe_is_changed_on_the_draft(house: House) -> None:
    rack = await Rack.filled(house)
    first = await rack.draft()
    charm = await house.services.bulks.redraft(
        house.owner, first.id, lambda recipe: replace(recipe, rounding=Rounding.CHARM)
    )
    assert {each.after for each in charm.lines} == {money(89_900)}
    with_floor = await house.services.bulks.redraft(
        house.owner, first.id, lambda recipe: replace(recipe, floor=Decimal(95_000), currency="IDR")
    )
    assert (len(with_floor.lines), {each.skip for each in with_floor.skipped}) == (0, {Skip.BELOW_FLOOR})
    assert (
        await rack.press(with_floor, Action.ASK_BULK)
    ).result is PressResult.BULK_LOOKED  # nothing to ask for


async def test_what_a_platform_would_refuse_is_left_beside_what_becomes_of_the_rest(house: House) -> None:
    wide = [
        listing_snapshot(
            "900009",
            variant_snapshot("1", 70_000, sku="SMALL"),
            variant_snapshot("2", 20_000, sku="LARGE"),
            title="Kaos Anak",
        ),
        listing_snapshot("900010", variant_snapshot(sku="MANY"), title="Kaos Tim", wholesale=money(120_000)),
    ]
    await house.stocked(*wide)
    card = await Rack(house).draft(Recipe(Move.BY, Decimal(-12_000)))  # 58,000 is more than 7 times 8,000
    left = {each.shown.sku: each.skip for each in card.skipped}
    assert left == {"MANY": Skip.BELOW_WHOLESALE, "LARGE": Skip.RATIO_CAP, "SMALL": Skip.RATIO_CAP}
    assert card.lines == ()


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(Move.PERCENT, Decimal(0)),
        Recipe(Move.PERCENT, Decimal(-100)),
        Recipe(Move.PERCENT, Decimal(9000)),
        Recipe(Move.BY, Decimal(0)),
        Recipe(Move.TO, Decimal(0)),
    ],
)
async def test_a_slip_of_the_finger_is_no_recipe(sqlite_house: House, recipe: Recipe) -> None:
    rack = await Rack.filled(sqlite_house)
    with pytest.raises(InputError, match="bulk_recipe"):
        await rack.draft(recipe)


async def test_within_the_limits_who_asks_approves(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    assert states(card) == {ChangeState.APPROVED: 12}
    assert house.queue.take(Task.APPLY_BULK) == [(house.owner.seller_id, card.id)]
    assert house.queue.take(Task.APPLY_CHANGE) == []
    assert await house.services.applying.due() == []
    assert await house.services.bulk_applying.due() == [(house.owner.seller_id, card.id)]
    assert (await house.audited()).count("price.approved") == 12


async def test_beyond_a_limit_a_second_person_approves(house: House) -> None:
    rack = await Rack.filled(house)
    ann = await house.join("Ann", 4712, Role.MANAGER)
    asked = await rack.asked(Recipe(Move.PERCENT, Decimal(-35)))
    assert (asked.second_persons, asked.needs_typing) == (("Ann",), False)
    assert await house.told(EventKind.BULK_ASKED, of=ann) == [{"proposal_id": asked.id}]
    with pytest.raises(NotAllowed, match="second_person"):
        await rack.press(asked, Action.APPROVE_BULK)
    assert (await rack.press(asked, Action.APPROVE_BULK, by=ann)).result is PressResult.BULK_APPROVED
    done = await rack.apply(asked)
    assert states(done) == {ChangeState.APPLIED: 12}


async def test_alone_beyond_a_limit_the_count_is_typed(house: House) -> None:
    rack = await Rack.filled(house)
    await house.limit(items_per_proposal=10)
    asked = await rack.asked()
    assert asked.needs_typing
    assert (await rack.press(asked, Action.APPROVE_BULK)).result is PressResult.BULK_TYPING
    with pytest.raises(InputError, match="count_differs"):
        await house.services.bulks.type_count(house.owner, asked.id, 11)
    approved = await house.services.bulks.type_count(house.owner, asked.id, 12)
    assert states(approved) == {ChangeState.APPROVED: 12}
    assert states(await rack.apply(approved)) == {ChangeState.APPLIED: 12}


async def test_a_packer_asks_and_a_manager_rejects(house: House) -> None:
    rack = await Rack.filled(house)
    paul = await house.join("Paul", 4713, Role.PACKER)
    asked = await rack.asked(by=paul)
    with pytest.raises(NotAllowed):
        await rack.press(asked, Action.APPROVE_BULK, by=paul)
    assert [each.id for each in await house.services.bulks.waiting(house.owner)] == [asked.id]
    assert await house.services.prices.waiting(house.owner) == []
    assert (await house.services.home.today(house.owner)).approvals == 1
    await rack.press(asked, Action.REJECT_BULK)
    assert states(await rack.card(asked.id)) == {ChangeState.REJECTED: 12}
    with pytest.raises(Conflict, match="decided"):
        await rack.press(asked, Action.APPROVE_BULK)


async def test_it_ends_when_nobody_decides(house: House) -> None:
    rack = await Rack.filled(house)
    asked = await rack.asked()
    house.clock.advance(DAY)
    assert await house.services.bulk_applying.due() == [(house.owner.seller_id, asked.id)]
    assert states(await rack.apply(asked)) == {ChangeState.EXPIRED: 12}
    assert await house.told(EventKind.BULK_MOVED) == [{"proposal_id": asked.id}]


async def test_a_newer_request_takes_the_place_of_what_it_names(house: House) -> None:
    rack = await Rack.filled(house)
    first = await rack.approved()
    second = await rack.asked(Recipe(Move.PERCENT, Decimal(-20)))
    assert states(await rack.card(first.id)) == {ChangeState.SUPERSEDED: 12}
    rows = await house.services.stock.by_sku(house.owner, "KAOS-1-1")
    await house.services.prices.propose(house.owner, rows[0].variant_id, Decimal(95_000), "single")
    assert states(await rack.card(second.id)) == {ChangeState.SUPERSEDED: 1, ChangeState.PENDING: 11}


async def test_taking_back_spares_what_somebody_changed_since(house: House) -> None:
    rack = await Rack.filled(house)
    done = await rack.apply(await rack.approved())
    rack.truth.set_price("900001", money(97_000), "11")
    await house.record(rack.shop, *rack.truth.listings.values())
    rack.truth.set_price("900002", money(96_000), "21")  # and one that our books do not know of
    planned = await house.services.bulks.plan_undo(house.owner, done.id)
    assert (len(planned.lines), [each.skip for each in planned.skipped]) == (11, [Skip.CHANGED_SINCE])
    done = await rack.card(done.id)
    pressed = await rack.press(done, Action.UNDO_BULK)
    back = await rack.apply(await rack.card(pressed.object_id))
    assert states(back) == {ChangeState.APPLIED: 10, ChangeState.CONFLICT: 1}
    assert [each.skip for each in back.skipped] == [Skip.CHANGED_SINCE]
    shown = rack.prices()
    assert (shown.count(money(BEFORE)), shown.count(money(97_000)), shown.count(money(96_000))) == (10, 1, 1)
    first = await rack.card(done.id)
    assert (first.undone_by_name, first.can_be_undone) == ("Sari", True)  # of what was in conflict


async def test_a_button_of_a_card_that_is_behind_decides_nothing(house: House) -> None:
    rack = await Rack.filled(house)
    asked = await rack.asked()
    await rack.press(asked, Action.APPROVE_BULK)
    with pytest.raises(Conflict):
        await rack.press(asked, Action.REJECT_BULK)
    live = await rack.apply(asked)
    await rack.press(live, Action.UNDO_BULK)
    with pytest.raises(Conflict, match="button_used"):
        await rack.press(live, Action.UNDO_BULK)


async def test_a_foreign_seller_reaches_nothing_of_it(house: House) -> None:
    rack = await Rack.filled(house)
    card: BulkCard = await rack.approved(TEN_OFF)
    mallory = await house.found("Mallory", 6666)
    for look in (house.services.bulks.show, house.services.bulks.redraft, house.services.bulks.plan_undo):
        with pytest.raises(NotFound):
            await look(mallory, card.id)
    with pytest.raises(NotFound):
        await rack.press(card, Action.STOP_BULK, by=mallory)
    await house.services.bulk_applying.apply(mallory.seller_id, card.id)
    assert house.bazaar.calls["push_prices"] == 0
