"""Limits of price changes in the chat: an owner changes one by a second, worded tap."""

import pytest

from domain.people import Role
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


async def test_a_limit_is_raised_by_a_second_worded_tap(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/settings")
    await desk.presses("Price limits…")
    assert "Limits: 30% at once, 50% in a day, 200 prices together" in desk.text
    await desk.presses("At once: 30%")
    assert "✅ 30%" in desk.labels
    await desk.presses("50%")
    assert "At once: 30% → 50%?" in desk.text
    assert "needs no second person any more" in desk.text
    await desk.presses("No, keep")
    await desk.presses("50%")
    await desk.presses("Yes, 50% at once")
    assert desk.chat.toasts[-1] == "Saved"
    assert "Limits: 50% at once" in desk.text


async def test_lowering_says_what_it_means(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.presses_data("n1:limitto:items:50")
    assert "Prices together: 200 → 50?" in desk.text
    assert "then needs a second person" in desk.text


@pytest.mark.parametrize("data", ["items", "items:0", "items:x", "items:99999", "floor:5", "", "day:-3"])
async def test_a_bent_button_is_not_known(services: FakeServices, data: str) -> None:
    desk = Desk(services)
    await desk.presses_data(f"n1:limitto:{data}")
    assert desk.chat.toasts == ["This button no longer works. /start shows the present state."]


async def test_managers_see_no_way_to_it(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.MANAGER))
    await desk.says("/settings")
    assert "Price limits…" not in desk.labels
