"""Bulk price changes in the chat: from the list to the draft, asked for, decided, stopped, taken back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.screen import Attachment
from bot.words import bulk_recipe
from domain.bulk import Move, Recipe, Rounding
from domain.caps import Cap
from domain.changes import ChangeState
from domain.errors import InputError
from domain.people import Role
from services.products import ProductFilter, ProductQuery
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.screens_bulk import BULK
from tests.unit.bot.screens_products import SHIRT, one_tier

LAMPS = ProductQuery(ProductFilter.LISTED, "", "lampu")


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.products.cards = {SHIRT: one_tier()}
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def begin(desk: Desk) -> None:
    await desk.says("/products lampu")
    await desk.presses("On sale")
    await desk.presses("Change prices…")


async def test_a_list_leads_to_a_draft_and_the_draft_to_a_card(desk: Desk, services: FakeServices) -> None:
    await begin(desk)
    assert "Change 120 prices?" in desk.text
    await desk.presses("−10%")
    assert services.bulks.drafted == [(LAMPS, Recipe(Move.PERCENT, Decimal(-10)))]
    assert desk.text.startswith("🏷 <b>117 prices −10%</b>")
    assert desk.screen.subject == ""
    await desk.presses("…900")
    assert services.bulks.open_one
    assert services.bulks.open_one.bulk.recipe.rounding is Rounding.CHARM
    await desk.presses("Ask for these 117 prices")
    assert (desk.screen.subject, desk.screen.subject_id) == ("bulk", BULK)
    await desk.presses("Approve 117 prices")
    assert "Sending: 0 of 117 live" in desk.text
    await desk.presses("Stop: send no more")
    assert "No price was changed" in desk.text
    assert desk.chat.toasts[-1] == "Stopped: no more is sent"


async def test_another_change_is_typed(desk: Desk, services: FakeServices) -> None:
    await begin(desk)
    await desk.says("ten")
    assert "I cannot read this change" in desk.text
    await desk.says("+2rb")
    assert services.bulks.drafted == [(LAMPS, Recipe(Move.BY, Decimal(2000), currency="IDR"))]
    assert services.dialogues.open_one is None


async def test_a_floor_is_typed_on_the_draft(desk: Desk, services: FakeServices) -> None:
    await begin(desk)
    await desk.presses("−10%")
    await desk.presses("Not below…")
    await desk.says("20000")
    assert "none below 20,000" in desk.text
    await desk.presses("Not below…")
    await desk.says("off")
    assert services.bulks.open_one
    assert services.bulks.open_one.bulk.recipe.floor is None


async def test_what_is_not_the_same_any_more_is_shown_again(desk: Desk, services: FakeServices) -> None:
    await begin(desk)
    await desk.presses("−10%")
    services.bulks.is_moved = True
    await desk.presses("Ask for these 117 prices")
    assert desk.chat.toasts[-1] == "It is not the same any more: look again"
    assert desk.text.startswith("🏷 <b>117 prices −10%</b>")


async def test_beyond_a_limit_the_count_is_typed(desk: Desk, services: FakeServices) -> None:
    card = services.bulks.move(ChangeState.PENDING)
    services.bulks.open_one = replace(card, needs_typing=True, excess=r.beyond(117, Cap.ITEMS, 100))
    await desk.says("/approvals")
    await desk.presses("1 · 117 prices")
    await desk.presses("Type how many prices")
    await desk.says("11")
    assert "it has 117 prices" in desk.text
    await desk.says("117")
    assert "Sending: 0 of 117 live" in desk.text


async def test_what_went_through_is_taken_back_after_a_question(desk: Desk, services: FakeServices) -> None:
    services.bulks.move(ChangeState.APPLIED)
    await desk.says("/approvals")
    await desk.presses("1 · 117 prices")
    await desk.presses("Undo…")
    assert "Take 117 prices back?" in desk.text
    await desk.presses("Yes, take 117 back")
    assert "Sending: 0 of 117 live" in desk.text


async def test_all_of_it_comes_as_a_sheet(desk: Desk, services: FakeServices) -> None:
    services.bulks.move(ChangeState.PENDING)
    await desk.says("/approvals")
    await desk.presses("1 · 117 prices")
    await desk.presses("All differences")
    sent = list(desk.chat.messages.values())[-1]
    assert isinstance(sent.document, Attachment)
    assert (sent.document.name, sent.document.content[:2]) == ("prices.xlsx", b"PK")


async def test_who_may_not_ask_sees_no_way_to_it(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(role=Role.VIEWER))
    await desk.says("/products lampu")
    assert "Change prices…" not in desk.labels


@pytest.mark.parametrize(
    ("typed", "recipe"),
    [
        ("-7.5%", Recipe(Move.PERCENT, Decimal("-7.5"))),
        ("−7,5 %", Recipe(Move.PERCENT, Decimal("-7.5"))),
        ("+10%", Recipe(Move.PERCENT, Decimal(10))),
        ("-2.000", Recipe(Move.BY, Decimal(-2000), currency="IDR")),
        ("Rp 129.900", Recipe(Move.TO, Decimal(129_900), currency="IDR")),
    ],
)
def test_a_change_is_read_as_it_is_written(typed: str, recipe: Recipe) -> None:
    assert bulk_recipe(typed, ("IDR",)) == recipe


@pytest.mark.parametrize("typed", ["10%", "ten", "", "--5", "-5%%", "1000%", "+-5"])
def test_a_change_is_never_guessed(typed: str) -> None:
    with pytest.raises(InputError, match="bulk_unreadable"):
        bulk_recipe(typed, ("IDR",))


def test_an_amount_is_of_one_currency() -> None:
    with pytest.raises(InputError, match="bulk_currency"):
        bulk_recipe("129900", ("IDR", "SGD"))
