"""`isolation`: a platform that answers nothing but 500 holds up no other: its orders are told as ever."""

from collections.abc import Sequence

from tests.proofs.trial import Trial, consent_to, link_shop
from tests.proofs.verdict import Verdict
from tests.stage import Phone, Seller, Stage, TiktokShop, open_stage, open_tiktok_shop, shared_nursery, until

PRODUCTS = 8
PATIENCE_S, PATIENCE_BROKEN_S = 60.0, 12.0
"""How long an order may take to be told while the other platform is down."""
AFTERWARDS_S = 240.0
TOLD = "SELECT o.external_id FROM order_alert_line l JOIN sale_order o ON o.id = l.order_id"


async def isolation(trial: Trial) -> Verdict:
    """While one of two platforms answers only 500, every order of the other is told; its own are told after that."""
    verdict = trial.verdict()
    nursery = shared_nursery()
    opening = open_stage(orders=4, products=PRODUCTS, seed=trial.seed)
    async with opening as stage, open_tiktok_shop(stage, orders=4, products=PRODUCTS) as other:
        stage.environment |= {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "500", "LOG_LEVEL": "INFO"}
        await stage.start_bot(nursery, broken=trial.broken)
        await link_both(stage, other, await Phone.of(stage.phones, "Sari"))
        sellers = [stage.seller, other.seller]
        for up, down in (sellers, sellers[::-1]):
            await _one_down(stage, up, down, trial, verdict)
    return verdict


async def link_both(stage: Stage, other: TiktokShop, phone: Phone) -> None:
    """Link the home shop of each platform through the chat, and wait for their first imports."""
    await link_shop(stage, phone)
    asked = await phone.sees("Which shop", after=await phone.say("/link"))
    await consent_to(phone, asked, "TikTok Shop", other.seller)
    await phone.sees_in(asked, "All in", within_s=180)


async def _one_down(stage: Stage, up: Seller, down: Seller, trial: Trial, verdict: Verdict) -> None:
    """Have buyers come to both while one platform fails at everything, and end the failing when all else is told."""
    await down.control("faults", {"kind": "server_error", "path": "*", "probability": 1.0})
    theirs, ours = [], []
    for _ in range(trial.size(6, 200)):
        theirs.append(await _buy(down))
        ours.append(await _buy(up))
    patience_s = PATIENCE_BROKEN_S if trial.is_broken else PATIENCE_S
    await _told(stage, ours, verdict, "while the other platform was down", patience_s)
    known = {row[0] for row in stage.rows("SELECT external_id FROM sale_order")}
    verdict.check(not known & set(theirs), "a platform that answers only 500 told an order all the same")
    await down.control("faults/clear", {})
    await _told(stage, theirs, verdict, "after its platform came back", AFTERWARDS_S)
    verdict.trials += len(ours) + len(theirs)


async def _buy(seller: Seller) -> str:
    model = await seller.sellable()
    return str((await seller.order(model["item_id"], model["model_id"]))["order_sn"])


async def _told(stage: Stage, orders: Sequence[str], verdict: Verdict, when: str, within_s: float) -> None:
    missing = set(orders)

    async def all_told() -> bool:
        missing.intersection_update(set(orders) - {row[0] for row in stage.rows(TOLD)})
        return not missing

    try:
        await until(all_told, f"all orders to be told {when}", within_s=within_s)
    except AssertionError:
        for order in sorted(missing):
            verdict.check(False, f"order {order} was not told {when}")
