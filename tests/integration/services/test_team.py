"""Members, roles and invites: who may do what to whom, and what ends at once."""

from datetime import timedelta

import pytest

from domain.chats import Visitor
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people import Role
from domain.tickets import Action
from services.people import ChatRef, UserRef
from services.views import PressResult
from storage.repositories.cards import Cards
from tests.factories import BOT
from tests.integration.services.house import MESSAGE, House

DAY = timedelta(days=1)


async def _press(house: House, by: Visitor, action: Action, user_id: str, version: int = 0) -> PressResult:
    token = await house.services.buttons.token(by.view.id, action, user_id, version, Role.VIEWER)
    return (await house.services.buttons.press(by, token, MESSAGE)).result


async def _roles(house: House) -> dict[str, Role]:
    return {each.name: each.role for each in (await house.services.team.team(house.owner)).members}


async def test_team_lists_the_mightiest_first(house: House) -> None:
    await house.join("Budi", 4713, Role.PACKER)
    await house.join("Ann", 4712, Role.MANAGER)
    assert list(await _roles(house)) == ["Sari", "Ann", "Budi"]


async def test_invite_brings_in_one_person_with_its_role(house: House) -> None:
    made = await house.services.team.invite(house.owner, Role.PACKER)
    chat, budi = ChatRef(4713, "private", "Budi"), UserRef("4713", "Budi")
    visitor = await house.services.people.admit(BOT, chat, budi, made.token, "en")
    assert (visitor.seller_id, visitor.role) == (house.owner.seller_id, Role.PACKER)
    with pytest.raises(Conflict, match="invite_used"):
        await house.services.people.admit(BOT, chat, UserRef("4799", "X"), made.token, "en")


async def test_invite_ends_after_a_day(house: House) -> None:
    made = await house.services.team.invite(house.owner, Role.PACKER)
    house.clock.advance(DAY + timedelta(seconds=1))
    stranger = ChatRef(4713, "private", "Budi")
    with pytest.raises(NotAllowed, match="invite_expired"):
        await house.services.people.admit(BOT, stranger, UserRef("4713", "Budi"), made.token, "en")


async def test_invite_is_not_taken_in_a_group(house: House) -> None:
    made = await house.services.team.invite(house.owner, Role.PACKER)
    group = ChatRef(-1001, "group", "Team")
    with pytest.raises(NotAllowed, match="private_only"):
        await house.services.people.admit(BOT, group, UserRef("4713", "Budi"), made.token, "en")


@pytest.mark.parametrize(
    ("giver", "may"),
    [
        (Role.OWNER, {Role.VIEWER, Role.PACKER, Role.MANAGER, Role.OWNER}),
        (Role.MANAGER, {Role.VIEWER, Role.PACKER}),
        (Role.PACKER, set()),
        (Role.VIEWER, set()),
    ],
)
async def test_nobody_brings_in_his_equals_but_owners(
    sqlite_house: House, giver: Role, may: set[Role]
) -> None:
    house = sqlite_house
    visitor = house.owner if giver is Role.OWNER else await house.join("Ann", 4712, giver)
    allowed = set()
    for role in Role:
        try:
            await house.services.team.invite(visitor, role)
        except NotAllowed:
            continue
        allowed.add(role)
    assert allowed == may


async def test_role_is_changed_by_a_button_and_counts_at_the_next_step(house: House) -> None:
    ann = await house.join("Ann", 4712, Role.VIEWER)
    assert await _press(house, house.owner, Action.MAKE_MANAGER, "4712") is PressResult.ROLE_CHANGED
    again = await house.services.people.visit(BOT, ChatRef(4712, "private", "Ann"), UserRef("4712", "Ann"))
    assert again is not None
    assert (ann.role, again.role) == (Role.VIEWER, Role.MANAGER)
    assert "team.role_changed" in await house.audited()


async def test_button_of_a_role_that_changed_meanwhile_does_nothing(house: House) -> None:
    await house.join("Ann", 4712, Role.VIEWER)
    other = await house.join("Wati", 4714, Role.OWNER)
    token = await house.services.buttons.token(other.view.id, Action.MAKE_PACKER, "4712", 0, Role.MANAGER)
    await _press(house, house.owner, Action.MAKE_MANAGER, "4712")
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.buttons.press(other, token, MESSAGE)
    assert (await _roles(house))["Ann"] is Role.MANAGER


async def test_manager_changes_packers_and_not_his_equals(house: House) -> None:
    ann = await house.join("Ann", 4712, Role.MANAGER)
    await house.join("Budi", 4713, Role.PACKER)
    await _press(house, ann, Action.MAKE_VIEWER, "4713")
    for action, whom in ((Action.MAKE_MANAGER, "4713"), (Action.REMOVE_MEMBER, "4711")):
        with pytest.raises(NotAllowed, match="role"):
            await _press(house, ann, action, whom, version=1 if whom == "4713" else 0)
    assert await _roles(house) == {"Sari": Role.OWNER, "Ann": Role.MANAGER, "Budi": Role.VIEWER}


async def test_last_owner_stays(house: House) -> None:
    for action in (Action.REMOVE_MEMBER, Action.MAKE_MANAGER):
        with pytest.raises(Conflict, match="last_owner"):
            await _press(house, house.owner, action, "4711")
    await house.join("Wati", 4714, Role.OWNER)
    await _press(house, house.owner, Action.MAKE_MANAGER, "4711")
    assert await _roles(house) == {"Wati": Role.OWNER, "Sari": Role.MANAGER}


async def test_removed_member_is_a_stranger_and_hears_nothing(house: House) -> None:
    budi = await house.join("Budi", 4713, Role.PACKER)
    await _press(house, house.owner, Action.REMOVE_MEMBER, "4713")
    chat, user = ChatRef(4713, "private", "Budi"), UserRef("4713", "Budi")
    assert await house.services.people.visit(BOT, chat, user) is None
    heard = await house.database.read(lambda conn: Cards(conn, house.owner.seller_id).views())
    assert house.owner.view.id in heard
    assert budi.view.id not in heard


async def test_anybody_may_go_by_himself(house: House) -> None:
    budi = await house.join("Budi", 4713, Role.VIEWER)
    assert await _press(house, budi, Action.REMOVE_MEMBER, "4713") is PressResult.MEMBER_REMOVED
    assert "Budi" not in await _roles(house)


async def test_one_person_works_for_two_sellers_and_sees_one_at_a_time(house: House) -> None:
    tini = await house.found("Tini", 4750)
    made = await house.services.team.invite(tini, Role.MANAGER)
    there = await house.services.team.join(house.owner, made.token)
    assert (there.seller_id, there.role) == (tini.seller_id, Role.MANAGER)
    team = await house.services.team.team(there)
    assert [seller.id for seller in team.elsewhere] == [house.owner.seller_id]
    back = await house.services.team.switch(there, house.owner.seller_id)
    assert (back.seller_id, back.role) == (house.owner.seller_id, Role.OWNER)
    chat, user = ChatRef(4711, "private", "Sari"), UserRef("4711", "Sari")
    assert await house.services.people.visit(BOT, chat, user) == back


async def test_sellers_one_does_not_work_for_are_unknown(house: House) -> None:
    tini = await house.found("Tini", 4750)
    with pytest.raises(NotFound, match="seller_unknown"):
        await house.services.team.switch(house.owner, tini.seller_id)
    with pytest.raises(NotFound, match="member_unknown"):
        await house.services.team.member(house.owner, "4750")
    with pytest.raises(NotFound, match="member_unknown"):
        await _press(house, house.owner, Action.REMOVE_MEMBER, "4750")
