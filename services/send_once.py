"""Carrying what is asked once to a platform: claim, send, read back, settle (`docs/promises.md` R6, R10).

A row is SENDING in the database before anything leaves. None of these calls may be repeated blindly: what may
have left is only read back, and where nothing shows after several looks, a person decides whether to try again.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from structlog.stdlib import get_logger

from domain.actions import DONE, LOOKS, NO_EFFECT, ActionState, Asked, Verdict
from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnexpectedResponse,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.failpoint import failpoint
from domain.platform import ActionResult, Outcome, Platform
from domain.shops import ShopAccess
from services.pausing import assert_open
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import pauses
from storage.repositories.action_rows import ActionRows

LEASE = timedelta(seconds=45)
ATTEMPTS = 8
"""So often a call that surely did nothing is tried by itself; then a person is asked."""
LOOK_PAUSE, CLOSED_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
"""How long until the next look while the platform is down, or shut for us."""
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured, UnsupportedByPlatform)

A = TypeVar("A", bound=Asked)
Request = Callable[[Platform, ShopAccess], Awaitable[ActionResult]]

log = get_logger(__name__)


class SendOnce(ABC, Generic[A]):
    """What all kinds of actions have alike; each kind says how it is asked, seen and told."""

    name: ClassVar[str]
    """Names its failpoints, transactions and log lines."""
    rows: ClassVar[type[ActionRows[Any]]]

    def __init__(self, db: Database, clock: Clock, *, tokens: TokenService, wakeups: Wakeups) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._wakeups = wakeups

    @abstractmethod
    def _known(self, conn: Connection, action: A) -> Verdict | None:
        """Judge by our books, before anything leaves; None when it may."""

    @abstractmethod
    async def _request(self, action: A) -> Request:
        """Return the call to make; raises UnsupportedByPlatform before any where the platform cannot."""

    @abstractmethod
    async def _seen(self, action: A) -> Verdict | None:
        """Read at the platform what the action is about, and judge by that alone; None while nothing shows."""

    @abstractmethod
    def _told(self, conn: Connection, action: A, to: ActionState, now: datetime, refusal: str) -> None:
        """Audit how an action ended, and have the cards that show it brought up to date."""

    async def due(self, limit: int = 50) -> list[tuple[str, str]]:
        """Return (seller id, action id) of what waits to be sent or read back."""
        now = self._clock()
        return await self._db.read(lambda conn: self.rows.due(conn, now, limit))

    async def act(self, seller_id: str, action_id: str) -> None:
        """Bring one action a step on; safe to call at any time, any number of times."""
        action = await self._claim(seller_id, action_id)
        if action is None:
            return
        if action.state is ActionState.SENDING:
            await self._send(action)
        else:
            await self._look(action)

    async def _claim(self, seller_id: str, action_id: str) -> A | None:
        """Take an action in hand: SENDING when it is to leave now, UNKNOWN when it may have left before."""
        now = self._clock()

        def work(conn: Connection) -> A | None:
            actions: ActionRows[A] = self.rows(conn, seller_id)
            action = actions.get(action_id)
            if action is None or not action.is_under_way or action.due_at > now:
                return None
            if action.state is not ActionState.READY:
                taken = actions.move(action, ActionState.UNKNOWN, due_at=now + LEASE)
                return actions.get(action_id) if taken else None
            if pauses.is_held(conn, action.shop_id):
                return None
            judged = self._known(conn, action)
            if judged:
                self._end(conn, action, judged)
                return None
            values = {"due_at": now + LEASE, "attempts": action.attempts + 1}
            return actions.get(action_id) if actions.move(action, ActionState.SENDING, **values) else None

        claimed = await self._db.write(work, f"{self.name}.claim")
        self._wakeups.outbox.set()
        return claimed

    async def _send(self, action: A) -> None:
        try:
            result = await self._call(action)
        except WritesPaused:
            await self._move(action, ActionState.READY, due_at=self._clock(), attempts=action.attempts - 1)
        except (FateUnknown, UnexpectedResponse) as failed:
            log.warning("action_unknown", kind=self.name, action=action.id, reason=str(failed))
            await self._look(action)
        except REFUSALS as failed:
            await self._settle(action, Verdict(failed.code))
        except PlatformError as failed:
            await self._not_sent(action, failed)
        else:
            await self._look(action, result.reason if result.outcome is Outcome.REJECTED else "")

    async def _call(self, action: A) -> ActionResult:
        """Send it, once."""
        request = await self._request(action)

        async def ask(platform: Platform, access: ShopAccess) -> ActionResult:
            await self._db.read(lambda conn: assert_open(conn, action.shop_id))
            return await request(platform, access)

        failpoint(f"{self.name}.send:before")
        result = await self._tokens.call(action.shop_id, ask)
        failpoint(f"{self.name}.send:after")
        return result

    async def _look(self, action: A, refusal: str = "") -> None:
        """Believe only what the platform shows; a `refusal` counts unless it shows the effect."""
        try:
            judged = await self._seen(action)
        except PlatformError as failed:
            if refusal:
                await self._settle(action, Verdict(refusal))
            else:
                await self._look_later(action, failed)
            return
        looks = action.looks + 1
        if refusal and judged != DONE:
            judged = Verdict(refusal)
        if judged is None and looks >= len(LOOKS):
            judged = Verdict(NO_EFFECT)
        if judged:
            await self._settle(action, judged)
            return
        await self._move(action, ActionState.UNKNOWN, due_at=self._clock() + LOOKS[looks], looks=looks)

    async def _look_later(self, action: A, failed: PlatformError) -> None:
        """Nobody could look: it stays open, however long that takes."""
        pause = CLOSED_PAUSE if isinstance(failed, REFUSALS) else LOOK_PAUSE
        log.warning("action_waits", kind=self.name, action=action.id, reason=str(failed), was_sent=True)
        await self._move(action, ActionState.UNKNOWN, due_at=self._clock() + max(pause, _asked_pause(failed)))

    async def _not_sent(self, action: A, failed: PlatformError) -> None:
        """Surely nothing was done: it goes back and is tried again later, a few times."""
        log.warning("action_waits", kind=self.name, action=action.id, reason=str(failed), was_sent=False)
        if action.attempts >= ATTEMPTS:
            await self._settle(action, Verdict(failed.code))
            return
        pause = max(timedelta(seconds=2**action.attempts), _asked_pause(failed))
        await self._move(action, ActionState.READY, due_at=self._clock() + pause)

    async def _move(self, action: A, to: ActionState, **values: Any) -> None:
        """Write a step that nobody need be told of."""
        await self._db.write(
            lambda conn: self.rows(conn, action.seller_id).move(action, to, **values), f"{self.name}.{to}"
        )

    async def _settle(self, action: A, judged: Verdict) -> None:
        await self._db.write(lambda conn: self._end(conn, action, judged), f"{self.name}.settle")
        self._wakeups.outbox.set()

    def _end(self, conn: Connection, action: A, judged: Verdict) -> None:
        """End an action, unless somebody took it over: theirs is the last word."""
        now = self._clock()
        to = ActionState.REFUSED if judged.refusal else ActionState.DONE
        values = {"refusal": judged.refusal[:48], "ended_at": now, **self._wiped()}
        if self.rows(conn, action.seller_id).move(action, to, **values):
            self._told(conn, action, to, now, judged.refusal)

    def _wiped(self) -> dict[str, Any]:
        """Return what of an action is not kept beyond its end."""
        return {}


def _asked_pause(failed: PlatformError) -> timedelta:
    return timedelta(seconds=failed.retry_after_s if isinstance(failed, RateLimited) else 0.0)
