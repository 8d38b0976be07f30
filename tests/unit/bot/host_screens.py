"""Screens of the host's tools, drawn from sample records; joined in `screens.py`."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views import feedback, host
from bot.views.errors import error_screen
from domain.errors import InputError
from domain.notices import Breakage, Feedback, HostNote, NoteKind
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

_FACTS = {
    "platform": "shopee", "operation": "order.get_order_list", "reason": "error_auth", "place": "order status",
    "word": "NEW_WORD", "source": "telegram", "times": "4", "version": "0.1.0",
}  # fmt: skip
_BROKE = Breakage("K7Q2", r.at(-1), "ZeroDivisionError", "inbox:412", "5e11000000000001")


def _note(kind: NoteKind) -> Draw:
    return lambda text: host.note_screen(HostNote("n1", kind, _FACTS, r.NOW, 0), text)


def _written(words: str, broke: Breakage | None) -> Draw:
    written = Feedback("f1", "5e11000000000001", r.NOW, words, broke.reference if broke else "", broke)
    return lambda text: host.feedback_note_screen(written, text)


HOST: dict[str, Draw] = {
    **{f"host note {kind}": _note(kind) for kind in NoteKind if kind is not NoteKind.FEEDBACK},
    "host feedback": _written("The price card shows the old price.", _BROKE),
    "host feedback without a reference": _written("More colours, please", None),
    "host feedback without words": _written("", _BROKE),
    "thanks": lambda text: feedback.thanks_screen("", text),
    "thanks for a reference": lambda text: feedback.thanks_screen("K7Q2", text),
    "error usage_feedback": lambda text: error_screen(InputError("usage_feedback"), text),
}
