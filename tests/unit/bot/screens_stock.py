"""The screens of counting: a variant's card by its ledger, drafts, questions, history, what shops say."""

from collections.abc import Callable
from dataclasses import replace

from bot.render import Renderer
from bot.screen import Screen
from bot.views import counts, keeping, placing, stock
from bot.views.counts import StockTickets
from bot.views.errors import error_screen
from domain.catalogue import PlacedUnits
from domain.errors import InputError
from domain.low_stock import Episode, Scarcity
from domain.stock import Keeping, Level, Placed, Policy, Reason, ShownState, StockDraft
from domain.tickets import Action
from services.namesakes import Twin
from services.placing import StockedPlace
from services.stock_views import LiveStock, StockHistory, StockStep, VariantStock
from services.views import ShownVariant
from storage.repositories.shown_stock import Shown
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]
TICKET = "c1:" + "A" * 22
LISTED = r.listed().id
DRAFT = StockDraft("d4af7d4af7d4af70", "beefbeefbeefbeef", 5, 7, 1)


def step(reason: Reason = Reason.SALE, units: int = -2, who: str = "", tail: str = "AB12X") -> StockStep:
    return StockStep(r.at(-1), reason, units, who, tail)


def shown(state: ShownState = ShownState.IDLE, **changes: object) -> Shown:
    made = Shown(
        LISTED, "a1a1a1a1a1a1a1a1", "beefbeefbeefbeef", "900001", "1", 3, 3, 3, True, 0, True, state, 3, 5, None,
        None, "", 1, r.NOW, r.at(-0.01), r.at(-0.009), 4,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def kept(**changes: object) -> VariantStock:
    """Return a ledger with five on the shelf, two of them promised, shown in one shop."""
    made = VariantStock(
        level=Level(5, 2, 3, is_counted=True),
        on_shelf=5,
        alert_at=5,
        shops={LISTED: shown()},
        recent=(step(), step(Reason.RESTOCK, 20, tail=""), step(Reason.OPENING, 10, "Sari", "")),
        draft=None,
        undo_id="",
        live=LiveStock(1, r.at(-0.009), 1.2),
        version=9,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def episode(level: Scarcity = Scarcity.LOW, hours: int = 51) -> Episode:
    return Episode("beefbeefbeefbeef", 1, level, level, 3, hours, r.at(-2))


PLACES = (PlacedUnits("7068517275539719942", 12), PlacedUnits("MYJ", 5))
WAREHOUSES = ("Gudang Utama Jakarta Barat dan Sekitarnya", "Bandung")


def place(at: int = 0, shop: int = 0) -> StockedPlace:
    """Return one of two locations of a shop."""
    whose = r.shop(name=f"Rumah Kita {shop}") if shop else r.shop()
    held = PLACES[at % 2]
    return StockedPlace(
        whose, "beefbeefbeefbeef", f"{shop:x}".rjust(16, "1"), held.location, WAREHOUSES[at % 2], held.units
    )


PLACED = Placed("1" * 16, "MYJ", WAREHOUSES[0], 5, 8)


def twin(**changes: object) -> Twin:
    """Return a variant of another shop with the same SKU."""
    made = Twin("feedfeedfeedfeed", r.shop(), r.listed().title, 40, 3, True, 0)
    return replace(made, **changes)  # type: ignore[arg-type]


ANSWERS = StockTickets(same=TICKET, other=TICKET, may_count=True)


UNCOUNTED = kept(
    level=Level(0, 0, 3, is_counted=False), alert_at=None, shops={}, recent=(), live=None, version=0
)


def _card(of: VariantStock, tickets: StockTickets | None = None, *, may_count: bool = True) -> Draw:
    card = r.variant_card(ShownVariant(r.shop(), r.listed()))
    given = tickets or StockTickets(may_count=may_count)
    return lambda text: stock.variant_screen(card, text, may_price=may_count, stock=of, tickets=given)


def _standing(state: ShownState, reason: str = "", **changes: object) -> Draw:
    return _card(kept(shops={LISTED: shown(state, reason=reason, **changes)}, live=None))


def _keeping(kept_so: Keeping, *ways: Action) -> Draw:
    tickets = dict.fromkeys(ways, TICKET)
    return lambda text: keeping.keeping_screen(r.variant_card(), kept_so, tickets, text)


COUNTS: dict[str, Draw] = {
    "stock card": _card(kept(undo_id="f00df00df00df00d"), StockTickets("", TICKET, may_count=True)),
    "stock card of a viewer": _card(kept(), may_count=False),
    "stock card in three shops": _card(kept(live=LiveStock(3, r.NOW, 0.8))),
    "stock draft": _card(kept(draft=DRAFT, live=None), StockTickets(TICKET, "", may_count=True)),
    "stock draft, received": _card(
        kept(draft=replace(DRAFT, after=25, received=20)), StockTickets(TICKET, "", may_count=True)
    ),
    "stock draft, first": _card(
        replace(UNCOUNTED, draft=DRAFT), StockTickets(TICKET, "", may_count=True)
    ),
    "stock uncounted": _card(UNCOUNTED),
    "stock made to order": _card(kept(keeping=Keeping(Policy.MADE_TO_ORDER, 0, 2))),
    "stock left to the shops": _card(kept(keeping=Keeping(Policy.UNMANAGED, 0, 2))),
    "stock kept back": _card(kept(keeping=Keeping(Policy.TRACKED, 2, 2))),
    "keeping": _keeping(Keeping(Policy.TRACKED, 0, 1), Action.KEEP_MADE_TO_ORDER, Action.KEEP_UNMANAGED),
    "keeping some back": _keeping(Keeping(Policy.TRACKED, 2, 1), Action.KEEP_MADE_TO_ORDER),
    "keeping for a viewer": _keeping(Keeping(Policy.TRACKED, 2, 1)),
    "keeping to order": _keeping(Keeping(Policy.MADE_TO_ORDER, 0, 1), Action.KEEP_TRACKED),
    "keeping nothing": _keeping(Keeping(Policy.UNMANAGED, 0, 1), Action.KEEP_TRACKED),
    "keep back question": lambda text: keeping.ask_keep_back_screen(r.variant_card(is_demo=True), text),
    "stock low": _card(kept(low=episode())),
    "stock low, last day": _card(kept(low=episode(Scarcity.CRITICAL, 10))),
    "stock low, above": _card(kept(low=replace(episode(), now=None))),
    "stock sold out": _card(kept(level=Level(0, 2, -2, is_counted=True))),
    **{f"stock {state}": _standing(state) for state in ShownState},
    "stock on its way": _standing(ShownState.READY, target=7),
    "stock differs": _standing(ShownState.HELD, "differs", seen=400),
    **{
        f"stock refused {code}": _standing(ShownState.REFUSED, code)
        for code in (
            "holiday", "warehouse", "not_found", "has_variants",
            "shop_restricted", "not_editable", "other",
        )
    },
    "count question": lambda text: counts.ask_count_screen(r.variant_card(is_demo=True), text),
    "alert question": lambda text: counts.ask_alert_screen(r.variant_card(), text),
    "count question once more": lambda text: counts.sure_screen(r.variant_card(), DRAFT, TICKET, text),
    "count question of none": lambda text: counts.sure_screen(
        r.variant_card(), replace(DRAFT, before=40, after=0), TICKET, text
    ),
    "stock history": lambda text: counts.history_screen(
        r.variant_card(),
        StockHistory("beefbeefbeefbeef", tuple(step(each, 2, "Sari") for each in Reason), 2, 3),
        text,
    ),
    "stock history, empty": lambda text: counts.history_screen(
        r.variant_card(), StockHistory("beefbeefbeefbeef", (), 1, 1), text
    ),
    "error no count": lambda text: error_screen(InputError("stock_number", most=1000000), text),
    "stock draft of one location": lambda text: stock.variant_screen(
        r.variant_card(ShownVariant(r.shop(), r.listed(places=PLACES))),
        text,
        may_price=True,
        stock=kept(draft=replace(DRAFT, placed=PLACED), recent=(step(Reason.MANUAL, 3, "Sari", ""),)),
        tickets=StockTickets(send=TICKET, may_count=True),
    ),
    "stock with a twin": _card(kept(twin=twin()), ANSWERS),
    "stock with a twin for a packer": _card(kept(twin=twin(to_show=0)), StockTickets(may_count=True)),
    "stock with three twins, uncounted": _card(
        replace(UNCOUNTED, twin=twin(is_counted=False, more=2, shops=2)), ANSWERS
    ),
    "stock by location": lambda text: placing.places_screen(r.variant_card(), (place(0), place(1)), text),
    "stock by location in many shops": lambda text: placing.places_screen(
        r.variant_card(), tuple(place(at, at // 2) for at in range(10)), text
    ),
    "stock by location in five shops": lambda text: placing.places_screen(
        r.variant_card(), tuple(place(at, at // 2) for at in range(9)), text
    ),
    "stock at no location": lambda text: placing.places_screen(r.variant_card(), (), text),
    "stock at which number": lambda text: placing.ask_place_screen(r.variant_card(), place(), text),
}  # fmt: skip
