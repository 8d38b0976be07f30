"""Reviews in the chat: listed, opened, answered by typing, sent by one worded press; boosts of a product."""

from dataclasses import replace

import pytest

from domain.actions import ActionState
from domain.listing_changes import BOOSTED, ListingField
from domain.people import Role
from services.reviews import ReviewFilter, ReviewQuery
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.screens_products import SHIRT, listing, two_tiers
from tests.unit.bot.screens_reviews import BOOSTED as SHOWN_FIRST
from tests.unit.bot.screens_reviews import ON_SALE, REVIEW, SORRY


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.products.cards = {SHIRT: ON_SALE}
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_reviews_are_listed_filtered_and_opened(desk: Desk, services: FakeServices) -> None:
    await desk.says("/reviews")
    assert "Reviews: 1 unanswered" in desk.text
    await desk.presses("All")
    await desk.presses("1 · ★ 2 · Lampu LED…")
    assert "★ 2" in desk.text
    await desk.presses("Back")
    assert services.reviews.asked == [
        (ReviewQuery(), 1),
        (ReviewQuery(ReviewFilter.ALL), 1),
        (ReviewQuery(ReviewFilter.ALL), 1),
    ]


async def test_a_product_leads_to_its_reviews_and_back(desk: Desk, services: FakeServices) -> None:
    await desk.says("/products")
    await desk.presses_data(f"n1:good:{SHIRT}")
    await desk.presses("Reviews")
    assert services.reviews.asked == [(ReviewQuery(ReviewFilter.ALL, SHIRT), 1)]
    await desk.presses("Back")
    assert "Boost…" in desk.labels


async def test_an_answer_is_typed_shown_and_published_by_one_worded_press(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/reviews")
    await desk.presses_data(f"n1:review:{REVIEW}")
    await desk.presses("Answer…")
    assert "Type the answer" in desk.text
    await desk.says(SORRY)
    assert "Nothing is sent yet" in desk.text
    drafted = services.reviews.cards[REVIEW].answer
    assert drafted
    assert (drafted.text, drafted.state) == (SORRY, ActionState.DRAFT)
    await desk.presses("Publish the answer")
    assert "On its way" in desk.text
    sent = services.reviews.cards[REVIEW].answer
    assert sent
    assert sent.state is ActionState.READY


async def test_too_long_an_answer_leaves_the_question_open(desk: Desk, services: FakeServices) -> None:
    await desk.says("/reviews")
    await desk.presses_data(f"n1:ranswer:{REVIEW}")
    await desk.says("x" * 501)
    assert "500" in desk.text
    assert services.dialogues.open_one
    await desk.says("Maaf")
    assert services.dialogues.open_one is None


async def test_who_may_not_answer_sees_no_button(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/reviews")
    await desk.presses_data(f"n1:review:{REVIEW}")
    assert "Answer…" not in desk.labels


@pytest.mark.parametrize("data", ["n1:reviews:1:zz", "n1:reviews:-1", "n1:review", "n1:review:nobody"])
async def test_odd_buttons_lead_nowhere(desk: Desk, services: FakeServices, data: str) -> None:
    await desk.says("/reviews")
    before = list(services.reviews.asked)
    await desk.presses_data(data)
    assert services.reviews.asked == before


async def test_a_boost_is_asked_for_and_confirmed_by_a_worded_press(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/products")
    await desk.presses_data(f"n1:good:{SHIRT}")
    await desk.presses("Boost…")
    asked = services.listing_edits.open_one
    assert asked
    assert (asked.change.field, asked.change.after) == (ListingField.BOOST, BOOSTED)
    assert "cannot be taken back" in desk.text
    await desk.presses("Yes, boost it now")
    assert services.listing_edits.confirmed == [asked.change.id]


async def test_where_no_place_is_free_nothing_is_asked(desk: Desk, services: FakeServices) -> None:
    services.products.cards[SHIRT] = replace(ON_SALE, boosted=SHOWN_FIRST)
    await desk.says("/products")
    await desk.presses_data(f"n1:gboost:{SHIRT}")
    assert "5 of 5 places taken" in desk.text
    services.products.cards[SHIRT] = replace(ON_SALE, listing=listing(boosted_until=r.at(1)))
    await desk.presses_data(f"n1:gboost:{SHIRT}")
    assert "is shown first already" in desk.text
    assert services.listing_edits.open_one is None


async def test_a_chosen_colour_has_its_own_picture(desk: Desk, services: FakeServices) -> None:
    card = two_tiers()
    red = "https://cf.example/red"
    variants = tuple(
        replace(each, image_url=red if each.options[0] == "Warna 2" else "") for each in card.variants
    )
    services.products.cards[SHIRT] = replace(card, variants=variants)
    services.photos.to_fetch[red] = b"\x89PNG red"
    await desk.says("/products")
    await desk.presses_data(f"n1:good:{SHIRT}:2:1")
    assert desk.screen.photo is not None
    assert (desk.screen.photo.url, desk.screen.photo.content) == (red, b"\x89PNG red")
    await desk.presses_data(f"n1:good:{SHIRT}")
    assert desk.screen.photo is None


async def test_until_a_colours_picture_is_here_the_products_own_stays(
    desk: Desk, services: FakeServices
) -> None:
    card, red = two_tiers(), "https://cf.example/red"
    variants = tuple(replace(each, image_url=red) for each in card.variants)
    services.products.cards[SHIRT] = replace(card, variants=variants)
    services.photos.by_name[SHIRT] = "AgACown"
    await desk.says("/products")
    await desk.presses_data(f"n1:good:{SHIRT}")
    await desk.presses_data(f"n1:good:{SHIRT}:2:1")
    assert desk.screen.photo is not None
    assert (desk.screen.photo.file_id, desk.chat.deleted) == ("AgACown", [])
    services.photos.by_name.pop(red)
    services.photos.to_fetch[red] = b"\x89PNG red"
    await desk.presses_data(f"n1:good:{SHIRT}:2:1")
    assert (desk.screen.photo.url, desk.chat.deleted) == (red, [])


@pytest.mark.parametrize("field", ["boost", "shown", "colour"])
async def test_what_nobody_types_is_not_asked_for(desk: Desk, services: FakeServices, field: str) -> None:
    await desk.says("/products")
    await desk.presses_data(f"n1:gask:{SHIRT}:{field}")
    assert services.dialogues.open_one is None
