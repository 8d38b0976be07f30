"""A shop's health in the chat: what is bad, what helps, and when it was asked."""

import pytest

from tests.fakes.health import BAD, health
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.shops.health = BAD
    return made


async def test_a_shop_says_what_is_bad_and_opens_its_health(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/shops")
    await desk.presses("Rumah Kita")
    assert "🔴 3 penalty points · 1 figure beyond its limit" in desk.text
    await desk.presses("Health")
    assert desk.text.startswith("🔴 <b>Health of Rumah Kita</b> · poor · 3 penalty points")
    assert "🔴 Your listings are not shown in search · until " in desk.text
    assert "🔴 Shipped late: 12.4% · must stay below 10%" in desk.text
    assert "Arrange and hand over before the time on each order: /pack" in desk.text
    assert "Time to prepare: too little to measure" in desk.text
    await desk.presses("Back")
    assert desk.text.startswith("🟢 <b>Shop Rumah Kita</b>")


async def test_a_healthy_shop_and_one_that_was_never_asked_say_so(services: FakeServices) -> None:
    desk = Desk(services)
    for read, said in (
        (health(), "Nothing that Shopee measures is beyond its limit."),
        (None, "not asked Shopee yet"),
    ):
        services.health.read = {r.shop().id: read} if read else {}
        await desk.presses_data(f"n1:health:{r.shop().id}")
        assert said in desk.text


async def test_an_unknown_shop_has_no_health(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.presses_data("n1:health:ffffffffffffffff")
    assert desk.chat.toasts[-1] == "This shop is not among yours any more."
