"""Screens of the host's tools, drawn from sample records; joined in `screens.py`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.render import Renderer
from bot.screen import Screen
from bot.views import exports, feedback, host, mydata
from bot.views.errors import error_screen
from bot.views.help import cancelled_screen
from bot.views.status import status_screen
from domain.errors import InputError, NotAllowed
from domain.exports import Export
from domain.notices import Breakage, Feedback, HostNote, NoteKind
from domain.shops import ShopState
from services.exports import MadeFile
from services.sellers import SellerDetails
from services.status import Status
from storage.repositories.sellers import SellerRow
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

_FACTS = {
    "platform": "shopee", "operation": "order.get_order_list", "reason": "error_auth", "place": "order status",
    "word": "NEW_WORD", "path": "response.order_list[].item_list[].a_very_long_new_field_of_theirs", "source": "telegram", "times": "4", "version": "0.1.0",
}  # fmt: skip
_ROWS = {Export.PRODUCTS: 484, Export.ORDERS: 1920, Export.MOVEMENTS: 37}


def _file(what: Export) -> Draw:
    made = MadeFile(Path(f"{what}.xlsx"), what, 200_000, is_cut=what is Export.ORDERS)
    return lambda text: exports.file_screen(made, text)


_SHOP = r.shop()
_SILENT = r.shop(trouble="platform_unavailable", trouble_since=r.at(-1))
_CUT_OFF = r.shop(state=ShopState.NEEDS_RELINK, trouble="token_revoked", trouble_since=r.at(-5))
_DETAILS = SellerDetails(
    SellerRow("5e11", "Sari", r.NOW, 4, 2, 1920, "2026-11-11", {"percent": 30}), (), (_SHOP,) * 2
)
_BROKE = Breakage("K7Q2", r.at(-1), "ZeroDivisionError", "inbox:412", "5e11000000000001")


def _note(kind: NoteKind) -> Draw:
    return lambda text: host.note_screen(HostNote("n1", kind, _FACTS, r.NOW, 0), text)


def _written(words: str, broke: Breakage | None) -> Draw:
    written = Feedback("f1", "5e11000000000001", r.NOW, words, broke.reference if broke else "", broke)
    return lambda text: host.feedback_note_screen(written, text)


def _status(**changes: Any) -> Draw:
    status = Status(
        shops=(_SHOP,), ended=0, troubled=0, to_read=0, to_tell=0, unknown_words=0, unknown_fields=0,
        as_of=r.NOW, version="0.1.0", is_demo=False,
    )  # fmt: skip
    return lambda text: status_screen(replace(status, **changes), text)


HOST: dict[str, Draw] = {
    **{f"host note {kind}": _note(kind) for kind in NoteKind if kind is not NoteKind.FEEDBACK},
    "host feedback": _written("The price card shows the old price.", _BROKE),
    "host feedback without a reference": _written("More colours, please", None),
    "host feedback without words": _written("", _BROKE),
    "status": _status(),
    "status with troubles": _status(
        shops=(_SHOP, _SILENT),
        troubled=1,
        to_read=3,
        to_tell=1204,
        unknown_words=1,
        unknown_fields=1,
    ),
    "status cut off": _status(
        shops=(_CUT_OFF, *[_SHOP] * 12), ended=2, unknown_words=17, unknown_fields=9, is_demo=True
    ),
    "status paused": _status(pause=r.pause()),
    "status paused and cut off": _status(shops=(_CUT_OFF,), ended=1, pause=r.pause("host", "")),
    "status of nobody": _status(shops=(), as_of=None),
    "my data": lambda text: mydata.mydata_screen(20412, Path("storesync.zip"), text),
    "forget": lambda text: mydata.forget_screen(_DETAILS, text),
    "forgotten": mydata.forgotten_screen,
    "files out": lambda text: exports.exports_screen(_ROWS, text),
    "files out of a new seller": lambda text: exports.exports_screen(dict.fromkeys(Export, 0), text),
    **{f"file of {each}": _file(each) for each in Export},
    "error too_many_exports": lambda text: error_screen(
        InputError("too_many_exports", most=20, again=r.at(3)), text
    ),
    "cancelled forget": lambda text: cancelled_screen("forget", text),
    "error private_only": lambda text: error_screen(NotAllowed("private_only"), text),
    "error name_differs": lambda text: error_screen(InputError("name_differs", name="Sari"), text),
    "error export_too_large": lambda text: error_screen(InputError("export_too_large"), text),
    "thanks": lambda text: feedback.thanks_screen("", text),
    "thanks for a reference": lambda text: feedback.thanks_screen("K7Q2", text),
    "error usage_feedback": lambda text: error_screen(InputError("usage_feedback"), text),
}
