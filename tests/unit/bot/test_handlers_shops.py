"""One shop in the chat: its details, paused and resumed, unlinked with a second, worded tap."""

import pytest

from domain.holidays import ShopHoliday, Wish
from domain.people import Role
from domain.shops import ShopState
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


async def test_a_shop_is_paused_by_a_second_worded_tap_and_resumed(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/shops")
    await desk.presses("Rumah Kita")
    assert desk.text.startswith("🟢 <b>Shop Rumah Kita</b> · Shopee ID")
    await desk.presses("Pause this shop…")
    assert services.shops.shops[0].state is ShopState.LINKED
    assert "new orders do not ring" in desk.text
    await desk.presses("Yes, pause Rumah Kita")
    assert (desk.chat.toasts[-1], services.shops.shops[0].state) == ("Paused", ShopState.PAUSED)
    assert "Rumah Kita is paused" in desk.text
    await desk.presses("Resume: read and send again")
    assert (desk.chat.toasts[-1], services.shops.shops[0].state) == ("Resumed", ShopState.LINKED)


async def test_a_shop_is_unlinked_by_a_second_worded_tap(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/shops")
    await desk.presses("Rumah Kita")
    await desk.presses("Unlink…")
    assert services.shops.shops
    await desk.presses("No, keep")
    await desk.presses("Unlink…")
    await desk.presses("Yes, unlink Rumah Kita")
    assert desk.chat.toasts[-1] == "Unlinked"
    assert "No shop is linked yet" in desk.text


async def test_a_shop_goes_on_holiday_by_a_second_worded_tap_and_ends_it(services: FakeServices) -> None:
    services.shops.holiday = ShopHoliday(r.shop().id)
    desk = Desk(services)
    await desk.says("/shops")
    await desk.presses("Rumah Kita")
    await desk.presses("Close for a holiday…")
    assert "What is ordered already must still be shipped in time." in desk.text
    assert not services.shops.holiday.wish
    await desk.presses("Yes, close Rumah Kita")
    assert "Asking Shopee to close the shop for a holiday" in desk.text
    assert not any("holiday" in label for label in desk.labels)
    services.shops.holiday = ShopHoliday(r.shop().id, is_on=True, version=2)
    await desk.says("/shops")
    await desk.presses("Rumah Kita")
    assert "🟡 On holiday: nobody can buy here until you end it" in desk.text
    await desk.presses("End the holiday…")
    await desk.presses("Yes, open Rumah Kita again")
    assert "Asking Shopee to open the shop again" in desk.text


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.VIEWER, ["Back", "Home"]),
        (Role.PACKER, ["Sync now", "Back", "Home"]),
        (Role.MANAGER, ["Sync now", "Log in again", "Pause this shop…", "Back", "Home"]),
        (Role.OWNER, ["Sync now", "Log in again", "Pause this shop…", "Unlink…", "Back", "Home"]),
    ],
)
async def test_each_role_sees_what_it_may_do(services: FakeServices, role: Role, offered: list[str]) -> None:
    desk = Desk(services, r.visitor(role))
    await desk.says("/shops")
    await desk.presses("Rumah Kita")
    assert desk.labels == offered


async def test_a_holiday_that_was_switched_before_its_card_arrived_is_shown(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/shops")
    asked = ShopHoliday(r.shop().id, wish=Wish.ON, version=1)
    services.shops.coming = [asked, ShopHoliday(r.shop().id, is_on=True, version=2)]
    await desk.presses("Rumah Kita")
    assert "🟡 On holiday" in desk.text
