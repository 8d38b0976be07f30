"""/pause in the chat: how it stands, one worded button, and everywhere a word of it while it is on."""

import pytest

from domain.pausing import STORESYNC
from domain.people import Role
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


async def test_one_worded_button_pauses_and_one_resumes(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/pause")
    assert "Nothing is paused: 1 shop takes prices and stock" in desk.text
    await desk.presses("Pause all I send to the shops")
    assert desk.chat.toasts[-1] == "Paused"
    assert "All sending is paused since 13:35" in desk.text
    await desk.presses("Resume: send what waits")
    assert desk.chat.toasts[-1] == "Resumed"
    assert "Nothing is paused" in desk.text


async def test_who_may_not_sees_how_it_stands(services: FakeServices) -> None:
    services.pausing.writes = r.writes(pause=r.pause(), prices=2, stock=14, parcels=3)
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/pause")
    assert "By Ann" in desk.text
    assert "Waiting: prices 2 · stock numbers 14 · pickups 3\n" in desk.text
    assert desk.labels == ["Shops", "Home"]


async def test_home_and_shops_lead_to_it_while_it_is_on(services: FakeServices) -> None:
    services.home.home = r.home(pause=r.pause(STORESYNC, ""))
    services.pausing.writes = r.writes(pause=r.pause(STORESYNC, ""))
    desk = Desk(services)
    await desk.says("/start")
    assert "Restored from a backup: nothing is sent" in desk.text
    await desk.presses("Resume…")
    assert "Look at a few prices and counts first" in desk.text
    await desk.presses("Shops")
    assert "Restored from a backup" in desk.text
