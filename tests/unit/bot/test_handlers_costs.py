"""/cost: read, kept, shown on the variant's card, refused with a sentence."""

from datetime import UTC, date, datetime

import pytest

from bot.words import CostWords, cost_words
from domain.earnings import Cost
from domain.errors import InputError
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk

LAMP = "beefbeefbeefbeef"


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.stock.variants[LAMP] = r.variant_card()
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_cost_is_kept_from_now_on_and_shown_on_the_card(desk: Desk, services: FakeServices) -> None:
    await desk.says("/cost LED-12W-W 15.100")
    assert "Cost 15,100\xa0IDR since 11 Nov" in desk.text
    assert services.stock.variants[LAMP].cost == Cost(r.idr(15100), r.NOW)


async def test_cost_from_a_day_on_begins_at_that_days_midnight_in_the_chats_zone(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/cost led-12w-w 15rb IDR 2026-11-02")
    assert "Cost 15,000\xa0IDR since 2 Nov" in desk.text
    kept = services.stock.variants[LAMP].cost
    assert kept
    assert kept.since == datetime(2026, 11, 1, 17, 0, tzinfo=UTC)


async def test_cost_can_be_looked_at_and_forgotten(desk: Desk, services: FakeServices) -> None:
    await desk.says("/cost LED-12W-W 15100")
    await desk.says("/cost LED-12W-W off")
    assert services.stock.variants[LAMP].cost is None
    await desk.says("/cost LED-12W-W")
    assert "With its cost I show what you keep: <code>/cost LED-12W-W …</code>" in desk.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/cost", "Which cost?"),
        ("/cost NOSUCH 15100", "NOSUCH"),
        (
            "/cost LED-12W-W 15100 MYR",
            "No shop sells it in <code>MYR</code>; name the cost in IDR. Nothing was changed.",
        ),
        ("/cost LED-12W-W dozen", "dozen"),
    ],
)
async def test_what_cannot_be_read_is_answered(
    desk: Desk, services: FakeServices, typed: str, told: str
) -> None:
    await desk.says(typed)
    assert told in desk.text
    assert services.stock.variants[LAMP].cost is None


async def test_sku_that_several_share_is_asked_about(desk: Desk, services: FakeServices) -> None:
    services.stock.variants["2" * 16] = r.variant_card()
    await desk.says("/cost LED-12W-W 15100")
    assert services.stock.variants[LAMP].cost is None
    assert len(desk.labels) > 2


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("LED-12W-W 15100", CostWords("LED-12W-W", "15100")),
        ("KABEL USB 2M 15.100", CostWords("KABEL USB 2M", "15.100")),
        ("LED-12W-W", CostWords("LED-12W-W")),
        ("LED 12.90 myr", CostWords("LED", "12.90", "MYR")),
        ("LED 12.90 MYR 2026-11-02", CostWords("LED", "12.90", "MYR", date(2026, 11, 2))),
        ("LED-12W-W off", CostWords("LED-12W-W", "off")),
        ("LED 1-2-3", CostWords("LED", "1-2-3")),
    ],
)
def test_cost_words_are_read(typed: str, read: CostWords) -> None:
    assert cost_words(tuple(typed.split())) == read


@pytest.mark.parametrize("typed", ["", "2026-11-02", "LED 2026-11-02"])
def test_unclear_cost_words_are_asked_again(typed: str) -> None:
    with pytest.raises(InputError, match="usage_cost"):
        cost_words(tuple(typed.split()))
