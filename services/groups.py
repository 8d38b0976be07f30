"""Groups and topics as views of a seller: connected by a manager, narrowed to shops, capped, moved, let go."""

from dataclasses import replace
from datetime import datetime

from domain.chats import Chat, View, Visitor
from domain.clock import Clock
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people import Member, Role
from services.decisions import need
from services.people import FALLBACK_ZONE, LANGUAGES, ChatRef, UserRef
from storage.database import Connection, Database
from storage.repositories import directory, places
from storage.repositories.audit import Audit
from storage.repositories.members import Members
from storage.repositories.shops import Shops

CAP = Role.MANAGER
"""What may be done in a group at most, until its managers say otherwise: nobody is the owner there."""


class GroupService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def connect(self, bot_id: str, chat: ChatRef, user: UserRef) -> Visitor:
        """Show in a group, or one topic of it, the seller whose manager asks for it there.

        Somebody who works for several sellers connects the one his private chat shows. Asked again, it is
        as it was. Raises NotAllowed("group_stranger"), NotAllowed("role"), Conflict("group_taken").
        """
        now = self._clock()

        def work(conn: Connection) -> Visitor:
            member, at_home = _asking(conn, bot_id, user)
            known = directory.find_chat(conn, bot_id, chat.telegram_id) or directory.add_chat(
                conn,
                bot_id=bot_id,
                telegram_id=chat.telegram_id,
                kind=chat.kind,
                title=chat.title,
                now=now,
            )
            view = _view(conn, known, chat.thread_id, member, at_home, now)
            return Visitor(known, view, member)

        return await self._db.write(work, "group.connect")

    async def migrate(self, bot_id: str, old_id: int, new_id: int) -> None:
        """Follow a group to its new id. Told by either of two notices, or by a refusal; once is enough."""
        await self._db.write(lambda conn: places.migrate(conn, bot_id, old_id, new_id), "group.migrate")

    async def left(self, bot_id: str, telegram_id: int, user_id: str) -> None:
        """Somebody left a group, or was put out of it: what he was allowed to do there for the seller ends.

        Owners stay owners: a seller must not lose his business by leaving a chat.
        """
        now = self._clock()

        def work(conn: Connection) -> None:
            known = directory.find_chat(conn, bot_id, telegram_id)
            view = directory.find_view(conn, known.id, None) if known else None
            if view is None:
                return
            members = Members(conn, view.seller_id)
            member = members.get(user_id)
            if member and member.role is not Role.OWNER and members.remove(member):
                Audit(conn, view.seller_id).add(
                    actor=user_id,
                    action="team.left_group",
                    subject=f"member:{user_id}",
                    facts={"role": member.role},
                    now=now,
                )

        await self._db.write(work, "group.left")

    async def set_cap(self, visitor: Visitor, role: Role) -> Visitor:
        """Say what may be done in this chat at most, whoever does it."""
        need(visitor, Role.MANAGER)
        if role.rank > CAP.rank:
            raise NotAllowed("role", needed=CAP)
        await self._set(visitor, role_cap=role)
        return replace(visitor, view=replace(visitor.view, role_cap=role))

    async def toggle_shop(self, visitor: Visitor, shop_id: str) -> Visitor:
        """Show a shop here or hide it; hiding the last one shows all again. Raises NotFound("shop_unknown")."""
        need(visitor, Role.MANAGER)
        all_of_them = await self._db.read(
            lambda conn: {shop.id for shop in Shops(conn, visitor.seller_id).all()}
        )
        if shop_id not in all_of_them:
            raise NotFound("shop_unknown")
        shown = (visitor.view.shops or all_of_them) ^ {shop_id}
        shops = frozenset() if shown in (set(), all_of_them) else frozenset(shown)
        await self._set(visitor, shops=" ".join(sorted(shops)))
        return replace(visitor, view=replace(visitor.view, shops=shops))

    async def _set(self, visitor: Visitor, **values: str) -> None:
        if visitor.chat.kind == "private":
            raise NotAllowed("group_only")
        now = self._clock()

        def work(conn: Connection) -> None:
            Members(conn, visitor.seller_id).set_view(visitor.view.id, **values)
            Audit(conn, visitor.seller_id).add(
                actor=visitor.member.user_id,
                action="group.changed",
                subject=f"view:{visitor.view.id}",
                facts=dict(values),
                now=now,
            )

        await self._db.write(work, "group.set")


def _asking(conn: Connection, bot_id: str, user: UserRef) -> tuple[Member, View | None]:
    """Return who asks, as a manager of the seller his private chat shows, or of the first one; and that view."""
    works_for = [member for _, member in directory.sellers_of(conn, user.id)]
    if not works_for:
        raise NotAllowed("group_stranger")
    home = directory.find_chat(conn, bot_id, int(user.id))
    at_home = directory.find_view(conn, home.id, None) if home else None
    managing = [member for member in works_for if member.role.may(Role.MANAGER)]
    if not managing:
        raise NotAllowed("role", needed=Role.MANAGER)
    current = next(
        (each for each in managing if at_home and each.seller_id == at_home.seller_id), managing[0]
    )
    return current, at_home


def _view(
    conn: Connection, chat: Chat, thread_id: int | None, member: Member, at_home: View | None, now: datetime
) -> View:
    """Return the view of this very place, made where there is none; a chat belongs to one seller."""
    anywhere = directory.views_of(conn, chat.id)
    if any(each.seller_id != member.seller_id for each in anywhere):
        raise Conflict("group_taken")
    here = next((each for each in anywhere if each.thread_id == thread_id), None)
    if here:
        return here
    made = directory.add_view(
        conn,
        chat_id=chat.id,
        seller_id=member.seller_id,
        language=at_home.language if at_home else LANGUAGES[0],
        zone=at_home.zone if at_home else FALLBACK_ZONE,
        now=now,
        thread_id=thread_id,
        role_cap=CAP,
    )
    Audit(conn, member.seller_id).add(
        actor=member.user_id,
        action="group.connected",
        subject=f"view:{made.id}",
        facts={"chat": chat.id},
        now=now,
    )
    return made
