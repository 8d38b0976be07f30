"""`isolation`: a platform that answers nothing but 500 holds up no other: its orders are told as ever."""

from collections.abc import Sequence

from tests.proofs.day_shops import link_another
from tests.proofs.trial import Trial, link_shop
from tests.proofs.verdict import Verdict
from tests.stage import Phone, Seller, Stage, open_lazada, open_stage, open_tiktok_shop, shared_nursery, until

PRODUCTS = 8
PATIENCE_S, PATIENCE_BROKEN_S = 60.0, 12.0
"""How long an order may take to be told while the other platform is down."""
AFTERWARDS_S = 240.0
TOLD = "SELECT o.external_id FROM order_alert_line l JOIN sale_order o ON o.id = l.order_id"


async def isolation(trial: Trial) -> Verdict:
    """While one of three platforms answers only 500, every order of the others is told; its own are told after that."""
    verdict = trial.verdict()
    nursery = shared_nursery()
    async with (
        open_stage(orders=4, products=PRODUCTS, seed=trial.seed) as stage,
        open_tiktok_shop(stage, orders=4, products=PRODUCTS) as tiktok_shop,
        open_lazada(stage, orders=4, products=PRODUCTS) as lazada,
    ):
        stage.environment |= {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "500", "LOG_LEVEL": "INFO"}
        await stage.start_bot(nursery, broken=trial.broken)
        phone = await Phone.of(stage.phones, "Sari")
        await link_shop(stage, phone)
        await link_another(phone, "TikTok Shop", tiktok_shop.seller)
        await link_another(phone, "Lazada", lazada.seller)
        sellers = [stage.seller, tiktok_shop.seller, lazada.seller]
        for down in sellers:
            await _one_down(stage, [each for each in sellers if each is not down], down, trial, verdict)
    return verdict


async def _one_down(stage: Stage, up: Sequence[Seller], down: Seller, trial: Trial, verdict: Verdict) -> None:
    """Have buyers come to all while one platform fails at everything, and end the failing when all else is told."""
    await down.control("faults", {"kind": "server_error", "path": "*", "probability": 1.0})
    theirs, ours = [], []
    for _ in range(trial.size(4, 200)):
        theirs.append(await _buy(down))
        ours += [await _buy(each) for each in up]
    patience_s = PATIENCE_BROKEN_S if trial.is_broken else PATIENCE_S
    await _told(stage, ours, verdict, "while another platform was down", patience_s)
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
