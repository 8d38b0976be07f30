"""Products in the chat: lists, filters, the card with its picture, and the way in and back."""

from dataclasses import replace

import pytest

from domain.people import Role
from services.products import ProductFilter, ProductQuery
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.screens_products import CHANGE, EDITABLE, SHIRT, card, one_tier, sold, two_tiers

PICTURE = b"\x89PNG picture"


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.products.cards = {SHIRT: card(replace(sold(), variant_id="beefbeefbeefbeef"))}
    made.stock.variants = {"beefbeefbeefbeef": r.variant_card()}
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


def opened(*parts: object) -> str:
    return ":".join(map(str, ("n1:good", SHIRT, *parts)))


async def test_lists_are_searched_filtered_and_turned(desk: Desk, services: FakeServices) -> None:
    await desk.says("/products lampu putih")
    assert "“lampu putih”" in desk.text
    await desk.presses("Sold out")
    await desk.presses("Rumah Kita")
    await desk.presses("›")
    assert services.products.asked == [
        (ProductQuery(ProductFilter.ALL, "", "lampu putih"), 1),
        (ProductQuery(ProductFilter.SOLD_OUT, "", "lampu putih"), 1),
        (ProductQuery(ProductFilter.SOLD_OUT, "a1a1a1", "lampu putih"), 1),
        (ProductQuery(ProductFilter.SOLD_OUT, "a1a1a1", "lampu putih"), 2),
    ]


async def test_a_picture_follows_the_words_and_is_named_from_then_on(
    desk: Desk, services: FakeServices
) -> None:
    services.photos.to_fetch[SHIRT] = PICTURE
    await desk.says("/products")
    await desk.presses_data(opened(0, 1, 2, "s", "a1a1a1"))
    assert desk.screen.photo is not None
    assert desk.screen.photo.content == PICTURE
    assert (len(desk.chat.messages), desk.chat.edits) == (1, 2)  # the words first, then the picture
    services.photos.by_name[SHIRT] = "AgACfile"
    await desk.presses_data(opened())
    assert desk.screen.photo.file_id == "AgACfile"
    assert (services.photos.fetched, len(desk.chat.messages)) == (1, 1)


async def test_a_picture_that_is_not_to_be_had_leaves_the_words(desk: Desk, services: FakeServices) -> None:
    await desk.says("/products")
    await desk.presses_data(opened())
    assert desk.screen.photo is None
    assert "3 left" in desk.text
    await desk.presses_data(opened())
    assert services.photos.fetched == 1


async def test_a_picture_cannot_become_a_text_so_it_goes(desk: Desk, services: FakeServices) -> None:
    services.photos.by_name[SHIRT] = "AgACfile"
    await desk.says("/products")
    await desk.presses_data(opened(0, 1, 2, "s", "a1a1a1"))
    await desk.presses("Stock")
    assert desk.chat.deleted == [100]
    assert "LED-12W-W" in desk.text
    await desk.presses("Back")
    assert desk.screen.photo is not None
    await desk.presses("Back")
    assert services.products.asked[-1] == (ProductQuery(ProductFilter.SOLD_OUT, "a1a1a1", ""), 2)


async def test_two_tiers_open_by_the_first_option(desk: Desk, services: FakeServices) -> None:
    services.products.cards[SHIRT] = two_tiers(9, 8)
    services.photos.by_name[SHIRT] = ""
    await desk.says("/products")
    await desk.presses_data(opened())
    assert "72 variants" in desk.text
    assert "1. <b>Warna 1</b> 36: 0 · 37: 1" in desk.text
    await desk.presses("›")
    await desk.presses("8 · Warna 8")
    assert "28 left" in desk.text
    assert "1. 36 · <b>sold out</b>" in desk.text
    await desk.presses("Back")
    assert "72 variants" in desk.text


async def test_every_variant_is_within_reach(desk: Desk, services: FakeServices) -> None:
    services.products.cards[SHIRT] = one_tier(24)
    services.photos.by_name[SHIRT] = ""
    await desk.says("/products")
    await desk.presses_data(opened())
    found = []
    for _ in range(4):
        found += [label for label in desk.labels if "Warna" in label]
        await desk.presses("›" if len(found) < 24 else "Home")
    assert found == [f"{at} · Warna {at}" for at in range(1, 25)]


async def test_a_viewer_is_offered_no_price(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.VIEWER))
    await desk.says("/products")
    await desk.presses_data(opened())
    assert "Change price" not in desk.labels


@pytest.mark.parametrize("data", ["n1:good", "n1:goods:1:x", "n1:good:0000000000000000", "n1:gv"])
async def test_forged_buttons_lead_nowhere(desk: Desk, data: str) -> None:
    await desk.says("/products")
    before = dict(desk.chat.messages)
    await desk.presses_data(data)
    assert desk.chat.messages == before


async def test_a_change_is_typed_asked_for_and_confirmed_by_a_worded_button(
    desk: Desk, services: FakeServices
) -> None:
    services.products.cards[SHIRT] = EDITABLE
    services.photos.by_name[SHIRT] = ""
    await desk.says("/products")
    await desk.presses_data(opened())
    await desk.presses("Edit…")
    await desk.presses("Name")
    assert "Type the new name" in desk.text
    await desk.says("x" * 256)
    assert "too long" in desk.text
    await desk.says("Lampu LED hemat")
    assert "New: Lampu LED hemat" in desk.text
    assert "Nothing is changed yet" in desk.text
    await desk.presses("Yes, change it")
    assert "On its way to Shopee" in desk.text
    services.listing_edits.apply()
    await desk.presses_data(f"n1:gchange:{CHANGE}")
    assert "Live, read back" in desk.text
    await desk.presses("Undo…")
    assert f"New: {r.LAMP}" in desk.text


async def test_a_product_is_hidden_by_two_taps(desk: Desk, services: FakeServices) -> None:
    services.products.cards[SHIRT] = EDITABLE
    services.photos.by_name[SHIRT] = ""
    await desk.says("/products")
    await desk.presses_data(opened())
    await desk.presses("Hide…")
    assert "Hide from buyers" in desk.text
    assert services.listing_edits.confirmed == []
    await desk.presses("Yes, hide it")
    assert services.listing_edits.confirmed == [CHANGE]


async def test_who_packs_is_offered_no_change(services: FakeServices) -> None:
    services.products.cards[SHIRT] = EDITABLE
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/products")
    await desk.presses_data(opened())
    assert not {"Edit…", "Hide…"} & set(desk.labels)
