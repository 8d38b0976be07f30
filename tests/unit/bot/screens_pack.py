"""Sample screens of packing: the work list, a batch on its way, labels, numbers that pack nothing, hand-over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import batch, pack
from bot.views.batch import BatchTickets
from bot.views.errors import error_screen
from bot.views.orders import Parcels, order_screen
from domain import errors
from domain.batches import Batch, LabelStep
from domain.orders import OrderStatus
from domain.parcels import Packing, PackState, Scanned, ShipStep
from domain.platform import HandOver
from services.batches import Scan
from services.labels import Print
from services.offers import ParcelWays
from services.packing import BatchCard, BatchLine, Lane, WorkList, pick_lines
from services.papers import Paper
from services.ways import Option, Question
from storage.repositories.ways import CourierAt
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]
TICKET = "c1:" + "A" * 22
AT = CourierAt("a1a1a1a1a1a1a1a1", "80025", "")
BATCH = Batch(
    "b7b7b7b7b7b7b7b7", r.SELLER, 7, "4711", "f1f1f1f1f1f1f1f1", "J&T Express", False, r.at(-1), None,
    LabelStep.SENT, 1, "", 9,
)  # fmt: skip
LONG = "LAMPU-LED-E27-12W-PUTIH-HANGAT-PAKET-ISI-10-โคมไฟ-Đèn"


def packing(at: int = 1, **changes: object) -> Packing:
    made = Packing(
        parcel_id=f"9a{at:014d}", order_id=f"0d{at:014d}", shop_id="a1a1a1a1a1a1a1a1", external_id=f"OFG{at}",
        courier_id="80025", place="", number=f"JX00000{at:05d}", order_number=f"261111{at:02d}QWAB12X",
        courier="J&T Express", is_instant=False, ship_by=r.at(1), sku="LED-12W-W", units=1, is_mixed=False,
        state=PackState.PRINTED, step=ShipStep.NONE, reason="", choice="", due_at=None, attempts=0,
        batch_id=BATCH.id, position=at, page=at, printed=1, packed_at=None, packed_by="", photo_id="",
        pickup_code="", version=3,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def lane(courier: str = "J&T Express", **changes: object) -> Lane:
    made = Lane(f"key-{courier[:4]}", courier, not courier, 78, 118, 37, r.at(1))
    return replace(made, **changes)  # type: ignore[arg-type]


def work(*lanes: Lane, **changes: object) -> WorkList:
    made = WorkList(
        lanes=lanes or (lane("", free=12, waiting=12, packed=0, first_due=r.at(-0.5)), lane(),
                        lane("SPX Standard", free=141, waiting=141, packed=2, first_due=r.at(3)),
                        lane("JNE Reguler Yogyakarta", free=41, waiting=41, packed=0, first_due=None)),
        batches=(BatchLine(BATCH, "Sari", 40, 26, True),
                 BatchLine(replace(BATCH, number=8), "Budi Setiawan Wijaya", 40, 11, False)),
        printed=43, packed=39, pull_out=2, refused=9, next_number=9, shop_id="",
        shops=(("a1a1a1a1a1a1a1a1", "Rumah Kita"), ("a2a2a2a2a2a2a2a2", "ร้านบ้านเราเครื่องใช้ไฟฟ้า")),
        as_of=r.at(0), is_demo=False,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def card(*parcels: Packing, **changes: object) -> BatchCard:
    held = parcels or (
        *(packing(at, state=PackState.PACKED) for at in range(1, 4)),
        *(packing(at, sku="USB-2M", units=2) for at in range(4, 6)),
        packing(6, sku="", units=4, is_mixed=True),
    )
    made = BatchCard(BATCH, "Sari", held, tuple(pick_lines(held)), (), held[0], None, False)
    return replace(made, **changes)  # type: ignore[arg-type]


OPTIONS = (
    Option(
        HandOver.PICKUP, "1173", slot_id="1", slot="15:00-18:00", day=r.at(-7), text="Jl. Contoh 1, Bandung"
    ),
    Option(HandOver.PICKUP, "1174", text="Gudang"),
    Option(HandOver.DROPOFF),
    Option(HandOver.DROPOFF, branch_id="3201", text="Counter A, Bandung, Jawa Barat 40111"),
)
QUESTION = Question(AT, "J&T Express", 6, OPTIONS, 5)
WAITING = tuple(
    packing(at, state=PackState.TO_ARRANGE, step=ShipStep.ASKED, printed=0, page=0) for at in (1, 2)
)
REFUSED = tuple(
    packing(at, state=PackState.TO_ARRANGE, step=ShipStep.REFUSED, reason=reason, printed=0, number="")
    for at, reason in enumerate(
        ("cancelled", "number_wanted", "not_ready", "no_way", "number_refused", "invoice_missing", "too_large", "not_found",
         "shop_restricted", "unsupported", "token_revoked", "choice_refused", "other"), 1)
)  # fmt: skip
ALL = BatchTickets("", TICKET, TICKET, {QUESTION.key_of(each): TICKET for each in OPTIONS})


def _batch(shown: BatchCard, tickets: BatchTickets = ALL) -> Draw:
    return lambda text: batch.batch_screen(shown, tickets, text)


def _step(step: LabelStep, **changes: object) -> BatchCard:
    return card(*WAITING, batch=replace(BATCH, labels=step, last_parcel_id="", **changes), last=None)  # type: ignore[arg-type]


def _scanned(result: Scanned, **changes: Any) -> Draw:
    scan = Scan(result, packing(packed_at=r.at(-1), **changes), BATCH, "Budi")
    return lambda text: batch.scanned_screen(scan, TICKET, text)


def _labels(count: int, *, prints: int = 1, missing: int = 0, number: int = 7) -> Draw:
    paper = Paper("J&T Express", b"%PDF", {f"9a{at:014d}": at for at in range(1, count + 1)})
    picks = tuple(pick_lines([packing(at, sku=f"SKU-{at}") for at in range(1, count + 1)]))
    printed = Print((paper,), (picks,), tuple(packing(at) for at in range(missing)), prints)
    return lambda text: batch.labels_screen(paper, picks, printed, number, text)


def _held(*parcels: Packing) -> Draw:
    rows = ((Button("Pickup", TICKET), Button("Other way…", "n1:ways:9a")),)
    held = Parcels(parcels, rows, 3)
    return lambda text: order_screen(r.order_card(), text, parcels=held)


PACK: dict[str, Draw] = {
    "pack": lambda text: pack.pack_screen(work(), {each.key: TICKET for each in work().lanes}, text),
    "pack of a viewer": lambda text: pack.pack_screen(work(), {}, text),
    "pack in one shop": lambda text: pack.pack_screen(
        work(lane(first_due=r.at(-2)), shop_id="a1a1a1a1a1a1a1a1", is_demo=True), {}, text
    ),
    "pack, many couriers": lambda text: pack.pack_screen(
        work(*(lane(f"Courier number {at}", packed=0) for at in range(9)), batches=()), {}, text
    ),
    "pack, all packed": lambda text: pack.pack_screen(
        work(lane(waiting=0, free=0), batches=(), printed=0, pull_out=0, refused=0, shops=()), {}, text
    ),
    "pack, nothing": lambda text: pack.pack_screen(
        replace(work(batches=(), printed=0, packed=0, pull_out=0, refused=0, shops=()), lanes=()), {}, text
    ),
    "hand over": lambda text: pack.hand_over_screen(work(is_demo=True), lane(), TICKET, text),
    "hand over in one shop": lambda text: pack.hand_over_screen(work(shop_id="a2a2a2a2a2a2a2a2"), lane(), TICKET, text),
    "hand over instant": lambda text: pack.hand_over_screen(work(pull_out=0), lane("", waiting=0), TICKET, text),
    "hand over nothing": lambda text: pack.hand_over_screen(work(pull_out=0), lane(packed=0), "", text),
    "pull out": lambda text: pack.pull_out_screen(
        [packing(at, state=PackState.PULL_OUT) for at in range(1, 11)],
        {f"9a{at:014d}": TICKET for at in range(1, 11)},
        text,
    ),
    "pull out nothing": lambda text: pack.pull_out_screen([], {}, text),
    "refused parcels": lambda text: pack.refused_screen(REFUSED, text),
    "refused parcels, the rest": lambda text: pack.refused_screen(REFUSED[6:], text),
    "refused nothing": lambda text: pack.refused_screen([], text),
    "alert cut-off near": lambda text: pack.cut_off_near_screen("J&T Express", lane(), text, is_demo=False),
    "batch": _batch(card()),
    "batch of somebody else": _batch(card(), BatchTickets()),
    "batch just taken": _batch(card(*WAITING, stop_until=r.at(0.001), last=None), BatchTickets(stop=TICKET)),
    "batch that asks": _batch(card(*WAITING, questions=(QUESTION,), last=None)),
    "batch being arranged": _batch(card(*WAITING, last=None, is_demo=True)),
    "batch, labels coming": _batch(replace(_step(LabelStep.WAITING), parcels=(packing(1),))),
    "batch, labels ready": _batch(replace(_step(LabelStep.READY), parcels=(packing(1),))),
    "batch, no label": _batch(replace(_step(LabelStep.STUCK), parcels=REFUSED)),
    "batch with trouble": _batch(
        card(packing(1), packing(2, state=PackState.PULL_OUT), *REFUSED[:2], batch=replace(BATCH, prints=3))
    ),
    "batch of many SKUs": _batch(card(*(packing(at, sku=f"{at}-{LONG}") for at in range(1, 41)))),
    "batch of instant": _batch(card(batch=replace(BATCH, is_instant=True, courier=""))),
    "batch done": _batch(card(*(packing(at, state=PackState.PACKED) for at in (1, 2)))),
    "batch done, more waits": lambda text: batch.batch_screen(
        card(*(packing(at, state=PackState.PACKED) for at in (1, 2))),
        BatchTickets(print_again=TICKET, takers={each.key: TICKET for each in work().lanes}), text, work().lanes,
    ),
    "batch's problems": lambda text: batch.problems_screen(card(*WAITING, *REFUSED[:3], *(packing(at) for at in range(6, 13))), text),
    "batch without problems": lambda text: batch.problems_screen(card(packing(1, state=PackState.PACKED)), text),
    "pick list": lambda text: batch.pick_list_screen(
        card(*(packing(at, sku=f"{at}-{LONG}") for at in range(1, 41))), b"", text
    ),
    "labels": _labels(40, prints=2, missing=1),
    "labels of few": _labels(3),
    "label of one": _labels(1, number=0),
    "no labels": lambda text: batch.no_labels_screen(Print((), (), (packing(1), packing(2)), 1), text),
    "scanned: pull out": _scanned(Scanned.PULL_OUT, state=PackState.PULL_OUT),
    "scanned: again": _scanned(Scanned.AGAIN),
    "scanned: gone": _scanned(Scanned.GONE),
    "scanned: not yet": _scanned(Scanned.NOT_YET, number=""),
    "scanned: foreign": _scanned(Scanned.FOREIGN, is_mixed=True),
    "scanned: free": _scanned(Scanned.FREE),
    "photo kept": lambda text: batch.photo_screen(packing(1), text),
    "photo of nothing": lambda text: batch.photo_screen(None, text),
    "alert pull out": lambda text: batch.called_off_screen(r.order_card(), [packing(1), packing(2)], {f"9a{at:014d}": TICKET for at in (1, 2)}, text),
    "alert pull out, asked": lambda text: batch.called_off_screen(
        r.order_card(status=OrderStatus.CANCEL_ASKED), [packing(1)], {}, text
    ),
    "order with parcels": _held(
        *(packing(at, state=state, packed_at=r.at(-1), photo_id="x", pickup_code="4412") for at, state in enumerate(
            (PackState.ARRANGED, PackState.PRINTED, PackState.PACKED, PackState.HANDED_OVER)))
    ),
    "order with parcels called off": _held(
        *(packing(at, state=state) for at, state in enumerate((PackState.PULL_OUT, PackState.PULLED, PackState.TO_ARRANGE)))
    ),
    "order being arranged": _held(*(
        packing(at, state=PackState.TO_ARRANGE, step=step, due_at=due, reason="too_large") for at, (step, due) in enumerate(
            ((ShipStep.ASKED, r.at(0.001)), (ShipStep.ASKED, None), (ShipStep.SENDING, None), (ShipStep.UNKNOWN, None))))
    ),
    "order refused": _held(packing(1, state=PackState.TO_ARRANGE, step=ShipStep.REFUSED, reason="too_large")),
    "ways": lambda text: batch.ways_screen(
        ParcelWays(packing(1), OPTIONS), {QUESTION.key_of(each): TICKET for each in OPTIONS}, text
    ),
    "ways of an own courier": lambda text: batch.ways_screen(ParcelWays(packing(1), (Option(HandOver.OWN),)), {}, text),
    "number of an own courier": lambda text: batch.own_number_screen(packing(1, sku=LONG), text),
    "error own number": lambda text: error_screen(errors.InputError("own_number", most=30), text),
    "error number taken": lambda text: error_screen(errors.Conflict("number_taken"), text),
    "no ways": lambda text: batch.ways_screen(ParcelWays(packing(1), (), "not_ready"), {}, text),
    "error batch empty": lambda text: error_screen(errors.Conflict("batch_empty"), text),
    "error sent already": lambda text: error_screen(errors.Conflict("sent_already"), text),
}  # fmt: skip
