"""A file in the chat: what of it cannot be taken comes back with reasons, the rest is shown as a draft."""

from dataclasses import replace

import pytest

from domain.errors import InputError
from services.imports import Intake
from tests.fakes.imports import Imports
from tests.fakes.services import FakeServices
from tests.unit.bot import screens_imports as i
from tests.unit.bot.desk import Desk

NAME = "prices.xlsx"


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.bulks.open_one = made.imports.intake.card
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    made = Desk(services)
    made.chat.kept[NAME] = b"content"
    return made


async def test_bad_rows_come_back_and_the_rest_is_a_draft(desk: Desk, services: FakeServices) -> None:
    await desk.sends_file(NAME)
    assert services.imports.taken == [(NAME, b"content")]
    assert services.imports.answered == [{17: "its price cannot be read", 203: "below the floor"}]
    back, draft = desk.chat.messages.values()
    assert "2 of 120 rows cannot be taken" in back.text
    assert "Row 17, " in back.text
    assert getattr(back.document, "name", "") == "prices-checked.xlsx"
    assert "117 prices from a file" in draft.text
    assert "500 rows: 117 change, 371 as they are, 12 cannot be taken" in draft.text
    assert [each.text for row in draft.rows for each in row][:2] == [
        "Ask for these 117 prices",
        "All differences",
    ]
    await desk.presses("Ask for these 117 prices")
    assert desk.screen.subject == "bulk"


async def test_what_the_shops_have_already_is_said(desk: Desk, services: FakeServices) -> None:
    services.imports.intake = i.intake(bad=(), card=None)
    await desk.sends_file(NAME)
    assert "your shops have these prices already" in desk.text
    services.imports.intake = replace(i.intake(), card=None)
    await desk.sends_file(NAME)
    assert "Nothing is changed." in desk.text


async def test_a_file_too_large_is_not_fetched(desk: Desk, services: FakeServices) -> None:
    await desk.sends_file(NAME, 5_000_001)
    assert "5 MB at most" in desk.text
    await desk.sends_file("gone.xlsx")
    assert "Telegram does not give this file back" in desk.text
    assert services.imports.taken == []


async def test_a_refusal_is_a_sentence(desk: Desk, services: FakeServices) -> None:
    class Refusing(Imports):
        async def take(self, *_: object) -> Intake:
            raise InputError("file_macros")

    services.imports = Refusing()
    await desk.sends_file(NAME)
    assert "There are macros in this file" in desk.text
