"""One shop in the chat: its details, paused and resumed, unlinked with a second, worded tap."""

import pytest

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
