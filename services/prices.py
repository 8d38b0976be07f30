"""Prices: floors kept, changes proposed, looked at, confirmed by typing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from domain.catalogue import ListingVariant, Variant
from domain.changes import APPROVAL_LASTS, Change, ChangeKind, ChangeState, Guard, check_price
from domain.chats import PRIVATE, Chat, View, Visitor
from domain.clock import Clock
from domain.errors import InputError, NotFound
from domain.ids import new_id
from domain.money import Money
from domain.people import Role
from domain.platform import Platform
from domain.queue import Queue, Task
from services import decisions
from services.guards import breach_of
from services.proposals import proposal_of, read_proposal
from services.stock import variant_card
from services.views import Onlooker, Proposal, VariantCard
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory
from storage.repositories.audit import Audit
from storage.repositories.bulks import Bulks
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.members import Members


class PriceService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        queue: Queue,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._platforms = platforms
        self._wakeups = wakeups

    async def propose(
        self, visitor: Visitor, variant_id: str, amount: Decimal, source_key: str, note: str = ""
    ) -> Proposal:
        """Propose a new list price in every shop that sells the variant.

        Asked again with the same `source_key` it returns what it made before. Raises InputError with
        `price_<guard>` when a guard forbids it, NotFound("variant_unknown"), NotAllowed("role").
        """
        decisions.need(visitor, Role.PACKER)
        now = self._clock()

        def work(conn: Connection) -> Proposal:
            changes = Changes(conn, visitor.seller_id)
            made = changes.of_source(source_key)
            if not made:
                made = _plan(conn, visitor, variant_id, amount, note, self._platforms, now)
                decisions.supersede(conn, visitor.seller_id, [each.listing_variant_id for each in made], now)
                changes.add(made, source_key)
                decisions.asked(conn, visitor, proposal_of(conn, visitor.seller_id, made, now), now)
            return proposal_of(conn, visitor.seller_id, made, now)

        proposal = await self._db.write(work, "price.propose")
        self._wakeups.outbox.set()
        return proposal

    async def set_floor(self, visitor: Visitor, variant_id: str, amount: Decimal | None) -> VariantCard:
        """Set the price under which nothing is ever sent, or take it away."""
        decisions.need(visitor, Role.MANAGER)
        now = self._clock()

        def work(conn: Connection) -> VariantCard:
            card = variant_card(conn, visitor.seller_id, variant_id)
            floor = _floor(card, amount)
            Catalogue(conn, visitor.seller_id).set_floor(card.variant.id, floor)
            Audit(conn, visitor.seller_id).add(
                actor=visitor.member.user_id,
                action="price.floor",
                subject=f"variant:{card.variant.id}",
                facts={"floor": "" if floor is None else str(floor.amount)},
                now=now,
            )
            return replace(card, variant=replace(card.variant, floor=floor))

        return await self._db.write(work, "price.set_floor")

    async def type_amount(self, visitor: Visitor, proposal_id: str, amount: Decimal) -> Proposal:
        """Approve a proposal beyond the limit by typing its new price."""
        now = self._clock()

        def work(conn: Connection) -> Proposal:
            presser = decisions.as_of_now(conn, visitor)
            proposal = read_proposal(conn, visitor.seller_id, proposal_id, now)
            asked = proposal.prices[0].change.after
            if amount != asked.amount:
                raise InputError("amount_differs", asked=asked, typed=Money(amount, asked.currency))
            decisions.approve(conn, presser, proposal_id, now, is_typed=True)
            return read_proposal(conn, visitor.seller_id, proposal_id, now)

        approved = await self._db.write(work, "price.type_amount")
        await self.send(approved)
        return approved

    async def send(self, proposal: Proposal) -> None:
        """Ask the queue to send what is approved."""
        self._wakeups.outbox.set()
        for price in proposal.prices:
            await self._queue.enqueue(Task.APPLY_CHANGE, price.change.seller_id, price.change.id)

    async def proposal(self, visitor: Visitor, proposal_id: str) -> Proposal:
        return await self.proposal_of(visitor.seller_id, proposal_id)

    async def proposal_of(self, seller_id: str, proposal_id: str) -> Proposal:
        """Return a proposal for a card that is brought up to date. Raises NotFound("proposal_unknown")."""
        now = self._clock()
        return await self._db.read(lambda conn: read_proposal(conn, seller_id, proposal_id, now))

    async def onlooker(self, view: View, chat: Chat) -> Onlooker:
        """Return who will see a card there, so that it has buttons for whoever may decide."""
        if chat.kind != PRIVATE:
            return Onlooker(view.role_cap)
        user_id = str(chat.telegram_id)
        member = await self._db.read(lambda conn: Members(conn, view.seller_id).get(user_id))
        role = Visitor(chat, view, member).role if member else Role.VIEWER
        return Onlooker(role, user_id)

    async def waiting(self, visitor: Visitor) -> list[Proposal]:
        """Return single proposals that wait for a decision in shops the view shows, the oldest first."""
        now = self._clock()

        def work(conn: Connection) -> list[Proposal]:
            found = Changes(conn, visitor.seller_id).waiting()
            here = [each for each in found if each.expires_at > now and visitor.view.shows(each.shop_id)]
            bulks = set(Bulks(conn, visitor.seller_id).waiting())
            ids = dict.fromkeys(change.proposal_id for change in here)
            return [read_proposal(conn, visitor.seller_id, each, now) for each in ids if each not in bulks]

        return await self._db.read(work)


def _plan(
    conn: Connection,
    visitor: Visitor,
    variant_id: str,
    amount: Decimal,
    note: str,
    platforms: Mapping[str, Platform],
    now: datetime,
) -> list[Change]:
    """Return one change for each shop whose price would change. Raises InputError when none may."""
    catalogue = Catalogue(conn, visitor.seller_id)
    variant = catalogue.variant(variant_id)
    shown = catalogue.shown(variant.id) if variant else []
    if variant is None or not shown:
        raise NotFound("variant_unknown")
    guards = [check_price(each.price.listed, _asked(each, amount), variant.floor) for each in shown]
    refused = next((guard for guard in guards if guard and guard is not Guard.NO_CHANGE), None)
    if refused or all(guard is Guard.NO_CHANGE for guard in guards):
        raise InputError(
            f"price_{refused or Guard.NO_CHANGE}", asked=_asked(shown[0], amount), floor=variant.floor
        )
    for each in shown:
        _check_rules(conn, each, _asked(each, amount), platforms)
    proposal_id = new_id()
    return [
        _change(visitor, variant, each, _asked(each, amount), proposal_id, note, now)
        for each, guard in zip(shown, guards, strict=True)
        if guard is None
    ]


def _check_rules(
    conn: Connection, shown: ListingVariant, asked: Money, platforms: Mapping[str, Platform]
) -> None:
    """Raise InputError for a price that the shop's platform would refuse by a rule we know."""
    breach = breach_of(conn, shown, asked, platforms)
    if breach:
        about = {"lowest": breach.lowest, "highest": breach.highest, "cap": breach.cap}
        slug = directory.shop_by_id(conn, shown.shop_id).platform
        raise InputError(f"price_{breach.guard}", asked=asked, platform=slug, **about)


def _asked(shown: ListingVariant, amount: Decimal) -> Money:
    return Money(amount, shown.price.listed.currency)


def _change(
    visitor: Visitor,
    variant: Variant,
    shown: ListingVariant,
    after: Money,
    proposal_id: str,
    note: str,
    now: datetime,
) -> Change:
    return Change(
        id=new_id(),
        proposal_id=proposal_id,
        seller_id=variant.seller_id,
        shop_id=shown.shop_id,
        kind=ChangeKind.PRICE,
        listing_variant_id=shown.id,
        before=shown.price.listed,
        after=after,
        state=ChangeState.PENDING,
        version=1,
        requested_by=visitor.member.user_id,
        requested_at=now,
        expires_at=now + APPROVAL_LASTS,
        note=note,
    )


def _floor(card: VariantCard, amount: Decimal | None) -> Money | None:
    if amount is None:
        return None
    if not card.shown:
        raise NotFound("variant_unknown")
    floor = Money(amount, card.shown[0].shown.price.listed.currency)
    guard = check_price(Money(Decimal(0), floor.currency), floor, None)
    if guard is not None:
        raise InputError(f"price_{guard}", asked=floor, floor=None)
    return floor
