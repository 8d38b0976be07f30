"""Who gets in, by what, and what a view remembers of them."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.chats import ChatState, Visitor
from domain.clock import utc_now
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.people import Role
from services.people import ChatRef, PeopleService, UserRef
from services.team import TeamService
from storage.database import Database
from storage.tables.people import audit, invite, member, seller
from tests.factories import BOT, DAY
from tests.integration.services.house import House

SARI = UserRef("4711", "Sari")


def chat(user: int = 4711, kind: str = "private") -> ChatRef:
    return ChatRef(user, kind, "Sari")


def closed(house: House) -> PeopleService:
    return house.another(signup="closed").people


async def count(database: Database, table: str) -> int:
    tables = {"seller": seller, "member": member, "invite": invite}
    query = select(func.count()).select_from(tables[table])
    return await database.read(lambda conn: conn.execute(query).scalar_one())


async def visit(people: PeopleService, user: int = 4711) -> Visitor | None:
    return await people.visit(BOT, chat(user), UserRef(str(user), "Sari"))


# Getting in


async def test_a_stranger_is_nobody(house: House) -> None:
    assert await visit(house.services.people, 9999) is None
    assert await house.services.people.visit("another-bot", chat(), SARI) is None


async def test_open_sign_up_founds_a_seller_of_ones_own(house: House) -> None:
    budi = await house.services.people.admit(BOT, chat(4712), UserRef("4712", "Budi"), "", "id")
    assert (budi.role, budi.member.name, budi.view.language, budi.view.zone) == (
        Role.OWNER,
        "Budi",
        "id",
        "Asia/Jakarta",
    )
    assert budi.seller_id != house.owner.seller_id
    assert await visit(house.services.people, 4712) == budi


@pytest.mark.parametrize(
    ("hint", "language", "zone"),
    [
        ("id", "id", "Asia/Jakarta"),
        ("th", "th", "Asia/Bangkok"),
        ("ms", "en", "Asia/Kuala_Lumpur"),
        ("", "en", "Asia/Singapore"),
    ],
)
async def test_the_apps_language_is_a_hint(sqlite_house: House, hint: str, language: str, zone: str) -> None:
    people = sqlite_house.services.people
    visitor = await people.admit(BOT, chat(4712), UserRef("4712", "Budi"), "", hint)
    assert (visitor.view.language, visitor.view.zone) == (language, zone)


async def test_sign_up_is_closed_unless_it_is_opened(house: House) -> None:
    with pytest.raises(NotAllowed) as refused:
        await closed(house).admit(BOT, chat(4712), UserRef("4712", "Budi"), "", "en")
    assert refused.value.code == "signup_closed"
    assert await count(house.database, "seller") == 1


async def test_closed_the_first_seller_comes_by_the_hosts_link_and_no_second_one(database: Database) -> None:
    people = PeopleService(database, utc_now, signup="closed")
    _, first = await people.create_invite(None, Role.OWNER)
    _, second = await people.create_invite(None, Role.OWNER)
    sari = await people.admit(BOT, chat(4711), UserRef("4711", "Sari"), first, "en")
    for late in (
        people.admit(BOT, chat(4712), UserRef("4712", "Budi"), second, "en"),
        TeamService(database, utc_now, signup="closed").join(sari, second),
        people.create_invite(None, Role.OWNER),
    ):
        with pytest.raises(NotAllowed, match="signup_closed"):
            await late
    assert await count(database, "seller") == 1
    _, to_join = await people.create_invite(sari.seller_id, Role.PACKER)
    budi = await people.admit(BOT, chat(4712), UserRef("4712", "Budi"), to_join, "en")
    assert (budi.seller_id, budi.role) == (sari.seller_id, Role.PACKER)


async def test_where_the_host_invites_each_link_of_his_founds_a_seller(house: House) -> None:
    people = house.another(signup="invite").people
    with pytest.raises(NotAllowed, match="signup_closed"):
        await people.admit(BOT, chat(4712), UserRef("4712", "Budi"), "", "en")
    made, token = await people.create_invite(None, Role.OWNER)
    assert made.expires_at == house.clock() + 7 * DAY
    budi = await people.admit(BOT, chat(4712), UserRef("4712", "Budi"), token, "en")
    assert (budi.role, budi.seller_id != house.owner.seller_id) == (Role.OWNER, True)


@pytest.mark.parametrize("role", list(Role))
async def test_an_invite_of_a_seller_gives_its_role_there(sqlite_house: House, role: Role) -> None:
    house = sqlite_house
    budi = await house.join("Budi", 4712, role)
    assert (budi.role, budi.seller_id) == (role, house.owner.seller_id)
    assert await visit(house.services.people, 4712) == budi


async def test_an_invite_works_once(house: House) -> None:
    people = house.services.people
    _, token = await people.create_invite(None, Role.OWNER)
    await people.admit(BOT, chat(4712), UserRef("4712", "Budi"), token, "en")
    with pytest.raises(Conflict) as used:
        await people.admit(BOT, chat(4713), UserRef("4713", "Citra"), token, "en")
    assert used.value.code == "invite_used"
    assert await visit(people, 4713) is None


async def test_of_many_who_use_an_invite_at_once_one_gets_in(house: House) -> None:
    _, token = await house.services.people.create_invite(house.owner.seller_id, Role.MANAGER)
    results = await asyncio.gather(
        *(
            house.services.people.admit(BOT, chat(user), UserRef(str(user), "X"), token, "en")
            for user in range(5000, 5008)
        ),
        return_exceptions=True,
    )
    assert len([each for each in results if isinstance(each, Visitor)]) == 1
    assert len([each for each in results if isinstance(each, Conflict) and each.code == "invite_used"]) == 7
    assert await count(house.database, "member") == 2


async def test_an_invite_ends_after_seven_days(sqlite_house: House) -> None:
    people = sqlite_house.services.people
    _, token = await people.create_invite(None, Role.OWNER)
    sqlite_house.clock.advance(7 * DAY - timedelta(seconds=1))
    _, later = await people.create_invite(None, Role.OWNER)
    sqlite_house.clock.advance(timedelta(seconds=1))
    with pytest.raises(NotAllowed) as late:
        await people.admit(BOT, chat(4712), UserRef("4712", "Budi"), token, "en")
    assert late.value.code == "invite_expired"
    visitor = await people.admit(BOT, chat(4712), UserRef("4712", "Budi"), later, "en")
    assert visitor.role is Role.OWNER


@pytest.mark.parametrize("token", ["x", "A" * 22, "'; DROP TABLE invite; --", "ก" * 22])
async def test_a_guessed_invite_is_unknown(sqlite_house: House, token: str) -> None:
    with pytest.raises(NotFound) as unknown:
        await sqlite_house.services.people.admit(BOT, chat(4712), UserRef("4712", "Budi"), token, "en")
    assert unknown.value.code == "invite_unknown"
    assert await count(sqlite_house.database, "seller") == 1


async def test_an_invites_token_is_stored_as_a_hash_only(sqlite_house: House) -> None:
    _, token = await sqlite_house.services.people.create_invite(None, Role.OWNER)
    row = await sqlite_house.database.read(lambda conn: conn.execute(select(invite)).one())
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(row)


async def test_joining_is_audited(sqlite_house: House) -> None:
    budi = await sqlite_house.join("Budi", 4712, Role.PACKER)
    query = select(audit.c.actor, audit.c.action, audit.c.subject, audit.c.facts).order_by(audit.c.seq.desc())
    row = await sqlite_house.database.read(lambda conn: conn.execute(query).first())
    assert row
    assert tuple(row) == (budi.member.user_id, "joined", "member:4712", '{"role": "packer"}')


# Roles, where they are seen


@pytest.mark.parametrize("cap", list(Role))
@pytest.mark.parametrize("role", list(Role))
async def test_a_view_caps_the_role_and_never_raises_it(sqlite_house: House, role: Role, cap: Role) -> None:
    owner = sqlite_house.owner
    seen = replace(owner, view=replace(owner.view, role_cap=cap), member=replace(owner.member, role=role))
    assert seen.role is min(role, cap, key=["viewer", "packer", "manager", "owner"].index)


# Settings


async def test_language_and_zone_are_the_views(house: House) -> None:
    people = house.services.people
    colleague = await house.join("Budi", 4712, Role.OWNER)
    seen = await people.set_zone(await people.set_language(house.owner, "id"), "asia/makassar")
    assert (seen.view.language, seen.view.zone) == ("id", "Asia/Makassar")
    assert await visit(people) == seen
    assert await visit(people, 4712) == colleague


@pytest.mark.parametrize("language", ["", "xx", "EN", "../en"])
async def test_a_language_we_do_not_speak_is_refused(sqlite_house: House, language: str) -> None:
    with pytest.raises(InputError) as refused:
        await sqlite_house.services.people.set_language(sqlite_house.owner, language)
    assert refused.value.code == "language_unknown"


@pytest.mark.parametrize("zone", ["", "Nowhere", "../../etc/passwd", "UTC+7", "Asia/", "Asia/Jakarta\x00"])
async def test_a_zone_that_does_not_exist_is_refused(sqlite_house: House, zone: str) -> None:
    with pytest.raises(InputError) as refused:
        await sqlite_house.services.people.set_zone(sqlite_house.owner, zone)
    assert refused.value.code == "zone_unknown"


# Chats that come and go


@pytest.mark.parametrize("state", [ChatState.BLOCKED, ChatState.REMOVED, ChatState.READ_ONLY])
async def test_a_chat_that_is_gone_is_back_with_the_next_word(house: House, state: ChatState) -> None:
    people = house.services.people
    await people.chat_gone(BOT, 4711, state)
    seen = await visit(people)
    assert seen
    assert seen.chat.state is state
    again = await visit(people)
    assert again
    assert again.chat.state is ChatState.ACTIVE


async def test_a_chat_nobody_knows_may_be_gone(sqlite_house: House) -> None:
    await sqlite_house.services.people.chat_gone(BOT, 123, ChatState.BLOCKED)
    await sqlite_house.services.people.chat_back(BOT, 123)
    assert await visit(sqlite_house.services.people, 123) is None
