"""The only queries without a seller: which seller a chat, a person, an invite or a shop belongs to."""

from datetime import datetime

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from domain.chats import Chat, ChatState, View
from domain.ids import new_id
from domain.people import Invite, Member, Role, Seller
from domain.shops import Shop, ShopState
from storage.repositories import rows
from storage.tables.chats import chat, view
from storage.tables.people import invite, member, seller
from storage.tables.shops import shop

# Asked for every update and every call of a platform, so built once.
_CHAT = select(chat).where(chat.c.bot_id == bindparam("bot"), chat.c.telegram_id == bindparam("telegram"))
_VIEW = select(view).where(view.c.chat_id == bindparam("chat"), view.c.thread_id == bindparam("thread"))
_SHOP = select(shop).where(shop.c.id == bindparam("shop"))
_MEMBER = select(member).where(
    member.c.seller_id == bindparam("seller"), member.c.user_id == bindparam("user")
)


def find_chat(conn: Connection, bot_id: str, telegram_id: int) -> Chat | None:
    row = conn.execute(_CHAT, {"bot": bot_id, "telegram": telegram_id}).one_or_none()
    return rows.chat_of(row) if row else None


def add_chat(
    conn: Connection, *, bot_id: str, telegram_id: int, kind: str, title: str, now: datetime
) -> Chat:
    values = {
        "id": new_id(),
        "bot_id": bot_id,
        "telegram_id": telegram_id,
        "kind": kind,
        "title": title,
        "state": ChatState.ACTIVE,
    }
    conn.execute(chat.insert().values(created_at=now, **values))
    return Chat(**values)  # type: ignore[arg-type]


def set_chat(conn: Connection, chat_id: str, *, state: ChatState, title: str | None = None) -> None:
    values = {"state": state} | ({"title": title} if title is not None else {})
    conn.execute(update(chat).where(chat.c.id == chat_id).values(values))


def find_view(conn: Connection, chat_id: str, thread_id: int | None) -> View | None:
    row = conn.execute(_VIEW, {"chat": chat_id, "thread": thread_id or 0}).one_or_none()
    return rows.view_of(row) if row else None


def view_for(conn: Connection, chat_id: str, thread_id: int | None) -> View | None:
    """Return the view of a topic, or of its chat where the topic has none of its own."""
    found = find_view(conn, chat_id, thread_id)
    return found or (find_view(conn, chat_id, None) if thread_id else None)


def views_of(conn: Connection, chat_id: str) -> list[View]:
    return [rows.view_of(row) for row in conn.execute(select(view).where(view.c.chat_id == chat_id))]


def add_view(
    conn: Connection,
    *,
    chat_id: str,
    seller_id: str,
    language: str,
    zone: str,
    now: datetime,
    thread_id: int | None = None,
    role_cap: Role = Role.OWNER,
) -> View:
    made = View(new_id(), chat_id, thread_id, seller_id, role_cap, language, zone)
    conn.execute(
        view.insert().values(
            id=made.id,
            chat_id=chat_id,
            thread_id=thread_id or 0,
            seller_id=seller_id,
            role_cap=role_cap,
            language=language,
            zone=zone,
            created_at=now,
        )
    )
    return made


def view_and_chat(conn: Connection, view_id: str) -> tuple[View, Chat]:
    found = rows.view_of(conn.execute(select(view).where(view.c.id == view_id)).one())
    return found, rows.chat_of(conn.execute(select(chat).where(chat.c.id == found.chat_id)).one())


def find_member(conn: Connection, seller_id: str, user_id: str) -> Member | None:
    row = conn.execute(_MEMBER, {"seller": seller_id, "user": user_id}).one_or_none()
    return rows.member_of(row) if row else None


def sellers_of(conn: Connection, user_id: str) -> list[tuple[Seller, Member]]:
    """Return every seller a person works for, with what he is there, the oldest first."""
    query = (
        select(seller, member.c.user_id, member.c.name.label("member_name"), member.c.role, member.c.version)
        .join_from(seller, member)
        .where(member.c.user_id == user_id)
        .order_by(member.c.joined_at, seller.c.id)
    )
    return [
        (
            Seller(row.id, row.name, row.created_at),
            Member(row.id, row.user_id, row.member_name, Role(row.role), row.version),
        )
        for row in conn.execute(query)
    ]


def add_member(conn: Connection, joining: Member, now: datetime) -> None:
    conn.execute(
        member.insert().values(
            seller_id=joining.seller_id,
            user_id=joining.user_id,
            name=joining.name,
            role=joining.role,
            joined_at=now,
        )
    )


def has_sellers(conn: Connection) -> bool:
    return conn.execute(select(seller.c.id).limit(1)).first() is not None


def found_seller(conn: Connection, name: str, now: datetime) -> Seller:
    founded = Seller(new_id(), name, now)
    conn.execute(seller.insert().values(id=founded.id, name=name, created_at=now))
    return founded


def add_invite(conn: Connection, added: Invite, token_hash: str, now: datetime) -> None:
    conn.execute(
        invite.insert().values(
            id=added.id,
            seller_id=added.seller_id,
            role=added.role,
            token_hash=token_hash,
            created_at=now,
            expires_at=added.expires_at,
        )
    )


def find_invite(conn: Connection, token_hash: str) -> Invite | None:
    row = conn.execute(select(invite).where(invite.c.token_hash == token_hash)).one_or_none()
    return Invite(row.id, row.seller_id, Role(row.role), row.expires_at, row.used_at) if row else None


def use_invite(conn: Connection, invite_id: str, user_id: str, now: datetime) -> bool:
    """Spend an invite; False when somebody was faster."""
    query = update(invite).where(invite.c.id == invite_id, invite.c.used_at.is_(None))
    return conn.execute(query.values(used_at=now, used_by=user_id)).rowcount == 1


def find_shop(conn: Connection, platform: str, environment: str, external_id: str) -> Shop | None:
    query = select(shop).where(
        and_(
            shop.c.platform == platform, shop.c.environment == environment, shop.c.external_id == external_id
        )
    )
    row: Row[tuple[object, ...]] | None = conn.execute(query).one_or_none()
    return rows.shop_of(row) if row else None


def linked_shop(conn: Connection, platform: str, external_id: str) -> Shop | None:
    """Return the shop of this id that is linked, or with no id the one linked first, whoever's it is."""
    query = select(shop).where(shop.c.platform == platform, shop.c.state == ShopState.LINKED)
    if external_id:
        query = query.where(shop.c.external_id == external_id)
    row = conn.execute(query.order_by(shop.c.linked_at, shop.c.id).limit(1)).first()
    return rows.shop_of(row) if row else None


def shop_by_id(conn: Connection, shop_id: str) -> Shop:
    return rows.shop_of(conn.execute(_SHOP, {"shop": shop_id}).one())
