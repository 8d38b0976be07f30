"""Returns as the bot sees them, in memory: one return, and what is put together about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.actions import ActionState
from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotFound
from domain.money import Money
from domain.platform import DisputeReason, SolutionOffer
from domain.return_actions import TEXT_LENGTH, ReturnAction, ReturnActionKind
from domain.returned_goods import Goods
from domain.returns import Solution
from domain.tickets import Action
from services.return_actions import ASKS, DRAFTED, DisputeForm, ReturnDoing
from services.returns import ReturnCard, ReturnFilter, ReturnPage
from services.views import PressResult
from tests.unit.bot import screens_returns as s

ALL = frozenset(ReturnActionKind)


@dataclass
class Returns:
    cards: dict[str, ReturnCard] = field(default_factory=dict)

    async def page(self, visitor: Visitor, wanted: ReturnFilter, page: int = 1) -> ReturnPage:
        rows = [s.row(1, return_id=key) for key in self.cards] if wanted is ReturnFilter.TO_ANSWER else []
        return s.page(*rows, filter=wanted, page=page)

    async def card(self, seller_id: str, return_id: str) -> ReturnCard:
        if return_id not in self.cards:
            raise NotFound("return_unknown")
        return self.cards[return_id]


@dataclass
class ReturnedGoods:
    """What came back; a press on a button is done to it as the ledger would."""

    goods: Goods = field(default_factory=Goods)

    async def of(self, seller_id: str, return_id: str) -> Goods:
        return self.goods

    def press(self, action: object, return_id: str) -> tuple[PressResult, str]:
        at = self.goods.next or self.goods.lines[0]
        back, out = {
            Action.PUT_BACK: (at.back + at.left, 0),
            Action.PUT_ONE_BACK: (at.back + 1, 0),
            Action.LEAVE_OUT: (at.back, at.left),
            Action.UNDO_SORTED: (0, 0),
        }[action]  # type: ignore[index]
        moved = replace(at, steps=at.steps + 1, back=back, out=out)
        lines = tuple(moved if each is at else each for each in self.goods.lines)
        self.goods = Goods(lines, "" if action is Action.UNDO_SORTED else "m0")
        return PressResult.GOODS_SORTED, return_id


@dataclass
class ReturnActions:
    doing: ReturnDoing = field(default_factory=lambda: ReturnDoing(1, None, ALL))
    open_one: ReturnAction | None = None
    takes: DisputeForm = field(default_factory=lambda: DisputeForm(3, takes_words=True, asks_address=True))
    pictures: list[bytes] = field(default_factory=list)

    async def of(self, seller_id: str, return_id: str) -> ReturnDoing:
        return self.doing

    async def form(self, of: ReturnAction) -> DisputeForm:
        return self.takes

    async def offers(self, visitor: Visitor, return_id: str) -> Sequence[SolutionOffer]:
        return s.OFFERS

    async def offer(
        self, visitor: Visitor, return_id: str, solution: Solution, amount: Money | None
    ) -> ReturnAction:
        if amount and amount.amount > 58000:
            raise InputError("offer_range", least=s.OFFERS[0].least, most=s.OFFERS[0].most)
        made = s.action(ReturnActionKind.OFFER, solution=solution, amount=amount or s.seen().refund)
        self.open_one = replace(made, state=ActionState.DRAFT)
        return self.open_one

    async def reasons(self, visitor: Visitor, return_id: str) -> Sequence[DisputeReason]:
        return s.REASONS

    async def object_to(self, visitor: Visitor, return_id: str, reason_id: str) -> ReturnAction:
        self.open_one = s.objection(0, 0, reason_id=reason_id)
        return self.open_one

    async def draft(self, visitor: Visitor, action_id: str) -> ReturnAction:
        if self.open_one is None or self.open_one.id != action_id:
            raise Conflict("moved_on")
        return self.open_one

    async def add_picture(self, visitor: Visitor, action_id: str, picture: bytes) -> ReturnAction:
        draft = await self.draft(visitor, action_id)
        self.pictures.append(picture)
        proofs = list(draft.proofs)
        at = proofs[draft.step]
        proofs[draft.step] = replace(at, pictures=(*at.pictures, f"https://bazaar/{len(self.pictures)}"))
        return self._change(draft, proofs=tuple(proofs))

    async def go_on(self, visitor: Visitor, action_id: str, step: int) -> ReturnAction:
        return self._change(await self.draft(visitor, action_id), step=step)

    async def answer_to(self, visitor: Visitor, action_id: str, email: str) -> ReturnAction:
        if "@" not in email:
            raise InputError("email_unreadable")
        return self._change(await self.draft(visitor, action_id), email=email)

    async def put_in_words(self, visitor: Visitor, action_id: str, words: str) -> ReturnAction:
        if len(words) > TEXT_LENGTH:
            raise InputError("dispute_long", most=TEXT_LENGTH)
        return self._change(await self.draft(visitor, action_id), own_words=words)

    def press(self, action: object, object_id: str) -> tuple[PressResult, str]:
        kind = ASKS[action]  # type: ignore[index]
        asked = self.open_one if kind in DRAFTED and self.open_one else s.action(kind)
        asked = replace(asked, state=ActionState.READY)
        self.doing = ReturnDoing(self.doing.version + 1, asked, frozenset())
        return PressResult.RETURN_ANSWERED, asked.return_id

    def _change(self, draft: ReturnAction, **changes: object) -> ReturnAction:
        self.open_one = replace(draft, version=draft.version + 1, **changes)  # type: ignore[arg-type]
        return self.open_one
