"""Shops of one seller, and the linkings that make them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, update

from domain.shops import Linking, LinkState, Shop, ShopState
from storage.repositories import rows
from storage.tables.shops import linking, shop

OPEN_LINKS = (LinkState.STARTED, LinkState.CONSENTED, LinkState.RETURNED)
_ALL = (
    select(shop)
    .where(shop.c.seller_id == bindparam("seller"), shop.c.state != ShopState.UNLINKED)
    .order_by(shop.c.name)
)
_TURN = select(shop.c.id).where(shop.c.id == bindparam("of")).with_for_update(key_share=True)


class Shops:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def all(self) -> list[Shop]:
        """Return the seller's shops that are not unlinked, by name."""
        return [rows.shop_of(row) for row in self._conn.execute(_ALL, {"seller": self._seller_id})]

    def get(self, shop_id: str) -> Shop | None:
        row = self._conn.execute(select(shop).where(self._mine, shop.c.id == shop_id)).one_or_none()
        return rows.shop_of(row) if row else None

    def add(self, added: Shop) -> None:
        self._conn.execute(
            shop.insert().values(
                id=added.id,
                seller_id=self._seller_id,
                app_id=added.app_id,
                platform=added.platform,
                environment=added.environment,
                external_id=added.external_id,
                name=added.name,
                region=added.region,
                currency=added.currency,
                state=added.state,
                is_simulated=added.is_simulated,
                linked_at=added.linked_at,
                authorised_until=added.authorised_until,
            )
        )

    def set(self, shop_id: str, **values: Any) -> None:
        """Write columns of a shop."""
        self._conn.execute(update(shop).where(self._mine, shop.c.id == shop_id).values(**values))

    def move(self, moved: Shop, to: ShopState) -> bool:
        """Give a shop another state, if it still is as it was read; False when it is not."""
        query = update(shop).where(
            self._mine, shop.c.id == moved.id, shop.c.state == moved.state, shop.c.link_gen == moved.link_gen
        )
        return self._conn.execute(query.values(state=to, link_gen=moved.link_gen + 1)).rowcount == 1

    def find_former(self, platform: str, environment: str, external_id: str) -> Shop | None:
        """Return the seller's own row of a shop that another seller has linked since."""
        query = select(shop).where(
            self._mine,
            shop.c.platform == platform,
            shop.c.environment == environment,
            shop.c.former_external_id == external_id,
        )
        row = self._conn.execute(query).one_or_none()
        return rows.shop_of(row) if row else None

    def take_back(self, shop_id: str, external_id: str) -> None:
        """Let a row that was set aside stand for its shop again."""
        self.set(shop_id, external_id=external_id, former_external_id=None)

    def add_linking(self, started: Linking, *, nonce_hash: str, state_hash: str, now: datetime) -> None:
        self._conn.execute(
            linking.insert().values(
                id=started.id,
                seller_id=self._seller_id,
                view_id=started.view_id,
                user_id=started.user_id,
                app_id=started.app_id,
                platform=started.platform,
                region=started.region,
                state=started.state,
                nonce_hash=nonce_hash,
                state_hash=state_hash,
                started_at=now,
                expires_at=started.expires_at,
                shop_external_id=started.shop_external_id,
                shop_name=started.shop_name,
                parent_id=started.parent_id,
                refusal=started.refusal,
            )
        )

    def with_siblings(self, linking_id: str) -> list[Linking]:
        """Return a linking and those of the other shops that its login opened, in the order they came."""
        mine = linking.c.seller_id == self._seller_id
        query = select(linking).where(
            mine, or_(linking.c.id == linking_id, linking.c.parent_id == linking_id)
        )
        found = self._conn.execute(query.order_by(linking.c.parent_id, linking.c.shop_external_id))
        return [rows.linking_of(row) for row in found]

    def linking(self, linking_id: str) -> Linking | None:
        row = self._conn.execute(
            select(linking).where(linking.c.seller_id == self._seller_id, linking.c.id == linking_id)
        ).one_or_none()
        return rows.linking_of(row) if row else None

    def open_linking(self, view_id: str, user_id: str, now: datetime) -> Linking | None:
        """Return the newest linking this person started in this view and has not ended."""
        query = (
            select(linking)
            .where(
                linking.c.seller_id == self._seller_id,
                linking.c.view_id == view_id,
                linking.c.user_id == user_id,
                linking.c.parent_id == "",
                linking.c.state.in_(OPEN_LINKS),
                linking.c.expires_at > now,
            )
            .order_by(linking.c.started_at.desc())
            .limit(1)
        )
        row = self._conn.execute(query).one_or_none()
        return rows.linking_of(row) if row else None

    def set_linking(self, linking_id: str, *, was: LinkState | None = None, **values: Any) -> bool:
        """Write columns of a linking, if it still is in state `was`; False when it is not."""
        query = update(linking).where(linking.c.seller_id == self._seller_id, linking.c.id == linking_id)
        if was is not None:
            query = query.where(linking.c.state == was)
        return self._conn.execute(query.values(**values)).rowcount == 1

    def cancel_linking(self, linking_id: str) -> bool:
        """End a linking that was not confirmed yet; False when it had ended."""
        query = update(linking).where(
            linking.c.seller_id == self._seller_id,
            linking.c.id == linking_id,
            linking.c.state.in_(OPEN_LINKS),
        )
        return self._conn.execute(query.values(state=LinkState.CANCELLED)).rowcount == 1

    @property
    def _mine(self) -> ColumnElement[bool]:
        return shop.c.seller_id == self._seller_id


def set_aside(conn: Connection, unlinked: Shop) -> None:
    """Free the platform's id for the seller who links the shop now; its past stays with who had it before."""
    query = update(shop).where(shop.c.id == unlinked.id, shop.c.state == ShopState.UNLINKED)
    conn.execute(query.values(external_id=f"~{unlinked.id}", former_external_id=unlinked.external_id))


def links_begun(conn: Connection, user_id: str, since: datetime) -> list[datetime]:
    """Return when a person began to link a shop since a moment, for whatever seller, the oldest first."""
    query = select(linking.c.started_at).where(
        linking.c.user_id == user_id, linking.c.started_at > since, linking.c.parent_id == ""
    )
    return list(conn.scalars(query.order_by(linking.c.started_at)))


def linking_by(conn: Connection, column: str, hashed: str) -> Linking | None:
    """Find a linking by the hash of its nonce or state: the browser that comes back knows no seller."""
    row = conn.execute(select(linking).where(linking.c[column] == hashed)).one_or_none()
    return rows.linking_of(row) if row else None


def cookie_hash_of(conn: Connection, linking_id: str) -> str:
    return str(conn.execute(select(linking.c.cookie_hash).where(linking.c.id == linking_id)).scalar_one())


def take_turns(conn: Connection, shop_id: str) -> None:
    """Let nobody else take in what this shop sold or lists until this transaction ends.

    A push and a poll may bring the same thing at once; whoever comes second must see what the first stored.
    """
    conn.execute(_TURN, {"of": shop_id})
