"""What the bot remembers between two updates: the question it asked, and which message shows what."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import NotFound
from domain.people import Role
from tests.integration.services.house import House, pressed_in

MINUTE = timedelta(minutes=1)


# Questions


async def test_a_question_is_open_until_it_is_ended(house: House) -> None:
    dialogues = house.services.dialogues
    assert await dialogues.current(house.owner) is None
    await dialogues.ask(house.owner, "price", {"variant_id": "v1"})
    asked = await house.another().dialogues.current(house.owner)
    assert asked
    assert (asked.flow, asked.draft, asked.expires_at) == (
        "price",
        {"variant_id": "v1"},
        house.clock() + 15 * MINUTE,
    )
    assert await dialogues.end(house.owner) == asked
    assert await dialogues.current(house.owner) is None
    assert await dialogues.end(house.owner) is None


async def test_a_new_question_takes_the_place_of_the_old_one(house: House) -> None:
    dialogues = house.services.dialogues
    await dialogues.ask(house.owner, "price", {"a": "1"})
    await dialogues.ask(house.owner, "zone", {}, minutes=5)
    asked = await dialogues.current(house.owner)
    assert asked
    assert (asked.flow, asked.draft, asked.expires_at) == ("zone", {}, house.clock() + 5 * MINUTE)


async def test_a_question_is_forgotten_after_its_time(sqlite_house: House) -> None:
    house = sqlite_house
    await house.services.dialogues.ask(house.owner, "price", {})
    house.clock.advance(15 * MINUTE)
    assert await house.services.dialogues.current(house.owner) is None
    assert await house.services.dialogues.end(house.owner) is None


async def test_everybody_has_a_question_of_their_own_in_each_chat(house: House) -> None:
    dialogues = house.services.dialogues
    budi = await house.join("Budi", 4712, Role.OWNER)
    await dialogues.ask(house.owner, "price", {})
    for somebody_else in (budi, pressed_in(house.owner, budi), replace(house.owner, view=budi.view)):
        assert await dialogues.current(somebody_else) is None
        await dialogues.end(somebody_else)
    assert await dialogues.current(house.owner)


# Messages


async def shown(house: House, subject: str, subject_id: str) -> list[tuple[str, int, int]]:
    cards = await house.services.cards.of(house.owner.seller_id, subject, subject_id)
    return sorted((card.view_id, card.message_id, card.version) for card in cards)


async def test_a_message_is_found_by_what_it_shows_now(house: House) -> None:
    cards, seller_id, view_id = house.services.cards, house.owner.seller_id, house.owner.view.id
    await cards.remember(seller_id, view_id, 7, subject="proposal", subject_id="p1", version=1)
    await cards.remember(seller_id, view_id, 7, subject="proposal", subject_id="p1", version=2)
    await cards.remember(seller_id, view_id, 8, subject="proposal", subject_id="p1", version=1)
    assert await shown(house, "proposal", "p1") == [(view_id, 7, 2), (view_id, 8, 1)]
    await cards.remember(seller_id, view_id, 8, subject="order", subject_id="p1", version=1)
    assert await shown(house, "proposal", "p1") == [(view_id, 7, 2)]
    assert await shown(house, "order", "p1") == [(view_id, 8, 1)]


async def test_a_message_that_shows_something_else_is_no_card_any_more(house: House) -> None:
    cards, seller_id, view_id = house.services.cards, house.owner.seller_id, house.owner.view.id
    await cards.remember(seller_id, view_id, 7, subject="order", subject_id="o1", version=1)
    for message_id in (8, 7, 7):
        await cards.forget(seller_id, view_id, message_id)
    assert await shown(house, "order", "o1") == []


async def test_all_chats_of_a_seller_are_found_and_no_others(house: House) -> None:
    cards = house.services.cards
    people = [house.owner, await house.join("Budi", 4712, Role.OWNER), await house.found("Eve", 6666)]
    for each in people:
        await cards.remember(each.seller_id, each.view.id, 7, subject="order", subject_id="o1", version=1)
    assert await shown(house, "order", "o1") == sorted((each.view.id, 7, 1) for each in people[:2])


# What does not exist


async def test_what_does_not_exist_is_not_found(sqlite_house: House) -> None:
    house = sqlite_house
    with pytest.raises(NotFound) as shop:
        await house.services.shops.sync_now(house.owner, "0" * 16)
    with pytest.raises(NotFound) as proposal:
        await house.services.prices.proposal(house.owner, "0" * 16)
    with pytest.raises(NotFound) as linking:
        await house.services.linking.linking(house.owner.seller_id, "0" * 16)
    codes = [each.value.code for each in (shop, proposal, linking)]
    assert codes == ["shop_unknown", "proposal_unknown", "link_unknown"]
