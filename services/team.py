"""Who works for a seller: looked at, invited, given another role, let go; and whom a person works for himself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, NotAllowed, NotFound
from domain.ids import new_id, new_token
from domain.people import Invite, Member, Role, Seller, may_give
from services.decisions import need
from services.people import found_seller, invite_hash, spend_invite
from storage.database import Connection, Database
from storage.repositories import directory, places
from storage.repositories.audit import Audit
from storage.repositories.members import Members

INVITE_LASTS = timedelta(days=1)
"""Long enough for a colleague who sleeps, short enough for a link that was forwarded."""


@dataclass(frozen=True, slots=True)
class Team:
    """A seller's people, the mightiest first, and the other sellers the one who looks works for."""

    seller: Seller
    members: tuple[Member, ...]
    elsewhere: tuple[Seller, ...]


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invite just made; its token is shown once."""

    invite: Invite
    token: str


class TeamService:
    def __init__(self, db: Database, clock: Clock, *, signup: str) -> None:
        self._db = db
        self._clock = clock
        self._signup = signup

    async def team(self, visitor: Visitor) -> Team:
        def work(conn: Connection) -> Team:
            members = Members(conn, visitor.seller_id)
            others = [
                seller
                for seller, _ in directory.sellers_of(conn, visitor.member.user_id)
                if seller.id != visitor.seller_id
            ]
            return Team(members.seller(), tuple(members.all()), tuple(others))

        return await self._db.read(work)

    async def member(self, visitor: Visitor, user_id: str) -> Member:
        """Return one of the team. Raises NotFound("member_unknown")."""
        return await self._db.read(lambda conn: _member(conn, visitor, user_id))

    async def invite(self, visitor: Visitor, role: Role) -> Invitation:
        """Make a link that brings in one person; owners may bring in anybody, managers those below them."""
        _may(visitor, role)
        now, token = self._clock(), new_token()
        made = Invite(new_id(), visitor.seller_id, role, now + INVITE_LASTS)

        def work(conn: Connection) -> None:
            directory.add_invite(conn, made, invite_hash(token), now)
            _record(conn, visitor, "invited", f"invite:{made.id}", {"role": role}, now)

        await self._db.write(work, "team.invite")
        return Invitation(made, token)

    async def join(self, visitor: Visitor, token: str) -> Visitor:
        """Bring somebody who works for one seller into another; his private chat shows the new one from then on.

        Raises NotFound("invite_unknown"), NotAllowed("invite_expired" | "signup_closed"), Conflict("invite_used").
        """
        now = self._clock()

        def work(conn: Connection) -> Visitor:
            invite = spend_invite(conn, token, visitor.member.user_id, now)
            seller_id = invite.seller_id or found_seller(conn, self._signup, visitor.member.name, now)
            known = directory.find_member(conn, seller_id, visitor.member.user_id)
            joined = known or Member(seller_id, visitor.member.user_id, visitor.member.name, invite.role)
            if known is None:
                directory.add_member(conn, joined, now)
                _record(
                    conn, visitor, "joined", f"member:{joined.user_id}", {"role": joined.role}, now, seller_id
                )
            return _looking_at(conn, visitor, joined)

        return await self._db.write(work, "team.join")

    async def switch(self, visitor: Visitor, seller_id: str) -> Visitor:
        """Have a private chat show another seller its person works for. Raises NotFound("seller_unknown")."""
        if visitor.chat.kind != "private":
            raise NotAllowed("private_only")

        def work(conn: Connection) -> Visitor:
            member = directory.find_member(conn, seller_id, visitor.member.user_id)
            if member is None:
                raise NotFound("seller_unknown")
            return _looking_at(conn, visitor, member)

        return await self._db.write(work, "team.switch")


def set_role_in(
    conn: Connection, visitor: Visitor, user_id: str, version: int, role: Role, now: datetime
) -> None:
    """Give a member another role, if he still is what was shown.

    Raises NotAllowed("role"), Conflict("last_owner"), Conflict("moved_on").
    """
    _may(visitor, role)
    member = _as_shown(conn, visitor, user_id, version)
    _may(visitor, member.role)
    if role is not Role.OWNER:
        _keep_an_owner(conn, visitor, member)
    if not Members(conn, visitor.seller_id).set_role(member, role):
        raise Conflict("moved_on")
    facts = {"before": member.role, "after": role}
    _record(conn, visitor, "role_changed", f"member:{user_id}", facts, now)


def remove_in(conn: Connection, visitor: Visitor, user_id: str, version: int, now: datetime) -> None:
    """Let a member go: all he may do here ends at once. Anybody may go by himself, but the last owner."""
    member = _as_shown(conn, visitor, user_id, version)
    if user_id != visitor.member.user_id:
        _may(visitor, member.role)
    _keep_an_owner(conn, visitor, member)
    if not Members(conn, visitor.seller_id).remove(member):
        raise Conflict("moved_on")
    _record(conn, visitor, "removed", f"member:{user_id}", {"role": member.role}, now)


def _may(visitor: Visitor, role: Role) -> None:
    need(visitor, Role.MANAGER)
    if not may_give(visitor.role, role):
        raise NotAllowed("role", needed=Role.OWNER)


def _member(conn: Connection, visitor: Visitor, user_id: str) -> Member:
    member = Members(conn, visitor.seller_id).get(user_id)
    if member is None:
        raise NotFound("member_unknown")
    return member


def _as_shown(conn: Connection, visitor: Visitor, user_id: str, version: int) -> Member:
    member = _member(conn, visitor, user_id)
    if member.version != version:
        raise Conflict("moved_on")
    return member


def _keep_an_owner(conn: Connection, visitor: Visitor, member: Member) -> None:
    owners = [each for each in Members(conn, visitor.seller_id).all() if each.role is Role.OWNER]
    if owners == [member]:
        raise Conflict("last_owner")


def _looking_at(conn: Connection, visitor: Visitor, member: Member) -> Visitor:
    if visitor.view.seller_id == member.seller_id:
        return replace(visitor, member=member)
    places.look_at(conn, visitor.view.id, member.seller_id)
    shown = replace(visitor.view, seller_id=member.seller_id, shops=frozenset())
    return Visitor(visitor.chat, shown, member)


def _record(
    conn: Connection,
    visitor: Visitor,
    action: str,
    subject: str,
    facts: Mapping[str, str],
    now: datetime,
    seller_id: str = "",
) -> None:
    Audit(conn, seller_id or visitor.seller_id).add(
        actor=visitor.member.user_id, action=f"team.{action}", subject=subject, facts=dict(facts), now=now
    )
