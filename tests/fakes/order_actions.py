"""What is done to orders, in memory: each wish is carried out, or refused, when a test says so."""

from dataclasses import dataclass, field, replace

from domain.actions import ActionState
from domain.chats import Visitor
from domain.errors import InputError
from domain.order_actions import ActionKind
from domain.platform import CancelReason
from services.order_actions import ASKS, CancelPlan, OrderDoing
from services.views import PressResult
from tests.unit.bot import records as r


@dataclass
class OrderActions:
    doing: dict[str, OrderDoing] = field(default_factory=dict)
    may: frozenset[ActionKind] = frozenset({ActionKind.CANCEL, ActionKind.NOTE})

    async def of(self, seller_id: str, order_id: str) -> OrderDoing:
        return self.doing.get(order_id, OrderDoing(may=self.may))

    async def reasons(self, visitor: Visitor, order_id: str) -> tuple[CancelReason, ...]:
        return (CancelReason.OUT_OF_STOCK, CancelReason.BUYER_ASKED)

    async def plan(self, visitor: Visitor, order_id: str, reason: CancelReason) -> CancelPlan:
        known = await self.of(visitor.seller_id, order_id)
        return replace(r.cancel_plan(), reason=reason, version=known.version)

    async def note(self, visitor: Visitor, order_id: str, text: str) -> None:
        if len(text) > 500:
            raise InputError("note_long", most=500)
        self._ask(order_id, ActionKind.NOTE, None, text)

    def press(self, action: object, order_id: str) -> PressResult:
        kind, reason = ASKS[action]  # type: ignore[index]
        self._ask(order_id, kind, reason)
        return PressResult.ORDER_ASKED

    def end(self, order_id: str, refusal: str = "") -> None:
        """Let the platform answer."""
        known = self.doing[order_id]
        state = ActionState.REFUSED if refusal else ActionState.DONE
        assert known.latest
        latest = replace(known.latest, state=state, refusal=refusal)
        self.doing[order_id] = OrderDoing(known.version + 1, latest, self.may)

    def _ask(self, order_id: str, kind: ActionKind, reason: CancelReason | None, note: str = "") -> None:
        version = self.doing[order_id].version + 1 if order_id in self.doing else 1
        self.doing[order_id] = OrderDoing(version, r.order_action(kind, reason=reason, note=note))
