"""The screens of bulk price changes: the list they are over, the draft, the card in every state, the way back."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from bot.render import Renderer
from bot.screen import Screen
from bot.views.bulk import BulkTickets, bulk_screen, choose_screen, floor_screen, typing_screen, undo_screen
from bot.views.bulk_sheet import bulk_file_screen, bulk_rows
from bot.views.errors import error_screen
from bot.views.prices import approvals_screen
from domain.bulk import Bulk, BulkState, Move, Recipe, Rounding, Scope, SentFile, Skip, Source
from domain.caps import Cap
from domain.changes import ChangeState
from domain.errors import InputError, NotFound
from domain.shops import ShopState
from services.bulk_cards import BulkCard, BulkLine
from services.bulks import BulkScope
from services.products import ProductFilter, ProductQuery
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]
TICKET = "c1:" + "A" * 22
TICKETS = BulkTickets(TICKET, TICKET, TICKET, TICKET)
BULK = "9090909090909090"
TEN_OFF = Recipe(Move.PERCENT, Decimal(-10), Rounding.CHARM)
TITLES = (
    "ชุดเครื่องนอนผ้าฝ้าย 100% พร้อมปลอกหมอน ลายดอกไม้ ขนาด 6 ฟุต",
    "Bình nước thể thao 750ml có vạch chia giờ, nắp chống tràn",
    "Kaos Polos Katun Combed 30s Lengan Pendek",
)


def head(**changes: object) -> Bulk:
    made = Bulk(
        id=BULK,
        seller_id=r.SELLER,
        source=Source.FILTER,
        scope=Scope("l", "a1a1a1", "lampu"),
        recipe=TEN_OFF,
        state=BulkState.ASKED,
        version=2,
        requested_by="4711",
        requested_at=r.at(-0.1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def line(at: int = 0, state: ChangeState | None = ChangeState.PENDING, **changes: object) -> BulkLine:
    shown = replace(
        r.listed(price=r.on_sale(129_000 + at, 129_000 + at, None)),
        id=f"{at:016x}",
        title=TITLES[at % len(TITLES)],
        name=f"สีน้ำเงินกรมท่า {at}",
    )
    before, after = r.idr(129_000 + at), r.idr(115_900 - at)
    change = r.change(state, before=before, after=after, **changes) if state else None
    return BulkLine(shown, r.shop(), before, after, change)


def skipped(at: int, why: Skip) -> BulkLine:
    return replace(line(at, None), skip=why)


def card(*lines: BulkLine, **changes: object) -> BulkCard:
    made = BulkCard(
        bulk=head(),
        lines=lines or tuple(line(at) for at in range(117)),
        skipped=(skipped(1, Skip.BELOW_FLOOR), skipped(2, Skip.NO_CHANGE), skipped(3, Skip.NOT_EDITABLE)),
        version=119,
        shop=r.shop(),
        is_demo=False,
        requested_by_name="Sari",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def draft(**changes: object) -> BulkCard:
    lines = tuple(line(at, None) for at in range(117))
    return replace(card(*lines, **changes), bulk=head(state=BulkState.DRAFT))


def mixed(**states: int) -> tuple[BulkLine, ...]:
    return tuple(
        line(at, ChangeState(state), **({"reason": "below_wholesale"} if state == "failed" else {}))
        for state, count in states.items()
        for at in range(count)
    )


def of_file(stage: BulkState = BulkState.ASKED, **changes: object) -> Bulk:
    """Return the head of a bulk change that came in a file."""
    file = SentFile("Harga November toko Rumah Kita.xlsx", "ab" * 32, 500, 371, 12)
    recipe = Recipe(Move.EACH, Decimal(0))
    return head(source=Source.FILE, scope=Scope(), recipe=recipe, state=stage, file=file, **changes)


def scope(**changes: object) -> BulkScope:
    query = ProductQuery(ProductFilter.LISTED, "a1a1a1", "lampu")
    made = BulkScope(query, 43, 120, r.shop(), ("IDR",), is_demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def _card(of: BulkCard, tickets: BulkTickets = TICKETS) -> Draw:
    return lambda text: bulk_screen(of, tickets, text)


def _error(kind: type[InputError | NotFound], code: str, **params: object) -> Draw:
    return lambda text: error_screen(kind(code, **params), text)


_LOCKED = line(1, ChangeState.APPROVED, not_before=r.at(5), locked_since=r.at(-1), locked_until=r.at(5))
_LEFT = tuple(line(at, ChangeState.REJECTED, reason="called_off") for at in range(77))
_PAUSED = replace(line(1, ChangeState.APPROVED), shop=r.shop(state=ShopState.PAUSED))
_EVERY_STATE = tuple(line(at, state, reason="ratio_cap") for at, state in enumerate(ChangeState))
EVERY_SKIP = tuple(skipped(at, why) for at, why in enumerate(Skip))

BULKS: dict[str, Draw] = {
    "bulk over a list": lambda text: choose_screen(scope(), text),
    "bulk over all, in a demo": lambda text: choose_screen(
        scope(query=ProductQuery(), prices=1, products=1, shop=None, currencies=("IDR", "SGD"), is_demo=True),
        text,
    ),
    "bulk draft": _card(draft()),
    "bulk draft by an amount": _card(
        replace(
            draft(is_demo=True, is_paused=True),
            bulk=head(
                state=BulkState.DRAFT,
                recipe=Recipe(Move.BY, Decimal(2000), Rounding.WHOLE, Decimal(20000), "IDR"),
                scope=Scope("s"),
            ),
        )
    ),
    "bulk draft to one price": _card(
        replace(
            draft(),
            bulk=head(
                state=BulkState.DRAFT,
                recipe=Recipe(Move.TO, Decimal(129000), currency="IDR"),
                scope=Scope("w"),
            ),
        )
    ),
    "bulk draft of a file": _card(replace(draft(is_demo=True), bulk=of_file(BulkState.DRAFT), skipped=())),
    "bulk draft of a file that became nothing": _card(
        replace(draft(), lines=(), bulk=of_file(BulkState.DRAFT), skipped=(skipped(1, Skip.NO_CHANGE),))
    ),
    "bulk of a file, for a second person": _card(
        card(bulk=of_file(), excess=r.beyond(), second_persons=("Ann",))
    ),
    "bulk of a file, live": _card(
        card(*mixed(applied=117), bulk=of_file(), decided_by_name="Ann", can_be_undone=True)
    ),
    "bulk of a file, back": _card(card(*mixed(applied=117), bulk=of_file(undo_of="8" * 16))),
    "bulk of a file, as a sheet": lambda text: bulk_file_screen(card(bulk=of_file()), b"made", text),
    "waiting bulk of a file": lambda text: approvals_screen([], text, [card(bulk=of_file())]),
    "bulk draft of nothing": _card(
        replace(draft(), lines=(), skipped=EVERY_SKIP, bulk=head(state=BulkState.DRAFT, scope=Scope("u")))
    ),
    "bulk waiting": _card(card()),
    "bulk waiting, seen by a viewer": _card(card(), BulkTickets()),
    "bulk for a second person": _card(card(excess=r.beyond(), second_persons=("Ann",), is_demo=True)),
    "bulk to type": _card(card(excess=r.beyond(240, Cap.ITEMS, 200), needs_typing=True)),
    "bulk typing": lambda text: typing_screen(card(excess=r.beyond(240, Cap.ITEMS, 200)), text),
    "bulk floor": lambda text: floor_screen(
        replace(draft(), bulk=head(recipe=replace(TEN_OFF, floor=Decimal(20000), currency="IDR"))), text
    ),
    "bulk floor, none yet": lambda text: floor_screen(draft(is_demo=True), text),
    "bulk before the first is live": _card(card(*mixed(applying=3, approved=114))),
    "bulk under way": _card(
        card(*mixed(applied=40, applying=3, approved=73, failed=1), decided_by_name="Ann")
    ),
    "bulk held by promotions": _card(card(_LOCKED)),
    "bulk held by a pause": _card(card(*mixed(applied=4, approved=9), is_paused=True)),
    "bulk in a paused shop": _card(card(_PAUSED)),
    "bulk live": _card(card(*mixed(applied=117), decided_by_name="Ann", can_be_undone=True)),
    "bulk partly live": _card(
        card(
            *mixed(applied=111, failed=3, conflict=2, superseded=1), decided_by_name="Ann", can_be_undone=True
        )
    ),
    "bulk with one locked": _card(card(*mixed(applied=116), line(1, ChangeState.UNKNOWN), _LOCKED)),
    "bulk stopped by somebody": _card(
        card(
            *mixed(applied=40),
            *_LEFT,
            bulk=head(state=BulkState.CALLED_OFF, stopped_by="42"),
            stopped_by_name="Ann",
        )
    ),
    "bulk stopped by a refusal": _card(
        card(
            line(1, ChangeState.FAILED, reason="shop_restricted"),
            *_LEFT,
            bulk=head(state=BulkState.CALLED_OFF, reason="shop_restricted"),
        )
    ),
    "bulk rejected": _card(card(*mixed(rejected=117), decided_by_name="Ann")),
    "bulk expired": _card(card(*mixed(expired=117))),
    "bulk replaced": _card(card(*mixed(superseded=117))),
    "bulk taken back": _card(card(*mixed(applied=117), undone_by_name="Ann")),
    "bulk on its way back": _card(card(*mixed(applied=40, approved=77), bulk=head(undo_of="8" * 16))),
    "bulk back": _card(card(*mixed(applied=116, conflict=1), bulk=head(undo_of="8" * 16))),
    "bulk undo": lambda text: undo_screen(
        replace(card(), skipped=(skipped(1, Skip.CHANGED_SINCE),)), TICKET, text
    ),
    "bulk undo of nothing": lambda text: undo_screen(
        replace(card(), lines=(), skipped=(skipped(1, Skip.CHANGED_SINCE),), is_demo=True), TICKET, text
    ),
    "bulk file": lambda text: bulk_file_screen(card(), str(bulk_rows(draft(), text)).encode(), text),
    "bulk file of results": lambda text: bulk_file_screen(
        card(), str(bulk_rows(card(*_EVERY_STATE), text)).encode(), text
    ),
    "waiting bulk": lambda text: approvals_screen([r.proposal()], text, [card(second_persons=("Ann",))]),
    "error bulk recipe": _error(InputError, "bulk_recipe", most=Decimal(900)),
    "error bulk too many": _error(InputError, "bulk_too_many", most=1000),
    "error bulk empty": _error(NotFound, "bulk_empty"),
    "error bulk gone": _error(NotFound, "bulk_gone"),
    "error bulk unreadable": _error(InputError, "bulk_unreadable", text="ten"),
    "error bulk currency": _error(InputError, "bulk_currency"),
    "error count differs": _error(InputError, "count_differs", asked=117, typed=11),
}
