"""`crash-return`: a refund or a dispute survives a crash at every failpoint on its way, and is sent once."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import update

from domain.actions import ActionState
from domain.clock import utc_now
from storage.database import Database
from storage.tables.returns import return_action
from tests.proofs.trial import EDITED_SOON, Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, until
from tests.stage.pictures import picture

SETTLED_WITHIN_S = 120.0
OWN = ("button.press:", "return_action.", "returns.record:")
"""What is passed because a return is answered; what every message and every reading passes is proved elsewhere."""
FINAL = ("done", "refused")
ENDS = {"accept": ("CLOSED", "confirm", "settled"), "dispute": ("SELLER_DISPUTE", "dispute", "disputed")}
"""For each answer: the return's status after it, its call, and what the card says then."""
PHOTO = picture()


async def crash_return(trial: Trial) -> Verdict:
    """Crashed at every failpoint, a refund or a dispute reaches the platform exactly once, and the card says so."""
    verdict = trial.verdict()
    async with open_scene(trial, STAGE_EDITS_S=EDITED_SOON) as scene:
        points = [point for kind in ENDS for point in await _learn(scene, kind)]
        kinds = list(ENDS)
        for at, point in enumerate(dict.fromkeys(points)):
            for kind in kinds if trial.is_release else [kinds[at % len(kinds)]]:
                verdict.trials += await _crash_once(scene, kind, point, verdict)
        verdict.numbers["failpoints"] = len(set(points))
    return verdict


async def _learn(scene: Scene, kind: str) -> list[str]:
    """Answer one return undisturbed, and note what is passed between the last tap and the end."""
    _, card = await _asked(scene)
    card = await _lead(scene, kind, card)
    scene.record()
    await scene.phone.press(card, "^Yes, ")
    await scene.phone.sees_in(card, f"Return {ENDS[kind][2]}", within_s=60)
    return [point for point in scene.recorded() if point.startswith(OWN)]


async def _crash_once(scene: Scene, kind: str, point: str, verdict: Verdict) -> int:
    """Crash one answer at one point and judge it; return 0 when it did not come by there."""
    back, card = await _asked(scene)
    card = await _lead(scene, kind, card)
    await _quiet(scene)
    await scene.crash_at(point)
    await scene.phone.press(card, "^Yes, ", wait_s=0.1)
    try:
        await scene.stage.bot.ended(within_s=15)
    except AssertionError:
        scene.disarm()
        return 0
    await scene.start()
    state = await _settled(scene, back)
    if state == "refused":  # nothing had left: a person, who is told so, tries again
        verdict.check(await _calls(scene, kind, back) == 0, f"{kind} at {point}: said not sent, but it was")
        await scene.phone.sees_in(card, "did not get through", within_s=60)
        card = await _lead(scene, kind, card)
        await scene.phone.press(card, "^Yes, ")
        state = await _settled(scene, back)
    status, _, words = ENDS[kind]
    shown = next(
        each for each in await scene.stage.seller.returns() if each["return_sn"] == back["return_sn"]
    )
    sent = await _calls(scene, kind, back)
    verdict.check(state == "done", f"{kind} at {point}: ended as {state}")
    verdict.check(shown["status"] == status, f"{kind} at {point}: the platform has {shown['status']}")
    verdict.check(sent == 1, f"{kind} at {point}: sent {sent} times")
    await _said(verdict, scene.phone.sees_in, card, f"Return {words}")
    return 1


async def _asked(scene: Scene) -> tuple[dict[str, Any], Message]:
    """Have a buyer send something back; return the return and the message that shows its card."""
    model = await scene.stage.seller.sellable()
    back = await scene.stage.seller.returned(int(model["item_id"]), int(model["model_id"]))
    alert = await scene.phone.sees("🔔 New return", f"…{back['order_sn'][-5:]}", within_s=60)
    await scene.phone.press(alert, "^Open$")
    return back, await scene.phone.sees_in(alert, "Return asked")


async def _lead(scene: Scene, kind: str, card: Message) -> Message:
    """Go on from a card to the question before the answer leaves; return the message that asks it."""
    phone = scene.phone
    if kind == "accept":
        await phone.press(await phone.offers(card, "^Accept refund"), "^Accept refund")
        return await phone.offers(card, "^Yes, refund")
    await phone.press(await phone.offers(card, "^Dispute"), "^Dispute")
    await phone.press(await phone.offers(card, "^2"), "^2")
    await phone.sees_in(card, "Asked for")
    said = await phone.send_photo(PHOTO)
    proof = await phone.sees("1 photo of at most", after=said)
    await phone.press(proof, "^Go on$")
    await phone.sees_in(proof, "Type an e-mail address")
    said = await phone.say("sari@shop.example")
    return await phone.sees("From then on", after=said)


async def _settled(scene: Scene, back: dict[str, Any]) -> str:
    """Wait until the answer to a return is settled one way or the other; its pauses between looks are cut short."""

    async def is_final() -> str | None:
        query = (
            "SELECT a.state FROM return_action a JOIN sale_return r ON r.id = a.return_id"
            " WHERE r.external_id = ? AND a.state <> 'draft' ORDER BY a.requested_at DESC"
        )
        found = scene.rows(query, back["return_sn"])
        if found and found[0][0] in FINAL:
            return str(found[0][0])
        await _hurry(scene)
        return None

    return await until(is_final, "the answer to settle", within_s=SETTLED_WITHIN_S, every_s=0.3)


async def _hurry(scene: Scene) -> None:
    """Let the pauses between looks at a return end, as time ends them."""
    waiting = return_action.c.state == ActionState.UNKNOWN
    query = update(return_action).where(waiting).values(due_at=utc_now())
    database = Database(scene.stage.environment["DATABASE_URL"])
    try:
        await database.write(lambda conn: conn.execute(query), "proof.hurry")
    finally:
        await database.close()


async def _calls(scene: Scene, kind: str, back: dict[str, Any]) -> int:
    """Count how often an answer to this return came to the platform."""
    calls = await scene.stage.seller.calls(f"/returns/{ENDS[kind][1]}")
    return sum(back["return_sn"] in str(call["body"]) for call in calls)


async def _said(verdict: Verdict, look: Callable[..., Awaitable[Message]], *words: Any) -> None:
    try:
        await look(*words, within_s=60)
    except AssertionError as missing:
        verdict.check(holds=False, otherwise=str(missing))


async def _quiet(scene: Scene) -> None:
    """Wait until nothing is on its way to the chat or from it."""

    async def is_empty() -> bool:
        leaving = scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")
        coming = scene.rows("SELECT count(*) FROM inbox WHERE state IN ('new', 'leased')")
        return leaving == coming == [(0,)]

    await until(is_empty, "an empty inbox and outbox")
