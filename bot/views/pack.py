"""Packing: the work list by courier and time, handing over, what must be pulled out, what was refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.callbacks import Place, pack
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from bot.views.marks import is_late, urgency
from domain.batches import SIZE
from domain.parcels import Packing
from services.packing import Lane, WorkList

LANES_SHOWN = 6
BATCHES_SHOWN = 4
PARCELS_SHOWN = 8
PAIR_COLUMNS, WHOLE_COLUMNS = 20, 38


def pack_screen(work: WorkList, tickets: Mapping[str, str], text: Renderer) -> Screen:
    """Show what waits; `tickets` take the next parcels of a lane, by its key."""
    now = text.now()
    first = work.lanes[0] if work.lanes else None
    shown = text.render(
        "pack/list.html.j2",
        work=work,
        first=first if first and first.waiting else None,
        mark=urgency(first.first_due if first else None, now),
        lanes=[(urgency(each.first_due, now), is_late(each.first_due, now), each) for each in work.lanes][
            :LANES_SHOWN
        ],
        more=len(work.lanes[LANES_SHOWN:]),
        batches=work.batches[:BATCHES_SHOWN],
        shop_name=dict(work.shops).get(work.shop_id, ""),
        is_mine=any(each.is_mine for each in work.batches),
    )
    rows = (
        *_batches(work, text),
        *takers(work.lanes, tickets, text),
        _troubles(work, text),
        *in_rows([_hands(each, work.shop_id, text) for each in work.lanes[:LANES_SHOWN] if each.packed], 2),
        _last(work, text),
    )
    return Screen(shown, rows)


def hand_over_screen(work: WorkList, lane: Lane, ticket: str, text: Renderer) -> Screen:
    """Ask in words before a courier's parcels are gone for good: those of one shop, where only that is shown."""
    shop_name = dict(work.shops).get(work.shop_id, "")
    shown = text.render("pack/hand_over.html.j2", work=work, lane=lane, shop_name=shop_name)
    label = text.label(labels.YES_HANDED_OVER, n=text.number(lane.packed))
    yes = ((Button(label, ticket, style="success"),),) if ticket and lane.packed else ()
    return Screen(shown, (*yes, home_row(text, leads(text, labels.BACK, Place.PACK, work.shop_id))))


def pull_out_screen(parcels: Sequence[Packing], tickets: Mapping[str, str], text: Renderer) -> Screen:
    """List what was called off when its label was out, each with a button that notes that it lies aside."""
    shown = text.render(
        "pack/pull_out.html.j2",
        count=len(parcels),
        parcels=parcels[:PARCELS_SHOWN],
        more=len(parcels[PARCELS_SHOWN:]),
    )
    pulled = [
        Button(parcel_label(text, labels.PULLED_OUT, each), tickets[each.parcel_id])
        for each in parcels[:PARCELS_SHOWN]
        if each.parcel_id in tickets
    ]
    return Screen(shown, (*in_rows(pulled, 2), home_row(text, leads(text, labels.BACK, Place.PACK))))


def refused_screen(parcels: Sequence[Packing], text: Renderer) -> Screen:
    """List what could not be arranged and why, each with its order."""
    shown = text.render(
        "pack/refused.html.j2",
        count=len(parcels),
        parcels=parcels[:PARCELS_SHOWN],
        more=len(parcels[PARCELS_SHOWN:]),
    )
    openers = [parcel_opener(each) for each in parcels[:PARCELS_SHOWN]]
    return Screen(shown, (*in_rows(openers), home_row(text, leads(text, labels.BACK, Place.PACK))))


def cut_off_near_screen(courier: str, lane: Lane, text: Renderer, *, is_demo: bool) -> Screen:
    """Ring: a courier's time comes near and parcels of his are not packed."""
    shown = text.render("pack/cut_off_near.html.j2", courier=courier, lane=lane, is_demo=is_demo)
    button = leads(text, labels.PACK, Place.PACK)
    return Screen(shown, ((Button(button.text, button.data, style="primary"),),))


def takers(lanes: Sequence[Lane], tickets: Mapping[str, str], text: Renderer) -> Rows:
    """Return a button a lane: the most urgent one across the row, the others in pairs."""
    free = [each for each in lanes if each.free and each.key in tickets][:LANES_SHOWN]
    buttons = [
        Button(_take_label(each, text, WHOLE_COLUMNS if not at else PAIR_COLUMNS), tickets[each.key])
        for at, each in enumerate(free)
    ]
    if not buttons:
        return ()
    first = Button(buttons[0].text, buttons[0].data, style="primary")
    return ((first,), *in_rows(buttons[1:], 2))


def parcel_opener(parcel: Packing) -> Button:
    """Return the button that opens a parcel's order, by the end of its number."""
    return Button(f"…{parcel.order_number[-6:]}", pack(Place.ORDER, parcel.order_id))


def due_first(lanes: Sequence[Lane]) -> datetime | None:
    return min((each.first_due for each in lanes if each.first_due), default=None)


def parcel_label(text: Renderer, label: str, parcel: Packing) -> str:
    """Return a label that names a parcel by the end of its number, within a pair's width."""
    number = parcel.number or parcel.order_number
    return cut(text.label(label, number=f"…{number[-4:]}"), PAIR_COLUMNS)


def _batches(work: WorkList, text: Renderer) -> Rows:
    mine = [each for each in work.batches if each.is_mine][:BATCHES_SHOWN]
    buttons = [
        Button(
            text.label(
                labels.BATCH_SO_FAR,
                number=text.number(each.batch.number),
                n=text.number(each.packed),
                of=text.number(each.size),
            ),
            pack(Place.BATCH, each.batch.id),
            style="primary",
        )
        for each in mine
    ]
    return in_rows(buttons, 2)


def _take_label(lane: Lane, text: Renderer, width: int) -> str:
    count = text.number(min(lane.free, SIZE))
    if lane.is_instant:
        return cut(text.label(labels.TAKE_INSTANT, n=count), width)
    label = labels.TAKE_NEXT if width == WHOLE_COLUMNS else labels.TAKE
    room = width - columns(text.label(label, n=count, courier=""))
    return text.label(label, n=count, courier=cut(lane.courier, max(room, 4)))


def _hands(lane: Lane, shop_id: str, text: Renderer) -> Button:
    """Return the button that asks about a hand-over; a name that is cut ends like the label itself."""
    courier = text.label(labels.INSTANT) if lane.is_instant else lane.courier
    room = PAIR_COLUMNS - columns(text.label(labels.HAND_OVER, courier=""))
    label = text.label(labels.HAND_OVER, courier=cut(courier, max(room, 4)).rstrip("…"))
    return Button(cut(label, PAIR_COLUMNS), pack(Place.HAND_OVER, lane.key, shop_id))


def _troubles(work: WorkList, text: Renderer) -> tuple[Button, ...]:
    buttons = []
    if work.pull_out:
        label = text.label(labels.PULL_OUT, n=text.number(work.pull_out))
        buttons.append(Button(label, pack(Place.PULL_OUT), style="danger"))
    if work.refused:
        buttons.append(Button(text.label(labels.REFUSED, n=text.number(work.refused)), pack(Place.REFUSED)))
    return tuple(buttons)


def _last(work: WorkList, text: Renderer) -> tuple[Button, ...]:
    refresh = leads(text, labels.REFRESH, Place.PACK, work.shop_id)
    if len(work.shops) < 2:
        return home_row(text, refresh)
    choices = ["", *(shop_id for shop_id, _ in work.shops)]
    following = choices[(choices.index(work.shop_id) + 1) % len(choices)]
    return home_row(text, leads(text, labels.FILTER, Place.PACK, following), refresh)
