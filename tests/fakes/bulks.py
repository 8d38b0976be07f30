"""Bulk price changes in memory, as the bot sees them: one draft, or one that was asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from domain.bulk import BulkState, Recipe
from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import InputError, NotFound
from domain.locks import CALLED_OFF
from domain.tickets import Action
from services.bulk_cards import BulkCard
from services.bulks import ACTS, BulkScope
from services.products import ProductQuery
from services.views import PressResult
from tests.unit.bot import screens_bulk as b

__all__ = ["ACTS", "Bulks"]

_LEADS = {
    Action.APPROVE_BULK: (ChangeState.APPROVED, PressResult.BULK_APPROVED),
    Action.REJECT_BULK: (ChangeState.REJECTED, PressResult.BULK_REJECTED),
    Action.STOP_BULK: (ChangeState.REJECTED, PressResult.BULK_STOPPED),
    Action.UNDO_BULK: (ChangeState.APPROVED, PressResult.BULK_UNDONE),
}


@dataclass
class Bulks:
    """`open_one` is the card; `drafted` notes every list and recipe a draft was made of."""

    open_one: BulkCard | None = None
    drafted: list[tuple[ProductQuery, Recipe]] = field(default_factory=list)
    currencies: tuple[str, ...] = ("IDR",)
    is_moved: bool = False

    async def scope(self, visitor: Visitor, query: ProductQuery) -> BulkScope:
        return b.scope(query=query, currencies=self.currencies)

    async def draft(self, visitor: Visitor, query: ProductQuery, recipe: Recipe) -> BulkCard:
        self.drafted.append((query, recipe))
        made = b.draft()
        self.open_one = replace(made, bulk=replace(made.bulk, recipe=recipe))
        return self.open_one

    async def has(self, visitor: Visitor, proposal_id: str) -> bool:
        return self.open_one is not None and self.open_one.id == proposal_id

    async def redraft(
        self, visitor: Visitor, bulk_id: str, change: Callable[[Recipe], Recipe] = lambda recipe: recipe
    ) -> BulkCard:
        known = await self.show(visitor, bulk_id)
        self.open_one = replace(known, bulk=replace(known.bulk, recipe=change(known.bulk.recipe)))
        return self.open_one

    async def currency(self, visitor: Visitor, bulk_id: str) -> str:
        return self.currencies[0]

    async def show(self, visitor: Visitor, bulk_id: str) -> BulkCard:
        return await self.card(visitor.seller_id, bulk_id)

    async def card(self, seller_id: str, bulk_id: str) -> BulkCard:
        if self.open_one is None:
            raise NotFound("bulk_gone")
        return self.open_one

    async def plan_undo(self, visitor: Visitor, bulk_id: str) -> BulkCard:
        return await self.show(visitor, bulk_id)

    async def waiting(self, visitor: Visitor) -> list[BulkCard]:
        return [self.open_one] if self.open_one else []

    async def type_count(self, visitor: Visitor, bulk_id: str, count: int) -> BulkCard:
        known = await self.show(visitor, bulk_id)
        if count != len(known.lines):
            raise InputError("count_differs", asked=len(known.lines), typed=count)
        return self.move(ChangeState.APPROVED)

    def press(self, action: Action) -> PressResult:
        if action is Action.ASK_BULK:
            if self.is_moved:
                self.is_moved = False
                return PressResult.BULK_LOOKED
            self.move(ChangeState.PENDING)
            return PressResult.BULK_ASKED
        state, result = _LEADS[action]
        self.move(state)
        return result

    def move(self, state: ChangeState) -> BulkCard:
        """Let all prices be in another state."""
        known = self.open_one or b.draft()
        is_over = state is ChangeState.REJECTED and known.lines[0].state is ChangeState.APPROVED
        reason = {"reason": CALLED_OFF} if is_over else {}
        lines = tuple(b.line(at, state, **reason) for at in range(len(known.lines)))
        asked = replace(known.bulk, state=BulkState.CALLED_OFF if is_over else BulkState.ASKED)
        live = state is ChangeState.APPLIED
        moved = replace(known, lines=lines, bulk=asked, version=known.version + 1, can_be_undone=live)
        self.open_one = replace(moved, needs_typing=False, excess=None)
        return self.open_one
