"""What a person wants done about a return: accept it, take or make an offer, object to it with proof.

An offer or an objection is put together as a draft, step by step; what is confirmed is a row before
anything leaves (`return_sending` carries it there), one at a time for a return.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.actions import ActionState
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, UnsupportedByPlatform
from domain.failpoint import failpoint
from domain.ids import new_id
from domain.money import Money
from domain.people import Role
from domain.platform import Can, DisputeReason, Platform, SolutionOffer
from domain.queue import Queue, Task
from domain.return_actions import EMAIL_LENGTH, TEXT_LENGTH, Proof, ReturnAction, ReturnActionKind, fits
from domain.returns import Return, Solution
from domain.shops import Shop, ShopAccess, ShopState
from domain.tickets import Action, ButtonTicket
from services.decisions import need
from services.pausing import assert_open
from services.returns import return_and_shop, return_moved, version_in
from services.tokens import TokenService
from services.views import Pressed, PressResult
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import pauses
from storage.repositories.audit import Audit
from storage.repositories.return_actions import ReturnActions, proofs_kept
from storage.repositories.returns import Returns

NEEDS = {
    ReturnActionKind.ACCEPT: Can.ANSWER_RETURNS,
    ReturnActionKind.ACCEPT_OFFER: Can.HEAR_OFFERS,
    ReturnActionKind.OFFER: Can.ANSWER_RETURNS,
    ReturnActionKind.DISPUTE: Can.DISPUTE_RETURNS,
}
ASKS = {
    Action.ACCEPT_RETURN: ReturnActionKind.ACCEPT,
    Action.TAKE_RETURN_OFFER: ReturnActionKind.ACCEPT_OFFER,
    Action.MAKE_RETURN_OFFER: ReturnActionKind.OFFER,
    Action.DISPUTE_RETURN: ReturnActionKind.DISPUTE,
}
DRAFTED = frozenset({ReturnActionKind.OFFER, ReturnActionKind.DISPUTE})


@dataclass(frozen=True, slots=True)
class ReturnDoing:
    """What is being done about a return and what may be: `version` grows with every step of it."""

    version: int = 0
    latest: ReturnAction | None = None
    may: frozenset[ReturnActionKind] = frozenset()
    is_held: bool = False
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class DisputeForm:
    """What a platform takes of a dispute: so many pictures a proof, own words, and an address it answers to."""

    pictures: int
    takes_words: bool
    asks_address: bool


class ReturnActionService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        platforms: Mapping[str, Platform],
        queue: Queue,
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms
        self._queue = queue
        self._wakeups = wakeups

    async def of(self, seller_id: str, return_id: str) -> ReturnDoing:
        """Return what the card of a return shows beside the return."""

        def work(conn: Connection) -> ReturnDoing:
            back, shop = return_and_shop(conn, seller_id, return_id)
            actions = ReturnActions(conn, seller_id)
            latest = actions.latest(return_id)
            return ReturnDoing(
                version=version_in(conn, back),
                latest=latest,
                may=self._may(back, shop, latest),
                is_held=pauses.is_held(conn, shop.id),
                own_words=actions.own_words(return_id),
            )

        return await self._db.read(work)

    async def offers(self, visitor: Visitor, return_id: str) -> tuple[SolutionOffer, ...]:
        """List what may be proposed to the buyer that he has not asked for himself. Raises Conflict("moved_on")."""
        back, shop = await self._open(visitor, return_id, ReturnActionKind.OFFER)
        number, asked = back.snapshot.external_id, back.snapshot.solution
        found = await self._tokens.call(
            shop.id, lambda platform, access: platform.returns.solutions(access, number)
        )
        return tuple(each for each in found if each.most or each.solution is not asked)

    async def offer(
        self, visitor: Visitor, return_id: str, solution: Solution, amount: Money | None
    ) -> ReturnAction:
        """Put an offer together; it leaves when it is confirmed.

        Raises InputError("offer_range") and InputError("offer_same").
        """
        offers = await self.offers(visitor, return_id)
        allowed = next((each for each in offers if each.solution is solution), None)
        if allowed is None:
            raise Conflict("moved_on")
        least, most = allowed.least, allowed.most
        if amount and most and not (least or amount).amount <= amount.amount <= most.amount:
            raise InputError("offer_range", least=least, most=most)

        def work(conn: Connection) -> ReturnAction:
            back, shop = return_and_shop(conn, visitor.seller_id, return_id)
            asked = back.snapshot
            if solution is asked.solution and amount in {None, asked.refund}:
                raise InputError("offer_same")
            draft = self._draft(visitor, back, shop, ReturnActionKind.OFFER)
            return _keep_draft(conn, replace(draft, solution=solution, amount=amount or asked.refund))

        return await self._db.write(work, "return_action.draft_offer")

    async def reasons(self, visitor: Visitor, return_id: str) -> tuple[DisputeReason, ...]:
        """List why one may object to a return, each with the proof it asks for. Raises Conflict("moved_on")."""
        back, shop = await self._open(visitor, return_id, ReturnActionKind.DISPUTE)
        number = back.snapshot.external_id
        found = await self._tokens.call(
            shop.id, lambda platform, access: platform.returns.dispute_reasons(access, number)
        )
        return tuple(found)

    async def object_to(self, visitor: Visitor, return_id: str, reason_id: str) -> ReturnAction:
        """Begin to put an objection together; it leaves when it is confirmed."""
        reasons = await self.reasons(visitor, return_id)
        reason = next((each for each in reasons if each.external_id == reason_id), None)
        if reason is None:
            raise Conflict("moved_on")
        proofs = tuple(Proof(each.external_id, each.requirement, each.is_required) for each in reason.modules)
        needed_first = tuple(sorted(proofs, key=lambda each: not each.is_required))

        def work(conn: Connection) -> ReturnAction:
            back, shop = return_and_shop(conn, visitor.seller_id, return_id)
            draft = self._draft(visitor, back, shop, ReturnActionKind.DISPUTE)
            text = reason.text[:TEXT_LENGTH]
            return _keep_draft(
                conn, replace(draft, reason_id=reason_id, reason_text=text, proofs=needed_first)
            )

        return await self._db.write(work, "return_action.draft_dispute")

    async def draft(self, visitor: Visitor, action_id: str) -> ReturnAction:
        """Return what this person puts together. Raises Conflict("moved_on") when it is gone or confirmed."""
        need(visitor, Role.MANAGER)
        return await self._db.read(lambda conn: _drafted(conn, visitor, action_id))

    async def form(self, of: ReturnAction) -> DisputeForm:
        """Return what this draft's platform takes of a dispute."""
        _, shop = await self._db.read(lambda conn: return_and_shop(conn, of.seller_id, of.return_id))
        info = self._platforms[shop.platform].info
        return DisputeForm(
            info.pictures_per_proof, Can.WORD_DISPUTES in info.can, Can.ASK_FOR_ADDRESS in info.can
        )

    async def add_picture(self, visitor: Visitor, action_id: str, picture: bytes) -> ReturnAction:
        """Hand a picture to the platform for the proof that is looked at, and note what it is called there.

        It is nothing yet that the platform acts on. Raises InputError("proof_full").
        """
        draft = await self.draft(visitor, action_id)
        shop = await self._db.read(lambda conn: return_and_shop(conn, visitor.seller_id, draft.return_id)[1])
        info = self._platforms[shop.platform].info
        if Can.PROVE_DISPUTES not in info.can:
            raise UnsupportedByPlatform(platform=shop.platform, operation="upload_picture")
        if draft.step >= len(draft.proofs):
            raise Conflict("moved_on")
        if len(draft.proofs[draft.step].pictures) >= info.pictures_per_proof:
            raise InputError("proof_full", most=info.pictures_per_proof)
        url = await self._hand_over(shop, draft, picture)

        def work(conn: Connection) -> ReturnAction:
            held = _drafted(conn, visitor, action_id)
            proofs = list(held.proofs)
            at = proofs[draft.step]
            proofs[draft.step] = replace(at, pictures=(*at.pictures, url))
            return _change_draft(conn, held, proofs=proofs_kept(proofs))

        return await self._db.write(work, "return_action.picture")

    async def go_on(self, visitor: Visitor, action_id: str, step: int) -> ReturnAction:
        """Look at this proof of an objection next; one that is needed cannot be passed over."""
        need(visitor, Role.MANAGER)

        def work(conn: Connection) -> ReturnAction:
            held = _drafted(conn, visitor, action_id)
            missing = held.proofs.index(held.missing) if held.missing else len(held.proofs)
            return _change_draft(conn, held, step=min(max(step, 0), missing))

        return await self._db.write(work, "return_action.go_on")

    async def answer_to(self, visitor: Visitor, action_id: str, email: str) -> ReturnAction:
        """Say by which address the platform answers. Raises InputError("email_unreadable")."""
        need(visitor, Role.MANAGER)
        name, _, host = email.partition("@")
        if not (name and "." in host and email.isprintable() and len(email) <= EMAIL_LENGTH):
            raise InputError("email_unreadable")

        def work(conn: Connection) -> ReturnAction:
            return _change_draft(conn, _drafted(conn, visitor, action_id), email=email)

        return await self._db.write(work, "return_action.answer_to")

    async def put_in_words(self, visitor: Visitor, action_id: str, words: str) -> ReturnAction:
        """Say in the seller's own words what is wrong. Raises InputError("dispute_long")."""
        draft = await self.draft(visitor, action_id)
        said = words.strip()
        if len(said) > TEXT_LENGTH:
            raise InputError("dispute_long", most=TEXT_LENGTH)
        if not (await self.form(draft)).takes_words or draft.kind is not ReturnActionKind.DISPUTE:
            raise Conflict("moved_on")

        def work(conn: Connection) -> ReturnAction:
            return _change_draft(conn, _drafted(conn, visitor, action_id), own_words=said)

        return await self._db.write(work, "return_action.words")

    async def spread(self, seller_id: str, return_id: str) -> None:
        """Ask the queue to bring what is under way about a return to its platform."""
        found = await self._db.read(lambda conn: ReturnActions(conn, seller_id).under_way(return_id))
        self._wakeups.outbox.set()
        if found:
            await self._queue.enqueue(Task.ACT_ON_RETURN, seller_id, found.id)

    async def _hand_over(self, shop: Shop, draft: ReturnAction, picture: bytes) -> str:
        back = await self._db.read(lambda conn: return_and_shop(conn, draft.seller_id, draft.return_id)[0])

        async def ask(platform: Platform, access: ShopAccess) -> str:
            await self._db.read(lambda conn: assert_open(conn, shop.id))
            return await platform.returns.upload_picture(access, back.snapshot.external_id, picture)

        failpoint("return_action.picture:before")
        url = await self._tokens.call(shop.id, ask)
        failpoint("return_action.picture:after")
        return url

    async def _open(self, visitor: Visitor, return_id: str, kind: ReturnActionKind) -> tuple[Return, Shop]:
        need(visitor, Role.MANAGER)

        def work(conn: Connection) -> tuple[Return, Shop]:
            back, shop = return_and_shop(conn, visitor.seller_id, return_id)
            latest = ReturnActions(conn, visitor.seller_id).latest(return_id)
            if kind not in self._may(back, shop, latest):
                raise Conflict("moved_on")
            return back, shop

        return await self._db.read(work)

    def _draft(self, visitor: Visitor, back: Return, shop: Shop, kind: ReturnActionKind) -> ReturnAction:
        return _new_action(visitor, back, shop, kind, ActionState.DRAFT, self._clock())

    def _may(self, back: Return, shop: Shop, latest: ReturnAction | None) -> frozenset[ReturnActionKind]:
        """Return what may be asked for now, by what the platform can, how the return stands and what is under way."""
        if shop.state not in {ShopState.LINKED, ShopState.PAUSED} or (latest and latest.is_under_way):
            return frozenset()
        can = self._platforms[shop.platform].info.can
        return frozenset(
            kind for kind in ReturnActionKind if NEEDS[kind] in can and fits(kind, back.snapshot)
        )


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Ask for what a button says, if the return and what is done about it are as they were shown."""
    need(visitor, Role.MANAGER)
    kind = ASKS[ticket.action]
    if kind in DRAFTED:
        draft = _drafted(conn, visitor, ticket.object_id)
        return_id = draft.return_id
    else:
        draft, return_id = None, ticket.object_id
    actions = ReturnActions(conn, visitor.seller_id)
    Returns(conn, visitor.seller_id).lock(return_id)
    back, shop = return_and_shop(conn, visitor.seller_id, return_id)
    if actions.under_way(return_id):
        raise Conflict("return_busy")
    shown = draft.version if draft else version_in(conn, back)
    if shown != ticket.object_version or not fits(kind, back.snapshot):
        raise Conflict("moved_on")
    if draft:
        asked = _confirm(actions, draft, back, now)
    else:
        asked = _new_action(visitor, back, shop, kind, ActionState.READY, now)
        actions.add(asked)
    note_step(conn, asked, "asked", visitor.member.user_id, now)
    return Pressed(PressResult.RETURN_ANSWERED, return_id)


def note_step(
    conn: Connection, of: ReturnAction, step: str, actor: str, now: datetime, why: str = ""
) -> None:
    """Audit a step of an action, and have the cards of its return brought up to date."""
    Audit(conn, of.seller_id).add(
        actor=actor,
        action=f"return.{of.kind}.{step}",
        subject=f"return:{of.return_id}",
        facts={"action": of.id, "reason": why or of.reason_id},
        now=now,
    )
    return_moved(conn, of.seller_id, of.return_id, now)


def _confirm(actions: ReturnActions, draft: ReturnAction, back: Return, now: datetime) -> ReturnAction:
    if draft.kind is ReturnActionKind.DISPUTE and draft.missing:
        raise Conflict("moved_on")
    values: dict[str, Any] = {"requested_at": now, "due_at": now, "was": back.snapshot.state}
    if not actions.move(draft, ActionState.READY, **values):
        raise Conflict("moved_on")
    return draft


def _new_action(
    visitor: Visitor, back: Return, shop: Shop, kind: ReturnActionKind, state: ActionState, now: datetime
) -> ReturnAction:
    return ReturnAction(
        id=new_id(),
        seller_id=visitor.seller_id,
        shop_id=shop.id,
        return_id=back.id,
        kind=kind,
        state=state,
        version=1,
        requested_by=visitor.member.user_id,
        requested_at=now,
        due_at=now,
        was=back.snapshot.state,
    )


def _keep_draft(conn: Connection, draft: ReturnAction) -> ReturnAction:
    """Keep a draft; what the same person had begun about this return goes."""
    actions = ReturnActions(conn, draft.seller_id)
    actions.drop_drafts(draft.return_id, draft.requested_by)
    actions.add(draft)
    return draft


def _change_draft(conn: Connection, held: ReturnAction, **values: Any) -> ReturnAction:
    actions = ReturnActions(conn, held.seller_id)
    changed = actions.get(held.id) if actions.move(held, ActionState.DRAFT, **values) else None
    if changed is None:
        raise Conflict("moved_on")
    return changed


def _drafted(conn: Connection, visitor: Visitor, action_id: str) -> ReturnAction:
    found = ReturnActions(conn, visitor.seller_id).get(action_id)
    is_mine = found is not None and found.requested_by == visitor.member.user_id
    if found is None or not is_mine or found.state is not ActionState.DRAFT:
        raise Conflict("moved_on")
    return found


def evidence_of(proofs: Sequence[Proof]) -> tuple[Proof, ...]:
    """Return the proofs that have pictures."""
    return tuple(each for each in proofs if each.pictures)
