"""One batch: what is in it, how far it is, what must be chosen; its labels, its pick list, and scanned numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.callbacks import Place, pack
from bot.foreign import cut
from bot.render import Renderer
from bot.screen import Attachment, Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from bot.views.pack import PARCELS_SHOWN, parcel_label, parcel_opener, takers
from domain.parcels import TO_PACK, Packing, PackState, Scanned
from domain.platform import HandOver
from services.batches import Scan
from services.labels import Print
from services.offers import ParcelWays
from services.packing import BatchCard, Lane, PickLine
from services.papers import Paper
from services.views import OrderCard
from services.ways import Option, courier_at, option_key

SUBJECT = "batch"
LINES_SHOWN = 6
LINES_FOLDED = 24
WHOLE_COLUMNS = 38
CAPTION_LINES = 9
OPTIONS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class BatchTickets:
    """What stands behind a batch's buttons; without any of them only looking is possible."""

    stop: str = ""
    give_back: str = ""
    print_again: str = ""
    options: dict[str, str] = field(default_factory=dict)
    takers: dict[str, str] = field(default_factory=dict)


def batch_screen(
    card: BatchCard, tickets: BatchTickets, text: Renderer, lanes: Sequence[Lane] = ()
) -> Screen:
    """Show a batch; it is a card, so it follows what happens to its parcels. `lanes` have what comes next."""
    shown = text.render(
        "pack/batch.html.j2",
        card=card,
        lines=card.lines[:LINES_SHOWN],
        folded=card.lines[LINES_SHOWN:LINES_FOLDED],
        more=len(card.lines[LINES_FOLDED:]),
        pull_out=card.count(PackState.PULL_OUT),
        refused=card.refused,
        question=card.questions[0] if card.questions else None,
    )
    rows = (
        *_questions(card, tickets, text),
        *takers(lanes, tickets.takers, text),
        *_acts(card, tickets, text),
        home_row(text, leads(text, labels.BACK, Place.PACK)),
    )
    return Screen(shown, rows, SUBJECT, card.batch.id, card.batch.version)


def pick_list_screen(card: BatchCard, content: bytes, text: Renderer) -> Screen:
    """Send the pick list as a sheet, with its lines in the caption."""
    shown = text.render(
        "pack/picks.html.j2",
        card=card,
        lines=card.lines[:CAPTION_LINES],
        more=len(card.lines[CAPTION_LINES:]),
    )
    name = f"B{card.batch.number}.xlsx"
    return Screen(shown, document=Attachment(name, content), silent=True)


def problems_screen(card: BatchCard, text: Renderer) -> Screen:
    """List what of a batch is not packed, each with its order, where more can be done."""
    left = [each for each in card.parcels if each.state in TO_PACK]
    shown = text.render(
        "pack/problems.html.j2",
        card=card,
        parcels=left[:PARCELS_SHOWN],
        more=len(left[PARCELS_SHOWN:]),
    )
    openers = [parcel_opener(each) for each in left[:PARCELS_SHOWN]]
    back = leads(text, labels.BACK, Place.BATCH, card.batch.id)
    return Screen(shown, (*in_rows(openers), home_row(text, back)))


def scanned_screen(scan: Scan, ticket: str, text: Renderer) -> Screen:
    """Say why a number packed nothing; what was called off can be noted as pulled out here."""
    shown = text.render("pack/scanned.html.j2", scan=scan, parcel=scan.parcel)
    opener = Button(text.label(labels.OPEN), pack(Place.ORDER, scan.parcel.order_id))
    pulled = parcel_label(text, labels.PULLED_OUT, scan.parcel)
    is_off = scan.result is Scanned.PULL_OUT and ticket
    return Screen(shown, ((Button(pulled, ticket, style="danger"), opener) if is_off else (opener,),))


def labels_screen(
    paper: Paper, picks: Sequence[PickLine], printed: Print, number: int, text: Renderer
) -> Screen:
    """Send one file of labels; the caption says what is on which pages."""
    shown = text.render(
        "pack/labels.html.j2",
        paper=paper,
        count=len(paper.first_pages),
        lines=picks[:CAPTION_LINES],
        more=len(picks[CAPTION_LINES:]),
        number=number,
        prints=printed.prints,
        missing=len(printed.missing),
    )
    kept = "".join(each for each in paper.courier if each.isascii() and each.isalnum())
    name = f"B{number}-{kept}.pdf" if number else f"{kept}.pdf"
    return Screen(shown, document=Attachment(name, paper.content), silent=True)


def no_labels_screen(printed: Print, text: Renderer) -> Screen:
    """Say that no label came, and which parcels wait for one."""
    return Screen(text.render("pack/no_labels.html.j2", parcels=printed.missing[:PARCELS_SHOWN]))


def option_label(option: Option, text: Renderer, width: int = WHOLE_COLUMNS) -> str:
    """Return what a way of handing over is called on a button: the whole act, with hours or counter."""
    if option.way is HandOver.OWN:
        return cut(text.label(labels.OWN_COURIER), width)
    if option.way is HandOver.DROPOFF:
        words = (
            text.label(labels.DROP_OFF_AT, place=option.text) if option.text else text.label(labels.DROP_OFF)
        )
        return cut(words, width)
    if not option.slot:
        return cut(text.label(labels.PICKUP), width)
    day = text.day(option.day.astimezone(text.now().tzinfo)) if option.day else ""
    return cut(text.label(labels.PICKUP_AT, day=day, slot=option.slot), width)


def _questions(card: BatchCard, tickets: BatchTickets, text: Renderer) -> Rows:
    if not card.questions:
        return ()
    return tuple(
        (Button(option_label(option, text), tickets.options[key], style="primary" if not at else None),)
        for at, (key, option) in enumerate(_keyed(card))
        if key in tickets.options
    )


def _keyed(card: BatchCard) -> list[tuple[str, Option]]:
    question = card.questions[0]
    return [(question.key_of(option), option) for option in question.options]


def _acts(card: BatchCard, tickets: BatchTickets, text: Renderer) -> Rows:
    batch_id = card.batch.id
    if card.stop_until and tickets.stop:
        return ((Button(text.label(labels.STOP), tickets.stop, style="danger"),),)
    picks = leads(text, labels.PICK_LIST, Place.PICK_LIST, batch_id)
    again = (Button(text.label(labels.LABELS_AGAIN), tickets.print_again),) if tickets.print_again else ()
    rows: list[tuple[Button, ...]] = [(*again, picks)]
    if card.left:
        problem = leads(text, labels.PROBLEM, Place.PROBLEMS, batch_id)
        label = text.label(labels.GIVE_BACK, n=text.number(card.left))
        back = (Button(label, tickets.give_back, style="danger"),) if tickets.give_back else ()
        rows.append((problem, *back))
    return tuple(rows)


def ways_screen(found: ParcelWays, tickets: Mapping[str, str], text: Renderer) -> Screen:
    """Offer each way in which one parcel may be handed over, as a button that names the whole act."""
    shown = text.render("pack/ways.html.j2", found=found)
    at = courier_at(found.parcel)
    buttons = [
        own_courier(found.parcel, text)
        if each.way is HandOver.OWN
        else Button(option_label(each, text), tickets[option_key(at, each)])
        for each in found.options
        if each.way is HandOver.OWN or option_key(at, each) in tickets
    ]
    back = leads(text, labels.BACK, Place.ORDER, found.parcel.order_id)
    return Screen(shown, (*in_rows(buttons[:OPTIONS_SHOWN], 1), home_row(text, back)))


def own_courier(parcel: Packing, text: Renderer) -> Button:
    """Return the button that asks for the number under which the seller's own courier takes a parcel."""
    return leads(text, labels.OWN_COURIER, Place.OWN_NUMBER, parcel.parcel_id)


def own_number_screen(parcel: Packing, text: Renderer) -> Screen:
    """Ask for that number."""
    shown = text.render("pack/own_number.html.j2", parcel=parcel)
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL),),))


def photo_screen(parcel: Packing | None, text: Renderer) -> Screen:
    """Say with which parcel a photo is kept, or how it comes to one."""
    return Screen(text.render("pack/photo.html.j2", parcel=parcel), silent=True)


def called_off_screen(
    card: OrderCard, parcels: Sequence[Packing], tickets: Mapping[str, str], text: Renderer
) -> Screen:
    """Ring: what somebody has in hand must not leave."""
    shown = text.render("pack/called_off.html.j2", card=card, parcels=parcels[:PARCELS_SHOWN])
    pulled = [
        Button(parcel_label(text, labels.PULLED_OUT, each), tickets[each.parcel_id], style="danger")
        for each in parcels[:PARCELS_SHOWN]
        if each.parcel_id in tickets
    ]
    opener = leads(text, labels.OPEN, Place.ORDER, card.order.id)
    return Screen(shown, in_rows([*pulled, opener], 2))


def picks_table(card: BatchCard, text: Renderer) -> list[list[str | int]]:
    """Return the pick list as rows of a sheet, the first one with the names of the columns."""
    columns = (labels.SHEET_SKU, labels.SHEET_PARCELS, labels.SHEET_UNITS, labels.SHEET_PAGES)
    rows: list[list[str | int]] = [[text.label(each) for each in columns]]
    for line in card.lines:
        pages = f"{line.first_page}-{line.last_page}" if line.first_page else ""
        rows.append([line.sku or text.label(labels.SHEET_MIXED), line.parcels, line.units, pages])
    return rows
