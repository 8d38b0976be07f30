"""Cards, button tickets and dialogues: what the bot has shown and asked, in the views of one seller."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, and_, cast, delete, or_, select, update

from domain.chats import PRIVATE, Card, ChatState, Dialogue
from domain.people import Role
from domain.tickets import Action, ButtonTicket
from storage.insertion import insert_new
from storage.repositories import rows
from storage.tables.chats import button_ticket, card, chat, dialogue, view
from storage.tables.people import member
from storage.upsert import upsert


class Cards:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def remember(self, shown: Card, now: datetime) -> None:
        """Note what a message shows now; the same message may come to show another subject."""
        values = {
            "id": shown.id,
            "view_id": shown.view_id,
            "message_id": shown.message_id,
            "media": shown.media,
            "subject": shown.subject,
            "subject_id": shown.subject_id,
            "version": shown.version,
            "shown_at": now,
        }
        fresh = ["media", "subject", "subject_id", "version", "shown_at"]
        upsert(self._conn, card, [values], keys=["view_id", "message_id"], update=fresh)

    def is_card(self, view_id: str, message_id: int) -> bool:
        query = select(card.c.id).where(card.c.view_id == view_id, card.c.message_id == message_id)
        return self._conn.execute(query).first() is not None

    def forget(self, view_id: str, message_id: int) -> None:
        self._conn.execute(delete(card).where(card.c.view_id == view_id, card.c.message_id == message_id))

    def of(self, subject: str, subject_id: str) -> list[Card]:
        """Return the messages that show a subject, in all views of the seller."""
        query = (
            select(card)
            .join(view, view.c.id == card.c.view_id)
            .where(
                view.c.seller_id == self._seller_id,
                card.c.subject == subject,
                card.c.subject_id == subject_id,
            )
        )
        return [rows.card_of(row) for row in self._conn.execute(query)]

    def views(self, shop_id: str = "") -> list[str]:
        """Return the ids of the views in which the seller is heard; with a shop, those that show it.

        A chat that cannot be written to hears nothing, nor does the private chat of somebody who left.
        """
        query = (
            select(view)
            .join(chat, chat.c.id == view.c.chat_id)
            .join(member, self._at_home(), isouter=True)
            .where(
                view.c.seller_id == self._seller_id,
                chat.c.state == ChatState.ACTIVE,
                or_(chat.c.kind != PRIVATE, member.c.user_id.is_not(None)),
            )
        )
        found = map(rows.view_of, self._conn.execute(query))
        return [each.id for each in found if not shop_id or each.shows(shop_id)]

    def views_of_owners(self, shop_id: str) -> list[str]:
        """Return the ids of the private views of owners that show a shop: what only they can put right."""
        query = (
            select(view)
            .join(chat, chat.c.id == view.c.chat_id)
            .join(member, self._at_home())
            .where(
                view.c.seller_id == self._seller_id,
                chat.c.state == ChatState.ACTIVE,
                chat.c.kind == PRIVATE,
                member.c.role == Role.OWNER,
            )
        )
        return [each.id for each in map(rows.view_of, self._conn.execute(query)) if each.shows(shop_id)]

    @staticmethod
    def _at_home() -> ColumnElement[bool]:
        """Join a private chat's view with the member whose chat it is."""
        person = cast(chat.c.telegram_id, String)
        return and_(member.c.seller_id == view.c.seller_id, member.c.user_id == person)

    def views_that_decide(self, shop_ids: Collection[str], *, but_for: str) -> list[tuple[str, bool]]:
        """Return the views that show one of these shops and in which somebody may approve; True: in private.

        The private chat of the one who asked is left out.
        """
        may = [Role.MANAGER, Role.OWNER]
        query = (
            select(view, chat.c.kind)
            .join(chat, chat.c.id == view.c.chat_id)
            .join(member, self._at_home(), isouter=True)
            .where(
                view.c.seller_id == self._seller_id,
                chat.c.state == ChatState.ACTIVE,
                view.c.role_cap.in_(may),
                or_(chat.c.kind != PRIVATE, and_(member.c.role.in_(may), member.c.user_id != but_for)),
            )
        )
        found = [(rows.view_of(row), row.kind == PRIVATE) for row in self._conn.execute(query)]
        return [
            (each.id, is_private) for each, is_private in found if any(each.shows(shop) for shop in shop_ids)
        ]


class Tickets:
    """Button tickets of one view."""

    def __init__(self, conn: Connection, view_id: str) -> None:
        self._conn = conn
        self._view_id = view_id

    def for_object(self, action: Action, object_id: str, version: int) -> ButtonTicket | None:
        query = select(button_ticket).where(
            button_ticket.c.view_id == self._view_id,
            button_ticket.c.action == action,
            button_ticket.c.object_id == object_id,
            button_ticket.c.object_version == version,
        )
        row = self._conn.execute(query).one_or_none()
        return _ticket_of(row) if row else None

    def add(self, added: ButtonTicket, token_hash: str) -> bool:
        """Store a ticket; False when somebody stored one for the same action and object first."""
        values = {
            "id": added.id,
            "token_hash": token_hash,
            "view_id": added.view_id,
            "action": added.action,
            "object_id": added.object_id,
            "object_version": added.object_version,
            "min_role": added.min_role,
            "user_id": added.user_id,
            "expires_at": added.expires_at,
        }
        return insert_new(self._conn, button_ticket, values)

    def by_token(self, token_hash: str) -> ButtonTicket | None:
        query = select(button_ticket).where(
            button_ticket.c.token_hash == token_hash, button_ticket.c.view_id == self._view_id
        )
        row = self._conn.execute(query).one_or_none()
        return _ticket_of(row) if row else None

    def use(self, ticket_id: str, *, message_id: int, user_id: str, now: datetime) -> bool:
        """Spend a ticket, bound to its message at the first press; False when it was spent before."""
        query = update(button_ticket).where(
            button_ticket.c.id == ticket_id,
            button_ticket.c.used_at.is_(None),
            button_ticket.c.expires_at > now,
            (button_ticket.c.message_id.is_(None)) | (button_ticket.c.message_id == message_id),
        )
        return (
            self._conn.execute(query.values(used_at=now, used_by=user_id, message_id=message_id)).rowcount
            == 1
        )


class Dialogues:
    """The open question of each person in one view."""

    def __init__(self, conn: Connection, view_id: str) -> None:
        self._conn = conn
        self._view_id = view_id

    def ask(self, asked: Dialogue) -> None:
        values = {
            "view_id": self._view_id,
            "user_id": asked.user_id,
            "flow": asked.flow,
            "draft": json.dumps(asked.draft),
            "expires_at": asked.expires_at,
        }
        fresh = ["flow", "draft", "expires_at"]
        upsert(self._conn, dialogue, [values], keys=["view_id", "user_id"], update=fresh)

    def current(self, user_id: str, now: datetime) -> Dialogue | None:
        query = select(dialogue).where(
            dialogue.c.view_id == self._view_id, dialogue.c.user_id == user_id, dialogue.c.expires_at > now
        )
        row = self._conn.execute(query).one_or_none()
        return (
            Dialogue(row.view_id, row.user_id, row.flow, json.loads(row.draft), row.expires_at)
            if row
            else None
        )

    def end(self, user_id: str) -> None:
        self._conn.execute(
            delete(dialogue).where(dialogue.c.view_id == self._view_id, dialogue.c.user_id == user_id)
        )


def _ticket_of(row: rows.AnyRow) -> ButtonTicket:
    return ButtonTicket(
        id=row.id,
        view_id=row.view_id,
        action=Action(row.action),
        object_id=row.object_id,
        object_version=row.object_version,
        min_role=Role(row.min_role),
        expires_at=row.expires_at,
        user_id=row.user_id,
        message_id=row.message_id,
        used_at=row.used_at,
        used_by=row.used_by,
    )
