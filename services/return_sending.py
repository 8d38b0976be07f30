"""Carrying what sellers want done about returns to the platform, as `send_once` has it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.actions import ActionState, Verdict
from domain.clock import Clock
from domain.errors import UnsupportedByPlatform
from domain.platform import ActionResult, Dispute, Evidence, EvidenceModule, Platform
from domain.return_actions import ReturnAction, ReturnActionKind, verdict
from domain.returns import ReturnSnapshot
from domain.shops import Shop, ShopAccess
from services.return_actions import NEEDS, evidence_of, note_step
from services.return_reading import ReturnReadService
from services.returns import return_and_shop
from services.send_once import Request, SendOnce
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories.return_actions import ReturnActions
from storage.repositories.returns import Returns


class ReturnSendService(SendOnce[ReturnAction]):
    name, rows = "return_action", ReturnActions

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
        super().__init__(db, clock, tokens=tokens, wakeups=wakeups)
        self._reading = reading
        self._platforms = platforms

    def _known(self, conn: Connection, action: ReturnAction) -> Verdict | None:
        back = Returns(conn, action.seller_id).get(action.return_id)
        return verdict(action, back.snapshot) if back else Verdict("not_found")

    async def _request(self, action: ReturnAction) -> Request:
        shop, seen = await self._read(action)
        if NEEDS[action.kind] not in self._platforms[shop.platform].info.can:
            raise UnsupportedByPlatform(platform=shop.platform, operation=action.kind)
        return lambda platform, access: _ask(platform, access, action, seen)

    async def _seen(self, action: ReturnAction) -> Verdict | None:
        shop, known = await self._read(action)
        await self._reading.fetch(shop, [known.external_id])
        _, seen = await self._read(action)
        return verdict(action, seen)

    def _told(
        self, conn: Connection, action: ReturnAction, to: ActionState, now: datetime, refusal: str
    ) -> None:
        note_step(conn, action, to, "storesync", now, refusal)

    def _wiped(self) -> dict[str, Any]:
        """The e-mail address goes with the action."""
        return {"email": ""}

    async def _read(self, action: ReturnAction) -> tuple[Shop, ReturnSnapshot]:
        back, shop = await self._db.read(
            lambda conn: return_and_shop(conn, action.seller_id, action.return_id)
        )
        return shop, back.snapshot


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
    return Dispute(action.reason_id, action.words, action.email, evidence)
