"""Handlers around what a chat hears."""

import pytest

from domain.alerts import Alert, Loudness
from tests.fakes.services import FakeServices
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_a_press_cycles_an_alert_in_place(desk: Desk, services: FakeServices) -> None:
    await desk.says("/alerts")
    for label, then in [
        ("New orders 🔔", Loudness.SILENT),
        ("New orders 🔕", Loudness.DROP),
        ("New orders ✖️", Loudness.SOUND),
    ]:
        await desk.presses(label)
        assert services.alerts.chosen.of(Alert.NEW_ORDERS) is then
    assert "8 of 8 with sound" in desk.text
    assert len(desk.chat.messages) == 1


async def test_what_waits_for_a_person_is_refused_to_be_off(desk: Desk) -> None:
    await desk.says("/alerts")
    await desk.presses_data("n1:alert:cut_off:drop")
    assert desk.chat.toasts[-1] == "This waits for a person, so it can be silent, but not off."


async def test_quiet_hours_are_one_tap(desk: Desk) -> None:
    await desk.says("/alerts")
    await desk.presses("Quiet hours: none")
    await desk.presses("22:00-07:00")
    assert "Quiet hours: 22:00-07:00" in desk.text
    await desk.presses("Back")
    assert "Quiet 22:00-07:00" in desk.labels


async def test_a_snooze_leaves_its_message_and_is_ended_in_alerts(desk: Desk) -> None:
    await desk.says("/alerts")
    shown = desk.text
    await desk.presses_data("n1:snooze:new_orders")
    assert (desk.chat.toasts[-1], desk.text) == ("Silent for an hour", shown)
    await desk.says("/alerts")
    await desk.presses("Sound again: New orders")
    assert "Sound again: New orders" not in desk.labels


@pytest.mark.parametrize(
    "data", ["alert:mars:sound", "alert:new_orders:loud", "alert:new_orders", "quietfrom:9-5", "dailyat:25"]
)
async def test_forged_buttons_are_not_known(desk: Desk, services: FakeServices, data: str) -> None:
    before = services.alerts.chosen
    await desk.presses_data(f"n1:{data}")
    assert services.alerts.chosen == before
