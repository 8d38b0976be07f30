"""Groups and topics as views of a seller: connected, capped, narrowed, moved to another id, left."""

import pytest

from domain.chats import Visitor
from domain.errors import Conflict, NotAllowed, NotFound
from domain.events import EventKind
from domain.people import Role
from services.outbox import tell
from services.people import ChatRef, UserRef
from storage.repositories.cards import Cards
from tests.factories import BOT
from tests.integration.services.house import House

GROUP = ChatRef(-5001, "group", "Rumah Kita")
FORUM = ChatRef(-1005002, "supergroup", "Rumah Kita")
TOPIC = ChatRef(-1005002, "supergroup", "Rumah Kita", 77)
SARI = UserRef("4711", "Sari")


async def _connect(house: House, chat: ChatRef = GROUP, user: UserRef = SARI) -> Visitor:
    return await house.services.groups.connect(BOT, chat, user)


async def _visit(house: House, chat: ChatRef, user: UserRef) -> Visitor | None:
    return await house.services.people.visit(BOT, chat, user)


async def _heard(house: House, shop_id: str = "") -> list[str]:
    return await house.database.read(lambda conn: Cards(conn, house.owner.seller_id).views(shop_id))


async def test_group_shows_the_seller_of_its_manager_and_caps_the_owner(house: House) -> None:
    sari = await _connect(house)
    assert (sari.seller_id, sari.role, sari.member.role) == (
        house.owner.seller_id,
        Role.MANAGER,
        Role.OWNER,
    )
    assert sari.view.id in await _heard(house)
    assert await _connect(house) == sari


async def test_member_of_the_team_has_his_own_role_in_the_group(house: House) -> None:
    await _connect(house)
    await house.join("Budi", 4713, Role.PACKER)
    budi = await _visit(house, GROUP, UserRef("4713", "Budi"))
    assert budi is not None
    assert budi.role is Role.PACKER
    assert await _visit(house, GROUP, UserRef("4999", "Somebody")) is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PACKER])
async def test_only_managers_connect_a_group(sqlite_house: House, role: Role) -> None:
    await sqlite_house.join("Budi", 4713, role)
    with pytest.raises(NotAllowed, match="role"):
        await _connect(sqlite_house, user=UserRef("4713", "Budi"))


async def test_stranger_connects_nothing(house: House) -> None:
    with pytest.raises(NotAllowed, match="group_stranger"):
        await _connect(house, user=UserRef("4999", "Somebody"))


async def test_group_belongs_to_one_seller(house: House) -> None:
    await _connect(house)
    await house.found("Tini", 4750)
    with pytest.raises(Conflict, match="group_taken"):
        await _connect(house, user=UserRef("4750", "Tini"))


async def test_who_hides_behind_the_group_may_look_only(house: House) -> None:
    await _connect(house)
    hidden = await _visit(house, GROUP, UserRef("1087968824", "Group", is_chat_itself=True))
    assert hidden is not None
    assert hidden.role is Role.VIEWER


async def test_topic_has_its_own_view_or_its_groups(house: House) -> None:
    whole = await _connect(house, FORUM)
    seen = await _visit(house, TOPIC, SARI)
    assert seen is not None
    assert seen.view == whole.view
    topic = await _connect(house, TOPIC)
    assert (topic.view.thread_id, topic.view.id != whole.view.id) == (77, True)
    assert await _visit(house, TOPIC, SARI) == topic


async def test_cap_holds_for_everybody_there(house: House) -> None:
    sari = await house.services.groups.set_cap(await _connect(house), Role.PACKER)
    assert sari.role is Role.PACKER
    seen = await _visit(house, GROUP, SARI)
    assert seen is not None
    assert seen.role is Role.PACKER
    with pytest.raises(NotAllowed, match="role"):
        await house.services.groups.set_cap(sari, Role.VIEWER)


async def test_private_chat_is_not_capped(house: House) -> None:
    with pytest.raises(NotAllowed, match="group_only"):
        await house.services.groups.set_cap(house.owner, Role.VIEWER)


async def test_hidden_shop_is_neither_listed_nor_heard(house: House) -> None:
    here, hidden = await house.link("600011"), await house.link("600012")
    sari = await _connect(house)
    sari = await house.services.groups.toggle_shop(sari, hidden.id)
    assert [shop.id for shop in await house.services.shops.list_shops(sari)] == [here.id]
    assert sari.view.id in await _heard(house, here.id)
    assert sari.view.id not in await _heard(house, hidden.id)
    sari = await house.services.groups.toggle_shop(sari, hidden.id)
    assert sari.view.shops == frozenset()
    with pytest.raises(NotFound, match="shop_unknown"):
        await house.services.groups.toggle_shop(sari, "0" * 16)


async def test_hiding_the_last_shop_shows_all_again(sqlite_house: House) -> None:
    shop = await sqlite_house.link("600011")
    sari = await sqlite_house.services.groups.toggle_shop(await _connect(sqlite_house), shop.id)
    assert sari.view.shops == frozenset()


async def test_group_is_followed_to_its_new_id_with_what_waits(house: House) -> None:
    sari = await _connect(house)
    await _tell(house, "first")
    await house.services.cards.remember(
        sari.seller_id, sari.view.id, 5, subject="proposal", subject_id="p1", version=1
    )
    for _ in range(2):  # either notice may come, or both
        await house.services.groups.migrate(BOT, -5001, -1009)
    assert await _visit(house, GROUP, SARI) is None
    moved = await _visit(house, ChatRef(-1009, "supergroup", "Rumah Kita"), SARI)
    assert moved is not None
    assert moved.view == sari.view
    waiting = [item for item in await house.services.outbox.claim() if item.view.id == sari.view.id]
    assert [item.chat.telegram_id for item in waiting] == [-1009]
    assert await house.services.cards.of(sari.seller_id, "proposal", "p1") == []


async def test_group_known_under_its_new_id_takes_over_what_waits(house: House) -> None:
    await _connect(house)
    await _tell(house, "first")
    new = await _connect(house, ChatRef(-1009, "supergroup", "Rumah Kita"))
    await _tell(house, "second")
    await house.services.groups.migrate(BOT, -5001, -1009)
    told: dict[int, int] = {}
    while items := await house.services.outbox.claim():
        for item in items:
            told[item.chat.telegram_id] = told.get(item.chat.telegram_id, 0) + 1
            await house.services.outbox.sent(item, 1)
    assert told[new.chat.telegram_id] == 2
    assert -5001 not in told


async def test_unknown_group_moves_nothing(house: House) -> None:
    await house.services.groups.migrate(BOT, -999, -1009)
    assert await _visit(house, ChatRef(-1009, "supergroup", "X"), SARI) is None


async def test_who_leaves_the_group_leaves_the_team_but_an_owner(house: House) -> None:
    await _connect(house)
    await house.join("Budi", 4713, Role.PACKER)
    for user_id in ("4713", "4711", "4999"):
        await house.services.groups.left(BOT, GROUP.telegram_id, user_id)
    team = await house.services.team.team(house.owner)
    assert [member.name for member in team.members] == ["Sari"]
    assert "team.left_group" in await house.audited()


async def test_leaving_a_group_that_shows_nothing_ends_nothing(house: House) -> None:
    await house.join("Budi", 4713, Role.PACKER)
    await house.services.groups.left(BOT, -777, "4713")
    assert len((await house.services.team.team(house.owner)).members) == 2


async def _tell(house: House, key: str) -> None:
    payload = {"shop_id": ""}
    now = house.clock()
    await house.database.write(
        lambda conn: tell(conn, house.owner.seller_id, EventKind.SHOP_CUT_OFF, key, payload, now=now),
        "t",
    )
