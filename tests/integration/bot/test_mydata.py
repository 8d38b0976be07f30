"""/status, /mydata and /forget over real services: what is shown, what is handed over, and what is gone."""

import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import func, select

from bot.lane import Post
from bot.screen import Screen
from bot.sender import Sender
from domain.people import Role
from domain.shops import ShopState
from services.people import ChatRef, UserRef
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from storage.repositories.shops import Shops
from storage.tables import metadata
from tests.fakes.services import FakeServices
from tests.integration.bot.phone import Phone
from tests.integration.services.house import House
from tests.unit.bot.desk import Desk


def desk_of(house: House, visitor: object = None) -> Desk:
    services = cast("FakeServices", SimpleNamespace(as_services=house.services))
    return Desk(services, visitor or house.owner)  # type: ignore[arg-type]


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    made = await House(sqlite_database).open()
    await made.stocked()
    return made


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_of(house)


async def sellers(house: House) -> int:
    query = select(func.count()).select_from(metadata.tables["seller"])
    return await house.database.read(lambda conn: conn.scalar(query) or 0)


async def test_status_leads_with_what_is_wrong(house: House, desk: Desk) -> None:
    await desk.says("/status")
    assert "All is well: 1 shop in sync" in desk.text.splitlines()[0]
    shop = await house.shop_of("600011")
    mine = house.owner.seller_id
    await house.database.write(
        lambda conn: Shops(conn, mine).set(
            shop.id, trouble="platform_unavailable", trouble_since=house.clock()
        ),
        "t",
    )
    await desk.presses("Refresh")
    assert "1 shop does not answer" in desk.text.splitlines()[0]
    assert "has not answered since" in desk.text
    await house.database.write(lambda conn: Shops(conn, mine).set(shop.id, state=ShopState.NEEDS_RELINK), "t")
    await desk.presses("Refresh")
    assert "1 shop is cut off" in desk.text.splitlines()[0]


async def test_status_tells_of_unknown_words_of_ones_own_platforms(house: House, desk: Desk) -> None:
    meters = house.services.metrics.meters
    meters.odd("bazaar", "order status", "TELEPORTED")
    meters.odd("elsewhere", "order status", "FROZEN")
    for path in ("response.shelf", "response.rack"):
        meters.odd("bazaar", "field", f"get_item_base_info {path}")
    await house.services.host.flush()
    await desk.says("/status")
    assert "1 word of a platform that I do not know" in desk.text
    assert "A platform changed its interface: 2 new fields" in desk.text
    told = [note.facts for note in await house.services.host.waiting() if note.kind == "unknown_field"]
    assert told == [{"platform": "bazaar", "operation": "get_item_base_info", "path": "response.rack"}]


async def test_my_data_comes_as_a_file_that_is_not_kept(desk: Desk) -> None:
    await desk.says("/mydata")
    assert "Everything kept of you" in desk.text
    assert isinstance(desk.screen.document, Path)
    assert not desk.screen.document.exists()


async def test_a_file_arrives_in_the_chat(
    telegram: TelegramSimulator, sender: Sender, sari: Phone, tmp_path: Path
) -> None:
    file = tmp_path / "storesync.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("seller.jsonl", "{}\n")
    shown = await sender.show(Post(sari.id, Screen("<b>Yours</b>", document=file)))
    assert shown
    assert telegram.violations == []
    (call,) = telegram.engine.calls.calls(method="sendDocument")
    assert call.params["caption"] == "<b>Yours</b>"


async def test_everything_is_forgotten_when_the_name_is_typed(house: House, desk: Desk) -> None:
    await desk.says("/forget")
    assert "type this name" in desk.text
    assert "Sari" in desk.text
    await desk.says("Sarah")
    assert "nothing was deleted" in desk.text
    assert await sellers(house) == 1
    await desk.says("sari")
    assert "Everything is deleted" in desk.text
    assert await sellers(house) == 0
    assert await house.services.people.visit("770011", house_chat(house), house_user(house)) is None


async def test_forgetting_can_be_called_off(house: House, desk: Desk) -> None:
    await desk.says("/forget")
    await desk.presses("Cancel")
    assert "Nothing was deleted" in desk.text
    await desk.says("Sari")
    assert await sellers(house) == 1


async def test_a_manager_takes_nothing_out_and_forgets_nothing(house: House) -> None:
    manager = await house.join("Budi", 4712, Role.MANAGER)
    desk = desk_of(house, manager)
    await desk.says("/mydata")
    assert "Only" in desk.text
    await house.services.dialogues.ask(manager, "forget", {})
    await desk.says("Sari")
    assert await sellers(house) == 1


def house_chat(house: House) -> ChatRef:
    return ChatRef(house.owner.chat.telegram_id, "private", "Sari")


def house_user(house: House) -> UserRef:
    return UserRef(house.owner.member.user_id, "Sari")
