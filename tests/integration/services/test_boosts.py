"""Boosts: asked for, confirmed, sent once a place is free, read back with their end; and read now and then."""

from datetime import timedelta

import pytest

from domain.changes import ChangeState
from domain.errors import FateUnknown, InputError, NotFound
from domain.ids import new_id
from domain.listing_changes import BOOSTED, LISTED, ListingField
from domain.people import Role
from domain.tickets import Action
from services.listing_edits import ListingEdit
from services.products import ProductCard, ProductQuery
from tests.factories import HOUR, listing_snapshot
from tests.integration.services.house import MESSAGE, House

FOUR_HOURS = timedelta(hours=4)


async def shelf(house: House, count: int = 1) -> list[ProductCard]:
    await house.stocked(*(listing_snapshot(f"90{at:04}", title=f"Lampu {at}") for at in range(count)))
    products = house.services.products
    pages = [await products.page(house.owner, ProductQuery(), at) for at in range(1, 1 + -(-count // 5))]
    ids = [row.head.listing.id for page in pages for row in page.rows]
    return [await products.card(house.owner, each) for each in ids]


async def asked(house: House, card: ProductCard, value: str = BOOSTED) -> ListingEdit:
    edits = house.services.listing_edits
    return await edits.ask(house.owner, card.listing.id, ListingField.BOOST, value, new_id())


async def boosted(house: House, card: ProductCard) -> ListingEdit:
    """Ask for a boost, confirm it by its button, and have it sent."""
    change = (await asked(house, card)).change
    about = (change.id, change.version, Role.MANAGER)
    data = await house.services.buttons.token(house.owner.view.id, Action.CONFIRM_EDIT, *about)
    await house.services.buttons.press(house.owner, data, MESSAGE)
    await house.services.listing_applying.apply(change.seller_id, change.id)
    return await house.services.listing_edits.edit(change.seller_id, change.id)


async def now(house: House, card: ProductCard) -> ProductCard:
    return await house.services.products.card(house.owner, card.listing.id)


async def test_a_boost_is_sent_when_confirmed_and_shows_its_end(house: House) -> None:
    (card,) = await shelf(house)
    assert (card.can_be_boosted, card.places) == (True, 5)
    pending = await asked(house, card)
    assert (pending.change.state, house.bazaar.calls["push_listing"]) == (ChangeState.PENDING, 0)
    done = await boosted(house, card)
    assert (done.change.state, done.can_be_undone) == (ChangeState.APPLIED, False)
    shown = await now(house, card)
    assert shown.listing.boosted_until == house.clock() + FOUR_HOURS
    assert [each.id for each in shown.boosted] == [card.listing.id]
    with pytest.raises(InputError, match="edit_no_change"):
        await asked(house, card)
    house.clock.advance(FOUR_HOURS)
    assert (await now(house, card)).boosted == ()
    assert (await boosted(house, card)).change.state is ChangeState.APPLIED


async def test_where_all_places_are_taken_it_is_refused(sqlite_house: House) -> None:
    house = sqlite_house
    cards = await shelf(house, 6)
    for card in cards[:5]:
        assert (await boosted(house, card)).change.state is ChangeState.APPLIED
    last = await boosted(house, cards[5])
    assert (last.change.state, last.change.reason) == (ChangeState.FAILED, "other")
    assert len((await now(house, cards[5])).boosted) == 5


async def test_a_lost_answer_of_a_boost_is_read_back(sqlite_house: House) -> None:
    house = sqlite_house
    (card,) = await shelf(house)
    house.bazaar.fail("push_listing", FateUnknown(platform="bazaar", operation="boost"), is_done=True)
    assert (await boosted(house, card)).change.state is ChangeState.APPLIED
    assert house.bazaar.calls["push_listing"] == 1


async def test_what_the_seller_centre_boosts_is_seen_and_what_ended_is_not(house: House) -> None:
    (card,) = await shelf(house)
    house.bazaar.listing_writes.boosted_until[card.listing.external_id] = house.clock() + 2 * HOUR
    for is_boosted in (True, False):
        house.clock.advance(HOUR)
        await house.services.showcase.poll_due(card.shop.id)
        assert bool((await now(house, card)).boosted) is is_boosted


async def test_what_is_hidden_is_not_boosted_and_no_other_word_counts(sqlite_house: House) -> None:
    house = sqlite_house
    (card,) = await shelf(house)
    for field, value in ((ListingField.BOOST, "x"), (ListingField.BOOST, ""), (ListingField.SHOWN, "x")):
        with pytest.raises(NotFound, match="button_unknown"):
            await house.services.listing_edits.ask(house.owner, card.listing.id, field, value, new_id())
    edits = house.services.listing_edits
    with pytest.raises(InputError, match="edit_no_change"):
        await edits.ask(house.owner, card.listing.id, ListingField.SHOWN, LISTED, new_id())
