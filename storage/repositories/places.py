"""Chats as Telegram moves them: a group that gets another id, a view that points at another seller."""

from sqlalchemy import Connection, delete, select, update

from domain.chats import ChatState
from storage.repositories import rows
from storage.repositories.directory import find_chat
from storage.tables.chats import card, chat, view
from storage.tables.transit import outbox


def migrate(conn: Connection, bot_id: str, old_id: int, new_id: int) -> bool:
    """Let a chat go by its new id, wherever it is named; False when there is nothing (more) to move.

    Messages keep their numbers in the old chat only, so what was shown there is forgotten: a number
    would name somebody else's message in the new one. Where the new chat is known already, what
    waits to be said goes over to its views.
    """
    old = find_chat(conn, bot_id, old_id)
    if old is None:
        return False
    views = select(view.c.id).where(view.c.chat_id == old.id)
    conn.execute(delete(card).where(card.c.view_id.in_(views)))
    new = find_chat(conn, bot_id, new_id)
    if new is None:
        values = {"telegram_id": new_id, "kind": "supergroup", "state": ChatState.ACTIVE}
        conn.execute(update(chat).where(chat.c.id == old.id).values(values))
        return True
    _hand_over(conn, old.id, new.id)
    conn.execute(update(chat).where(chat.c.id == old.id).values(state=ChatState.INVALID))
    return True


def _hand_over(conn: Connection, old_chat: str, new_chat: str) -> None:
    """Move what waits in the views of one chat to those of another, unless it is said there anyway."""
    there = {
        (each.thread_id, each.seller_id): each
        for each in map(rows.view_of, conn.execute(select(view).where(view.c.chat_id == new_chat)))
    }
    for each in map(rows.view_of, conn.execute(select(view).where(view.c.chat_id == old_chat))):
        goal = there.get((each.thread_id, each.seller_id)) or there.get((None, each.seller_id))
        if goal is None:
            continue
        said = select(outbox.c.dedupe_key).where(outbox.c.view_id == goal.id)
        waiting = (outbox.c.view_id == each.id) & outbox.c.state.in_(("pending", "sending"))
        conn.execute(update(outbox).where(waiting, outbox.c.dedupe_key.in_(said)).values(state="merged"))
        conn.execute(update(outbox).where(waiting).values(view_id=goal.id, state="pending", lease_until=None))


def look_at(conn: Connection, view_id: str, seller_id: str) -> None:
    """Point a view at another seller; what it showed of the first one is no card any more."""
    conn.execute(delete(card).where(card.c.view_id == view_id))
    conn.execute(update(view).where(view.c.id == view_id).values(seller_id=seller_id, shops=""))
