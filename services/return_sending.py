"""Carrying what sellers want done about returns to the platform: claim, send, read back, settle (R6, R10).

A row is SENDING in the database before anything leaves. None of these calls may be repeated blindly: what may
have left is only read back, and where nothing shows after several looks, a person decides whether to try again.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    PlatformError,
    UnexpectedResponse,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.failpoint import failpoint
from domain.order_actions import DONE, LOOKS, NO_EFFECT, ActionState, Verdict
from domain.platform import ActionResult, Dispute, Evidence, EvidenceModule, Outcome, Platform
from domain.return_actions import ReturnAction, ReturnActionKind, verdict
from domain.returns import ReturnSnapshot
from domain.shops import Shop, ShopAccess
from services.order_sending import ATTEMPTS, CLOSED_PAUSE, LEASE, LOOK_PAUSE, REFUSALS, asked_pause
from services.pausing import assert_open
from services.return_actions import NEEDS, evidence_of, note_step
from services.return_reading import ReturnReadService
from services.returns import return_and_shop
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import pauses
from storage.repositories import return_actions as action_rows
from storage.repositories.return_actions import ReturnActions
from storage.repositories.returns import Returns

log = get_logger(__name__)


class ReturnSendService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        reading: ReturnReadService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._reading = reading
        self._platforms = platforms
        self._wakeups = wakeups

    async def due(self, limit: int = 50) -> list[tuple[str, str]]:
        """Return (seller id, action id) of what waits to be sent or read back."""
        now = self._clock()
        return await self._db.read(lambda conn: action_rows.due(conn, now, limit))

    async def act(self, seller_id: str, action_id: str) -> None:
        """Bring one action a step on; safe to call at any time, any number of times."""
        action = await self._claim(seller_id, action_id)
        if action is None:
            return
        if action.state is ActionState.SENDING:
            await self._send(action)
        else:
            await self._look(action)

    async def _claim(self, seller_id: str, action_id: str) -> ReturnAction | None:
        """Take an action in hand: SENDING when it is to leave now, UNKNOWN when it may have left before."""
        now = self._clock()

        def work(conn: Connection) -> ReturnAction | None:
            actions = ReturnActions(conn, seller_id)
            action = actions.get(action_id)
            if action is None or not action.is_under_way or action.due_at > now:
                return None
            if action.state is not ActionState.READY:
                taken = actions.move(action, ActionState.UNKNOWN, due_at=now + LEASE)
                return actions.get(action_id) if taken else None
            if pauses.is_held(conn, action.shop_id):
                return None
            back = Returns(conn, seller_id).get(action.return_id)
            judged = verdict(action, back.snapshot) if back else Verdict("not_found")
            if judged:
                self._end(conn, action, judged)
                return None
            values = {"due_at": now + LEASE, "attempts": action.attempts + 1}
            return actions.get(action_id) if actions.move(action, ActionState.SENDING, **values) else None

        claimed = await self._db.write(work, "return_action.claim")
        self._wakeups.outbox.set()
        return claimed

    async def _send(self, action: ReturnAction) -> None:
        try:
            result = await self._call(action)
        except WritesPaused:
            await self._move(action, ActionState.READY, due_at=self._clock(), attempts=action.attempts - 1)
        except (FateUnknown, UnexpectedResponse) as failed:
            log.warning("return_action_unknown", action=action.id, reason=str(failed))
            await self._look(action)
        except REFUSALS as failed:
            await self._settle(action, Verdict(failed.code))
        except PlatformError as failed:
            await self._not_sent(action, failed)
        else:
            await self._look(action, result.reason if result.outcome is Outcome.REJECTED else "")

    async def _call(self, action: ReturnAction) -> ActionResult:
        """Send it, once; raises UnsupportedByPlatform before any request where the platform cannot."""
        shop, seen = await self._read(action)
        if NEEDS[action.kind] not in self._platforms[shop.platform].info.can:
            raise UnsupportedByPlatform(platform=shop.platform, operation=action.kind)

        async def ask(platform: Platform, access: ShopAccess) -> ActionResult:
            await self._db.read(lambda conn: assert_open(conn, shop.id))
            return await _ask(platform, access, action, seen)

        failpoint("return_action.send:before")
        result = await self._tokens.call(shop.id, ask)
        failpoint("return_action.send:after")
        return result

    async def _look(self, action: ReturnAction, refusal: str = "") -> None:
        """Read the return and believe only what it shows; a `refusal` counts unless it shows the effect."""
        shop, seen = await self._read(action)
        try:
            await self._reading.fetch(shop, [seen.external_id])
        except PlatformError as failed:
            if refusal:
                await self._settle(action, Verdict(refusal))
            else:
                await self._look_later(action, failed)
            return
        _, seen = await self._read(action)
        judged = verdict(action, seen)
        looks = action.looks + 1
        if refusal and judged != DONE:
            judged = Verdict(refusal)
        if judged is None and looks >= len(LOOKS):
            judged = Verdict(NO_EFFECT)
        if judged:
            await self._settle(action, judged)
            return
        await self._move(action, ActionState.UNKNOWN, due_at=self._clock() + LOOKS[looks], looks=looks)

    async def _look_later(self, action: ReturnAction, failed: PlatformError) -> None:
        """The platform cannot be read now: what was sent stays unknown, however long that takes."""
        pause = CLOSED_PAUSE if isinstance(failed, REFUSALS) else LOOK_PAUSE
        log.warning("return_action_waits", action=action.id, reason=str(failed), was_sent=True)
        await self._move(action, ActionState.UNKNOWN, due_at=self._clock() + max(pause, asked_pause(failed)))

    async def _not_sent(self, action: ReturnAction, failed: PlatformError) -> None:
        """Surely nothing was done: it goes back and is tried again later, a few times."""
        log.warning("return_action_waits", action=action.id, reason=str(failed), was_sent=False)
        if action.attempts >= ATTEMPTS:
            await self._settle(action, Verdict(failed.code))
            return
        pause = max(timedelta(seconds=2**action.attempts), asked_pause(failed))
        await self._move(action, ActionState.READY, due_at=self._clock() + pause)

    async def _read(self, action: ReturnAction) -> tuple[Shop, ReturnSnapshot]:
        back, shop = await self._db.read(
            lambda conn: return_and_shop(conn, action.seller_id, action.return_id)
        )
        return shop, back.snapshot

    async def _move(self, action: ReturnAction, to: ActionState, **values: Any) -> None:
        """Write a step that nobody need be told of."""
        await self._db.write(
            lambda conn: ReturnActions(conn, action.seller_id).move(action, to, **values),
            f"return_action.{to}",
        )

    async def _settle(self, action: ReturnAction, judged: Verdict) -> None:
        await self._db.write(lambda conn: self._end(conn, action, judged), "return_action.settle")
        self._wakeups.outbox.set()

    def _end(self, conn: Connection, action: ReturnAction, judged: Verdict) -> None:
        """End an action, unless somebody took it over: theirs is the last word. The e-mail address goes with it."""
        now = self._clock()
        to = ActionState.REFUSED if judged.refusal else ActionState.DONE
        values = {"refusal": judged.refusal[:48], "ended_at": now, "email": ""}
        if ReturnActions(conn, action.seller_id).move(action, to, **values):
            note_step(conn, action, to, "storesync", now, judged.refusal)


async def _ask(
    platform: Platform, access: ShopAccess, action: ReturnAction, seen: ReturnSnapshot
) -> ActionResult:
    role, number = platform.returns, seen.external_id
    match action.kind:
        case ReturnActionKind.ACCEPT:
            return await role.accept(access, number)
        case ReturnActionKind.ACCEPT_OFFER:
            return await role.accept_offer(access, number)
        case ReturnActionKind.OFFER:
            # An amount that may not be chosen is not named: the platform knows it.
            amount = action.amount if action.amount != seen.refund else None
            return await role.offer(access, number, action.solution, amount)
        case ReturnActionKind.DISPUTE:
            return await role.dispute(access, number, _dispute(action))


def _dispute(action: ReturnAction) -> Dispute:
    evidence = tuple(
        Evidence(EvidenceModule(each.external_id, each.requirement, each.is_required), each.pictures)
        for each in evidence_of(action.proofs)
    )
    return Dispute(action.reason_id, action.reason_text, action.email, evidence)
