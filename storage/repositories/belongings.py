"""Everything that belongs to one seller, found through the tables themselves: a new table cannot be forgotten.

A table is the seller's when it has a `seller_id`, or refers to a table that is. What refers to nobody
(chats, secrets, what came in) is named here one by one.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Table,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from storage.tables import metadata
from storage.tables.chats import chat, view
from storage.tables.people import seller
from storage.tables.shops import data_key, linking, platform_app, secret, shop
from storage.tables.transit import inbox

HOSTS = frozenset({"host_note", "host_tally", "key_canary", "oddity"})
"""What belongs to the host alone: numbers and words of platforms, nothing of a seller."""

BY_NAME = frozenset({chat.name, inbox.name, data_key.name, secret.name})
"""What belongs to sellers and is found by a rule of its own, below."""

_OWNED = {"shop": shop, "linking": linking, "app": platform_app}
"""Whose secrets they are, by the first word of their owner."""


def shared_tables() -> list[Table]:
    """Return the tables that follow from the metadata, in the order in which their rows may be deleted."""
    return [
        table
        for table in reversed(metadata.sorted_tables)
        if table is not seller and table.name not in HOSTS | BY_NAME and _belongs(table) is not None
    ]


def export(conn: Connection, seller_id: str) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield each table that holds something of the seller, with its rows as lines of JSON. No secrets."""
    for table in [seller, chat, *reversed(shared_tables())]:
        open_columns = [each for each in table.columns if is_open(each)]
        query = select(*open_columns).where(_mine(table, seller_id)).order_by(*table.primary_key.columns)
        yield table.name, (_line(row) for row in conn.execute(query))


def is_open(column: Column[Any]) -> bool:
    """Tell whether a column may leave the house: neither a secret nor the hash that proves one."""
    is_proof = column.name.endswith("_hash") and column.table.name != "audit"
    return not isinstance(column.type, LargeBinary) and not is_proof


def shred(conn: Connection, seller_id: str) -> int:
    """Destroy the keys of all the seller's secrets: from here on no copy of them opens. Return how many."""
    theirs = _secret_owners(seller_id)
    conn.execute(delete(secret).where(secret.c.owner.in_(theirs)))
    return conn.execute(delete(data_key).where(data_key.c.owner.in_(theirs))).rowcount


def erase(conn: Connection, seller_id: str) -> dict[str, int]:
    """Delete every row of the seller, the seller's own last; return how many went from each table."""
    gone: dict[str, int] = {}
    chats = conn.execute(select(chat.c.id, chat.c.telegram_id).where(_mine(chat, seller_id))).all()
    _blank_inbox(conn, seller_id, [row.telegram_id for row in chats])
    for table in shared_tables():
        gone[table.name] = conn.execute(delete(table).where(_mine(table, seller_id))).rowcount
    gone[chat.name] = conn.execute(delete(chat).where(chat.c.id.in_([row.id for row in chats]))).rowcount
    gone[seller.name] = conn.execute(delete(seller).where(seller.c.id == seller_id)).rowcount
    return gone


def _blank_inbox(conn: Connection, seller_id: str, chats: list[int]) -> None:
    """Empty what came in from the seller's chats and shops.

    The rows stay: SQLite would give the newest one's number again, and a number names an effect.
    """
    lanes = [f"chat:{each}" for each in chats]
    of_chats = inbox.c.lane.in_(lanes)
    shops = conn.execute(select(shop.c.platform, shop.c.external_id).where(shop.c.seller_id == seller_id))
    of_shops = [
        (inbox.c.source == platform) & inbox.c.body.contains(f'"shop": {json.dumps(number)}', autoescape=True)
        for platform, number in shops
    ]
    blank = {
        "body": "{}",
        "lane": "",
        "reason": "erased",
        "lease_gen": inbox.c.lease_gen + 1,
        "state": "done",
    }
    conn.execute(update(inbox).where(of_chats).values(blank))
    if of_shops:
        # An event's key may be made of numbers of orders.
        numbered = literal("erased:").concat(func.cast(inbox.c.id, inbox.c.dedupe_key.type))
        conn.execute(update(inbox).where(or_(*of_shops)).values(blank | {"dedupe_key": numbered}))


def _mine(table: Table, seller_id: str) -> ColumnElement[bool]:
    if table is seller:
        return seller.c.id == seller_id
    if table is chat:  # a chat that looks at several sellers is not this one's to delete
        looks = select(view.c.id).where(view.c.chat_id == chat.c.id)
        return exists(looks.where(view.c.seller_id == seller_id)) & ~exists(
            looks.where(view.c.seller_id != seller_id)
        )
    condition: ColumnElement[bool] = _belongs(table)(seller_id)
    return condition


@cache
def _belongs(table: Table) -> Any:
    """Return what makes the condition "is this seller's", or None for a table that belongs to nobody."""
    if "seller_id" in table.c:
        return lambda seller_id: table.c.seller_id == seller_id
    for column in table.columns:
        for key in column.foreign_keys:
            owner = key.column.table
            theirs = None if owner is table or owner.name in HOSTS | BY_NAME else _belongs(owner)
            if theirs is not None:
                return _through(column, key.column, theirs)
    return None


def _through(column: Column[Any], target: Column[Any], theirs: Any) -> Any:
    return lambda seller_id: column.in_(select(target).where(theirs(seller_id)))


def _secret_owners(seller_id: str) -> Any:
    owners = [
        select(literal(f"{word}:").concat(table.c.id)).where(table.c.seller_id == seller_id)
        for word, table in _OWNED.items()
    ]
    return owners[0].union(*owners[1:])


def _line(row: Row[Any]) -> str:
    return json.dumps(row._asdict(), ensure_ascii=False, default=_written)


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)
