"""What goods cost the seller, variant by variant, from a day on."""

from datetime import datetime
from decimal import Decimal

from domain.chats import Visitor
from domain.clock import Clock
from domain.earnings import Cost
from domain.errors import InputError, NotFound
from domain.money import Money
from domain.people import Role
from services.decisions import need
from services.stock import variant_card
from storage.database import Connection, Database
from storage.repositories.audit import Audit
from storage.repositories.earnings import Earnings

MOST = Decimal(10) ** 12
"""No unit costs more."""


class CostService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def set(
        self, visitor: Visitor, variant_id: str, each: Money | None, since: datetime | None = None
    ) -> None:
        """Keep what a unit of a variant costs from a moment on (now), or forget all its costs.

        Raises InputError("cost_amount") for what is no cost, NotFound("variant_unknown"), NotAllowed("role").
        """
        need(visitor, Role.MANAGER)
        now = self._clock()
        if each is not None and not (0 <= each.amount < MOST and each == each.rounded()):
            raise InputError("cost_amount")

        def work(conn: Connection) -> None:
            card = variant_card(conn, visitor.seller_id, variant_id)
            if each is not None and each.currency not in {s.shown.price.listed.currency for s in card.shown}:
                raise NotFound("variant_unknown")
            earnings, about = Earnings(conn, visitor.seller_id), card.variant.id
            if each is None:
                earnings.drop_costs(about)
            else:
                earnings.set_cost(about, Cost(each, since or now))
            Audit(conn, visitor.seller_id).add(
                actor=visitor.member.user_id,
                action="cost.set",
                subject=f"variant:{about}",
                facts={"cost": "" if each is None else f"{each.amount} {each.currency}"},
                now=now,
            )

        await self._db.write(work, "costs.set")
