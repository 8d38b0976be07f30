"""Who is speaking, from where, and how they came to be allowed in."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from domain.chats import Chat, ChatState, View, Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.ids import new_id, new_token
from domain.people import Invite, Member, Role
from services.schedules import follow_zone
from storage.database import Connection, Database
from storage.repositories import directory
from storage.repositories.audit import Audit
from storage.repositories.members import Members

CLOSED = "closed"
INVITE_LASTS = timedelta(days=7)
LANGUAGES = ("en", "id", "th", "vi")
HOME_ZONES = {"id": "Asia/Jakarta", "th": "Asia/Bangkok", "vi": "Asia/Ho_Chi_Minh", "ms": "Asia/Kuala_Lumpur"}
FALLBACK_ZONE = "Asia/Singapore"
ZONES_OF_REGIONS = {
    "ID": "Asia/Jakarta",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
    "MY": "Asia/Kuala_Lumpur",
    "PH": "Asia/Manila",
    "TW": "Asia/Taipei",
    "BR": "America/Sao_Paulo",
    "MX": "America/Mexico_City",
    "CL": "America/Santiago",
    "CO": "America/Bogota",
}
"""Where most sellers of a region are: the zone of a view that has only a fallback, until somebody chooses."""


@dataclass(frozen=True, slots=True)
class ChatRef:
    """A Telegram chat as an update names it."""

    telegram_id: int
    kind: str
    title: str
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class UserRef:
    """A Telegram user as an update names them; `language` is the app's hint and may be empty."""

    id: str
    name: str
    language: str = ""
    is_chat_itself: bool = False
    """An administrator who hides behind his group: nobody knows which, so he may look and nothing else."""

    def as_member_of(self, view: View) -> Member | None:
        return Member(view.seller_id, "", self.name, Role.VIEWER) if self.is_chat_itself else None


class PeopleService:
    def __init__(self, db: Database, clock: Clock, *, signup: str) -> None:
        self._db = db
        self._clock = clock
        self._signup = signup

    async def visit(self, bot_id: str, chat: ChatRef, user: UserRef) -> Visitor | None:
        """Return who speaks and from where, or None for a stranger."""

        def work(conn: Connection) -> Visitor | None:
            known = directory.find_chat(conn, bot_id, chat.telegram_id)
            view = known and directory.view_for(conn, known.id, chat.thread_id)
            member = view and (
                user.as_member_of(view) or directory.find_member(conn, view.seller_id, user.id)
            )
            return Visitor(known, view, member) if known and view and member else None

        visitor = await self._db.read(work)
        if visitor and visitor.chat.state is not ChatState.ACTIVE:
            await self.chat_back(bot_id, chat.telegram_id)
        return visitor

    async def admit(self, bot_id: str, chat: ChatRef, user: UserRef, token: str, language: str) -> Visitor:
        """Let a stranger in by invite, or as the owner of a new seller where sign-up is open.

        Raises NotAllowed("signup_closed"), and what `spend_invite` raises.
        """
        if chat.kind != "private":
            raise NotAllowed("private_only")
        if not token and self._signup != "open":
            raise NotAllowed("signup_closed")
        now = self._clock()

        def work(conn: Connection) -> Visitor:
            invite = spend_invite(conn, token, user.id, now) if token else None
            seller_id = invite.seller_id if invite else None
            if seller_id is None:
                seller_id = found_seller(conn, self._signup, user.name, now)
            member = directory.find_member(conn, seller_id, user.id)
            if member is None:
                member = Member(seller_id, user.id, user.name, invite.role if invite else Role.OWNER)
                directory.add_member(conn, member, now)
            known = directory.find_chat(conn, bot_id, chat.telegram_id) or self._add_chat(conn, bot_id, chat)
            view = directory.find_view(conn, known.id, chat.thread_id) or directory.add_view(
                conn,
                chat_id=known.id,
                seller_id=seller_id,
                language=language if language in LANGUAGES else LANGUAGES[0],
                zone=HOME_ZONES.get(language, FALLBACK_ZONE),
                now=now,
            )
            Audit(conn, seller_id).add(
                actor=user.id,
                action="joined",
                subject=f"member:{user.id}",
                facts={"role": member.role},
                now=now,
            )
            return Visitor(known, view, member)

        return await self._db.write(work, "people.admit")

    async def create_invite(self, seller_id: str | None, role: Role) -> tuple[Invite, str]:
        """Return a new invite and its token, which is shown once and stored as a hash only.

        Raises NotAllowed("signup_closed") for a new seller where there may be none.
        """
        now = self._clock()
        token = new_token()
        invite = Invite(new_id(), seller_id, role, now + INVITE_LASTS)

        def work(conn: Connection) -> None:
            if seller_id is None:
                assert_may_found(conn, self._signup)
            directory.add_invite(conn, invite, invite_hash(token), now)

        await self._db.write(work, "people.create_invite")
        return invite, token

    async def set_language(self, visitor: Visitor, language: str) -> Visitor:
        if language not in LANGUAGES:
            raise InputError("language_unknown", language=language)
        return await self._set_view(visitor, language=language)

    async def set_zone(self, visitor: Visitor, zone: str) -> Visitor:
        by_name = {name.casefold(): name for name in available_timezones()}
        found = by_name.get(zone.strip().replace(" ", "_").casefold())
        if found is None:
            raise InputError("zone_unknown", zone=zone)
        view = visitor.view

        def work(conn: Connection) -> None:
            Members(conn, view.seller_id).set_view(view.id, zone=found)
            follow_zone(conn, view.id, found)

        await self._db.write(work, "people.set_zone")
        return replace(visitor, view=replace(view, zone=found))

    async def chat_gone(self, bot_id: str, telegram_id: int, state: ChatState) -> None:
        """Note that a chat cannot be written to any more."""
        await self._set_chat(bot_id, telegram_id, state)

    async def chat_back(self, bot_id: str, telegram_id: int) -> None:
        """Note that a chat can be written to again."""
        await self._set_chat(bot_id, telegram_id, ChatState.ACTIVE)

    async def _set_chat(self, bot_id: str, telegram_id: int, state: ChatState) -> None:
        def work(conn: Connection) -> None:
            known = directory.find_chat(conn, bot_id, telegram_id)
            if known:
                directory.set_chat(conn, known.id, state=state)

        await self._db.write(work, "people.set_chat")

    async def _set_view(self, visitor: Visitor, **values: str) -> Visitor:
        view = visitor.view
        await self._db.write(
            lambda conn: Members(conn, view.seller_id).set_view(view.id, **values), "people.set_view"
        )
        return replace(visitor, view=replace(view, **values))  # type: ignore[arg-type]

    def _add_chat(self, conn: Connection, bot_id: str, chat: ChatRef) -> Chat:
        return directory.add_chat(
            conn,
            bot_id=bot_id,
            telegram_id=chat.telegram_id,
            kind=chat.kind,
            title=chat.title,
            now=self._clock(),
        )


def found_seller(conn: Connection, signup: str, name: str, now: datetime) -> str:
    """Found a seller and return its id. Raises NotAllowed("signup_closed")."""
    assert_may_found(conn, signup)
    return directory.found_seller(conn, name, now).id


def assert_may_found(conn: Connection, signup: str) -> None:
    """Raise NotAllowed("signup_closed") where the host wants no seller beside the first."""
    if signup == CLOSED and directory.has_sellers(conn):
        raise NotAllowed("signup_closed")


def spend_invite(conn: Connection, token: str, user_id: str, now: datetime) -> Invite:
    """Use an invite up. Raises NotFound("invite_unknown"), NotAllowed("invite_expired"), Conflict("invite_used")."""
    invite = directory.find_invite(conn, invite_hash(token))
    if invite is None:
        raise NotFound("invite_unknown")
    if invite.expires_at <= now:
        raise NotAllowed("invite_expired")
    if not directory.use_invite(conn, invite.id, user_id, now):
        raise Conflict("invite_used")
    return invite


def invite_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
