"""P18, `tenant-matrix`: no place, no command, nobody's role reaches what belongs to another seller."""

from functools import partial

from bot.callbacks import Place, pack
from bot.commands import COMMANDS
from bot.routes import ROUTES
from domain.ids import new_id
from tests.proofs.strangers import Strangers, check_untouched, foreign_ids, owned_rows, words_of
from tests.proofs.tenant_tasks import check_references, check_tasks
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage.crew import data_of

ECHOED = frozenset({"order", "price", "feedback", "help", "start"})
"""Commands that say again what they were asked: for them a foreign word in the answer shows nothing."""

UNHURRIED = "100000"
"""Calls a minute into a group: the simulator sets no limit here."""


async def tenant_matrix(trial: Trial) -> Verdict:
    """P18: every place and command x every role x private, group and topic: nothing of others is shown or changed."""
    verdict = trial.verdict()
    async with open_scene(trial, TELEGRAM_GROUP_RPM=UNHURRIED) as scene:
        [(seller_id,)] = scene.rows("SELECT id FROM seller")
        tickets = await furnish(scene)
        strangers = await Strangers.gather(scene)
        ids = [*foreign_ids(scene, seller_id), ("nothing", new_id())]
        words, before = words_of(scene, seller_id), owned_rows(scene, seller_id)
        for turn, (role, phone) in enumerate(strangers.phones.items()):
            for at, place in enumerate(ROUTES):
                # Who may do most of all tries every id; the others take turns, so that each place meets each.
                for kind, foreign in ids if role == "owner" else [ids[(turn + at) % len(ids)]]:
                    data = pack(Place(place), foreign, *_more(place))
                    strangers.press(phone, data, f"{role}: {place} of {kind}")
                    verdict.trials += 1
            for ticket in tickets:
                strangers.press(phone, ticket, f"{role}: a ticket of another chat")
                verdict.trials += 1
            for command in COMMANDS:
                if command.name not in ECHOED:
                    await phone.say(f"/{command.name} {ids[0][1]}")
                    verdict.trials += 1
        judge_shown = partial(strangers.judge_shown, words, verdict)
        await strangers.handled(judge_shown if trial.one_will_do else None)
        strangers.judge_answers(verdict)
        check_untouched(before, owned_rows(scene, seller_id), verdict)
        judge_shown()
        check_references(scene, verdict)
        verdict.numbers |= {"places": len(ROUTES), "ids": len(ids), "chats": len(strangers.phones)}
    await check_tasks(verdict)
    return verdict


async def furnish(scene: Scene) -> list[str]:
    """Let Sari have one of each thing that a button can be about; return the tickets behind her buttons."""
    model = await scene.stage.seller.sellable()
    base = int(scene.rows("SELECT listed FROM listing_variant WHERE sku = ?", model["sku"])[0][0]) // 10_000
    said = await scene.phone.say(f"/price {model['sku']} {base - 1000}")
    card = await scene.phone.sees("🏷", after=said)
    await scene.stage.seller.order(int(model["item_id"]), int(model["model_id"]))
    await scene.phone.sees("🔔 New order")
    return [data for data in data_of(scene.stage, card, scene.phone.chat_id) if data.startswith("c1:")]


def _more(place: str) -> tuple[str, ...]:
    """Return what a place is told beside an id."""
    return ("7",) if place in {Place.STOCK_TO, Place.ORDERS, Place.ORDER_ALERT, Place.STOCK} else ()
