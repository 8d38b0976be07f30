"""Small rows that many storage tests need."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from storage.tables.chats import chat, view
from storage.tables.people import seller

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def add_seller(conn: Connection, seller_id: str) -> None:
    conn.execute(insert(seller).values(id=seller_id, name=f"Seller {seller_id}", created_at=NOON))


def sellers(conn: Connection) -> list[str]:
    return list(conn.scalars(select(seller.c.id).order_by(seller.c.id)))


def count_sellers(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(seller)).scalar_one()


def add_views(conn: Connection, *names: str) -> None:
    """Add one seller, one chat, and a view (of one topic each) per name."""
    add_seller(conn, "s1")
    conn.execute(
        insert(chat).values(
            id="c1", bot_id="1", telegram_id=-100, kind="group", title="Shop", state="active", created_at=NOON
        )
    )
    for number, name in enumerate(names):
        conn.execute(
            insert(view).values(
                id=name, chat_id="c1", thread_id=number, seller_id="s1", role_cap="owner", language="en", zone="UTC",
                created_at=NOON,
            )
        )  # fmt: skip
