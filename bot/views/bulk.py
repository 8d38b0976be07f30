"""A bulk change: what it is over, the draft with its largest changes, and the card through all its states."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.callbacks import Place, pack
from bot.foreign import cut
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.bulk import Bulk, BulkState, Move, Recipe, Rounding, Skip, unit_of
from domain.changes import UNDO_LASTS, ChangeState
from domain.locks import CALLED_OFF
from domain.money import Money, total
from domain.shops import ShopState
from services.bulk_cards import SUBJECT, BulkCard, BulkLine
from services.bulk_plans import query_of
from services.bulks import BulkScope
from services.products import ProductQuery

LARGEST, LARGEST_OF_FILE = 3, 5
REASONS = 3
NAMED = 2
NAME_COLUMNS = 18
PERCENTS = ("-5", "-10", "-15", "5", "10", "15")


class Stage(StrEnum):
    """Where a bulk change stands as a whole."""

    DRAFT = "draft"
    WAITING = "waiting"
    TYPING = "typing"
    HELD = "held"
    PAUSED = "paused"
    SENDING = "sending"
    LIVE = "live"
    PARTLY = "partly"
    TAKEN_BACK = "taken_back"
    NOTHING = "nothing"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


MARKS = {
    Stage.DRAFT: "🏷",
    Stage.WAITING: "🏷",
    Stage.TYPING: "🏷",
    Stage.HELD: "⏳",
    Stage.PAUSED: "⏳",
    Stage.SENDING: "⏳",
    Stage.LIVE: "✅",
    Stage.PARTLY: "⚠️",
    Stage.TAKEN_BACK: "✖️",
    Stage.NOTHING: "⚠️",
    Stage.REJECTED: "✖️",
    Stage.EXPIRED: "✖️",
    Stage.SUPERSEDED: "✖️",
}
UNDECIDED = frozenset({Stage.WAITING, Stage.TYPING})
_PLANNED = UNDECIDED | {Stage.DRAFT}
_SAYS_ALL = frozenset({Move.TO, Move.EACH})
"""What a recipe or a file says to the last digit is not rounded."""
_UNDER_WAY = frozenset({Stage.HELD, Stage.PAUSED, Stage.SENDING})
_OPEN = frozenset({ChangeState.APPROVED, ChangeState.APPLYING, ChangeState.UNKNOWN})
_ENDS = {
    ChangeState.REJECTED: Stage.REJECTED,
    ChangeState.EXPIRED: Stage.EXPIRED,
    ChangeState.SUPERSEDED: Stage.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class BulkTickets:
    """The data of the buttons that act; empty where the onlooker may not."""

    ask: str = ""
    approve: str = ""
    reject: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Prices that were refused for one reason, the first of them by name."""

    reason: str
    platform: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many prices stand where. `waits` wait for the end of a promotion, `conflicts` were changed meanwhile."""

    all: int
    live: int
    failed: int
    conflicts: int
    waits: int
    open: int
    left: int


def stage(card: BulkCard, now: datetime) -> Stage:
    """Return where a bulk change stands: what is still open first, then how it ended."""
    states = {each.state for each in card.lines}
    if ChangeState.DRAFT in states or not states:
        return Stage.DRAFT
    if ChangeState.PENDING in states:
        return Stage.TYPING if card.needs_typing else Stage.WAITING
    if states & _OPEN:
        return _on_its_way(card, now)
    return _ended(card, states)


def choose_screen(scope: BulkScope, text: Renderer) -> Screen:
    """Ask how the prices of a list of products are to change; an amount is typed."""
    shown = text.render(
        "bulk/choose.html.j2",
        scope=scope,
        kind=scope.query.filter.value,
        words=scope.query.words,
        amounts=_examples(scope.currencies),
    )
    parts = query_parts(scope.query)
    percents = [Button(text.signed(Decimal(each)), pack(Place.BULK_BY, each, *parts)) for each in PERCENTS]
    back = leads(text, labels.BACK, Place.PRODUCTS, "1", *parts)
    return Screen(shown, (*in_rows(percents), (leads(text, labels.CANCEL, Place.CANCEL), back)))


def bulk_screen(card: BulkCard, tickets: BulkTickets, text: Renderer) -> Screen:
    """Show a bulk change with the buttons of its stage; a draft is no card that stays current."""
    now = text.now()
    at = stage(card, now)
    shown = text.render(
        "bulk/card.html.j2",
        card=card,
        bulk=card.bulk,
        mark=MARKS[at],
        stage=at,
        is_undo=bool(card.bulk.undo_of),
        kind=card.bulk.scope.filter or "a",
        value=value_of(card.bulk.recipe),
        floor=_floor(card.bulk.recipe),
        ending=_ending(card),
        tally=tally(card, now),
        largest=_largest(card.lines, _named_at_most(card)) if at in _PLANNED else (),
        effects=_effects(card.lines) if at in _PLANNED else (),
        skips=_skips(card.skipped),
        refused=_refused(card.lines),
        held_until=_held_until(card, now),
        undo_until=_undo_until(card),
        first=card.lines[0].change if card.lines else None,
    )
    rows = (*_acts(card, at, tickets, text), _files(card, at, text), home_row(text, _back(card, text)))
    if at is Stage.DRAFT:
        return Screen(shown, rows)
    return Screen(shown, rows, SUBJECT, card.id, card.version)


def typing_screen(card: BulkCard, text: Renderer) -> Screen:
    """Ask to type how many prices a bulk change beyond a limit has."""
    shown = text.render("bulk/typing.html.j2", card=card, n=_asked(card), largest=_largest(card.lines))
    back = leads(text, labels.BACK, Place.BULK, card.id)
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL), back),))


def floor_screen(card: BulkCard, text: Renderer) -> Screen:
    """Ask under which price nothing of a bulk change may go."""
    shown = text.render("bulk/floor.html.j2", card=card, floor=_floor(card.bulk.recipe))
    back = leads(text, labels.BACK, Place.BULK, card.id)
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL), back),))


def undo_screen(plan: BulkCard, ticket: str, text: Renderer) -> Screen:
    """Ask once more before a bulk change is taken back; the button names the whole act."""
    shown = text.render(
        "bulk/undo.html.j2",
        card=plan,
        n=len(plan.lines),
        largest=_largest(plan.lines),
        skips=_skips(plan.skipped),
        spared=[each for each in plan.skipped if each.skip is Skip.CHANGED_SINCE][:REASONS],
    )
    yes = Button(text.label(labels.UNDO_BULK_YES, n=text.number(len(plan.lines))), ticket, style="primary")
    keep = leads(text, labels.KEEP, Place.BULK, plan.id)
    return Screen(shown, (*(((yes,),) if plan.lines else ()), home_row(text, keep)))


def query_parts(query: ProductQuery) -> tuple[str, ...]:
    """Return the parts of a button's data that name a list of products."""
    return (query.filter.value, query.shop[:6], *((query.words,) if query.words else ()))


def tally(card: BulkCard, now: datetime) -> Tally:
    counts = Counter(each.state for each in card.lines)
    return Tally(
        all=len(card.lines),
        live=counts[ChangeState.APPLIED],
        failed=counts[ChangeState.FAILED],
        conflicts=counts[ChangeState.CONFLICT],
        waits=sum(_is_locked(each, now) for each in card.lines),
        open=sum(counts[each] for each in _OPEN),
        left=counts[ChangeState.SUPERSEDED] + sum(map(_is_called_off, card.lines)),
    )


def _ended(card: BulkCard, states: Collection[ChangeState]) -> Stage:
    if ChangeState.APPLIED in states:
        if card.undone_by_name and not card.can_be_undone:
            return Stage.TAKEN_BACK
        return Stage.LIVE if len(states) == 1 else Stage.PARTLY
    if card.bulk.state is BulkState.CALLED_OFF or len(states) > 1:
        return Stage.NOTHING
    return _ENDS.get(next(iter(states)), Stage.NOTHING)


def _on_its_way(card: BulkCard, now: datetime) -> Stage:
    open_lines = [each for each in card.lines if each.state in _OPEN]
    ready = [each for each in open_lines if each.state is ChangeState.APPROVED]
    if any(card.is_paused or each.shop.state is ShopState.PAUSED for each in ready):
        return Stage.PAUSED
    return Stage.HELD if all(_is_locked(each, now) for each in open_lines) else Stage.SENDING


def _is_locked(line: BulkLine, now: datetime) -> bool:
    change = line.change
    is_later = change is not None and change.not_before is not None and change.not_before > now
    return bool(change and change.is_waiting and is_later)


def _is_called_off(line: BulkLine) -> bool:
    change = line.change
    return bool(change and change.state is ChangeState.REJECTED and change.reason == CALLED_OFF)


def _acts(card: BulkCard, at: Stage, tickets: BulkTickets, text: Renderer) -> Rows:
    n = text.number(_asked(card))
    if at is Stage.DRAFT:
        ask = Button(text.label(labels.ASK_BULK, n=n), tickets.ask, style="primary")
        roundings = () if card.bulk.recipe.move in _SAYS_ALL else (_roundings(card.bulk, card, text),)
        return (*(((ask,),) if tickets.ask and card.lines else ()), *roundings)
    if at in UNDECIDED:
        approve = (((_approval(card, at, tickets, n, text)),),) if tickets.approve else ()
        reject = ((Button(text.label(labels.REJECT), tickets.reject, style="danger"),),)
        return (*approve, *reject) if tickets.reject else ()
    if at in _UNDER_WAY:
        return (
            ((Button(text.label(labels.STOP_BULK), tickets.stop, style="danger"),),) if tickets.stop else ()
        )
    return ()


def _approval(card: BulkCard, at: Stage, tickets: BulkTickets, n: str, text: Renderer) -> Button:
    if at is Stage.TYPING:
        return leads(text, labels.TYPE_COUNT, Place.BULK_TYPE, card.id)
    return Button(text.label(labels.APPROVE_BULK, n=n), tickets.approve, style="success")


def _roundings(bulk: Bulk, card: BulkCard, text: Renderer) -> tuple[Button, ...]:
    """Return a button for each rounding, as its prices end, the chosen one marked."""
    currency = _currency(card)
    names = {
        Rounding.EXACT: text.label(labels.EXACT),
        Rounding.WHOLE: _tail(Money(unit_of(currency), currency), text),
        Rounding.CHARM: _tail(Money(unit_of(currency) * 9 / 10, currency), text),
    }
    return tuple(
        Button(
            f"{'•' if each is bulk.recipe.rounding else ''}{name}",
            pack(Place.BULK_ROUND, bulk.id, each.value),
        )
        for each, name in names.items()
    )


def _tail(amount: Money, text: Renderer) -> str:
    """Return how prices end that are rounded so: the last three digits, or the point and what follows it."""
    return f"…{text.amount(amount)[-3:]}"


def _files(card: BulkCard, at: Stage, text: Renderer) -> tuple[Button, ...]:
    """Return the row with the whole as a file, and what may be changed or taken back."""
    label = labels.ALL_DIFFERENCES if at in _PLANNED else labels.RESULTS_FILE
    whole = leads(text, label, Place.BULK_FILE, card.id)
    if at is Stage.DRAFT and card.bulk.recipe.move is not Move.EACH:
        return (leads(text, labels.FLOOR, Place.BULK_FLOOR, card.id), whole)
    if card.can_be_undone and at not in _UNDER_WAY:
        return (whole, leads(text, labels.UNDO, Place.BULK_UNDO, card.id))
    return (whole,)


def _back(card: BulkCard, text: Renderer) -> Button:
    return leads(text, labels.BACK, Place.PRODUCTS, "1", *query_parts(query_of(card.bulk.scope)))


def _asked(card: BulkCard) -> int:
    waits = {ChangeState.DRAFT, ChangeState.PENDING}
    return sum(each.state in waits for each in card.lines)


def _named_at_most(card: BulkCard) -> int:
    """Return how many changes a card names: one of a file has a line for each."""
    return LARGEST_OF_FILE if card.bulk.file.digest else LARGEST


def _largest(lines: Sequence[BulkLine], most: int = LARGEST) -> list[tuple[BulkLine, Decimal]]:
    """Return the lines that change most, with their percent."""
    changed = [(each, each.after.percent_from(each.before)) for each in lines]
    return sorted(changed, key=lambda pair: -abs(pair[1]))[:most]


def _effects(lines: Sequence[BulkLine]) -> list[Money]:
    """Return by how much all that is in stock would be worth more or less, one sum per currency."""
    sums = total((each.after - each.before) * max(each.shown.available, 0) for each in lines)
    return [sums[currency] for currency in sorted(sums)]


def _skips(skipped: Sequence[BulkLine]) -> list[tuple[str, int]]:
    counts = Counter(each.skip.value for each in skipped if each.skip)
    return counts.most_common()


def _refused(lines: Sequence[BulkLine]) -> list[Refused]:
    """Return what was refused, by reason, the most frequent first."""
    groups: dict[tuple[str, str], list[BulkLine]] = {}
    for each in lines:
        if each.change and each.change.state is ChangeState.FAILED:
            groups.setdefault((each.change.reason, each.shop.platform), []).append(each)
    found = sorted(groups.items(), key=lambda item: -len(item[1]))[:REASONS]
    return [Refused(reason, platform, len(of), _named(of)) for (reason, platform), of in found]


def _named(lines: Sequence[BulkLine]) -> tuple[str, ...]:
    """Name the first of some prices, and that there are more."""
    more = ("…",) if len(lines) > NAMED else ()
    return (*(cut(each.shown.sku or each.shown.title, NAME_COLUMNS) for each in lines[:NAMED]), *more)


def value_of(recipe: Recipe) -> Money | Decimal:
    """Return by how much, or to what, a recipe changes a price, ready to be written."""
    return recipe.value if recipe.move in {Move.PERCENT, Move.EACH} else Money(recipe.value, recipe.currency)


def _floor(recipe: Recipe) -> Money | None:
    return None if recipe.floor is None else Money(recipe.floor, recipe.currency)


def _ending(card: BulkCard) -> Money | None:
    """Return what the new prices end in, as an amount; nothing where they are exact."""
    unit, currency = unit_of(_currency(card)), _currency(card)
    tails = {Rounding.WHOLE: Decimal(0), Rounding.CHARM: unit * 9 / 10}
    rounding = card.bulk.recipe.rounding
    return Money(tails[rounding], currency) if rounding in tails else None


def _currency(card: BulkCard) -> str:
    lines = card.lines or card.skipped
    return lines[0].before.currency if lines else card.bulk.recipe.currency


def _examples(currencies: Sequence[str]) -> tuple[str, ...]:
    """Return amounts as they may be typed, where the prices have one currency."""
    if len(currencies) != 1:
        return ()
    unit = unit_of(currencies[0])
    return (f"+{unit * 2}", f"-{unit * 2}", str(unit * 129))


def _held_until(card: BulkCard, now: datetime) -> datetime | None:
    ends = [each.change.not_before for each in card.lines if _is_locked(each, now) and each.change]
    return max((each for each in ends if each), default=None)


def _undo_until(card: BulkCard) -> datetime | None:
    """Return until when it can be taken back; the first price that went through sets the end."""
    if not card.can_be_undone:
        return None
    ends = [each.change.ended_at for each in card.lines if each.change and each.state is ChangeState.APPLIED]
    found = [each for each in ends if each]
    return min(found) + UNDO_LASTS if found else None
