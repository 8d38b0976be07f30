"""Every refusal as a sentence: what was read, what is so, and the next step as a button where one helps."""

from collections.abc import Sequence

from jinja2 import TemplateNotFound

from bot.callbacks import Place, fitting, pack, room
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import leads
from domain.errors import StoreSyncError

DEFAULT = "default"
_NEXT = {
    "command_unknown": ((labels.HELP, Place.HELP),),
    "usage_order": ((labels.TO_PACK, Place.ORDERS),),
    "usage_cost": ((labels.STOCK, Place.STOCK),),
    "usage_price": ((labels.STOCK, Place.STOCK),),
    "offer_range": ((labels.CANCEL, Place.CANCEL),),
    "email_unreadable": ((labels.CANCEL, Place.CANCEL),),
    "dispute_long": ((labels.CANCEL, Place.CANCEL),),
    "zone_unknown": ((labels.CANCEL, Place.CANCEL),),
    "amount_unreadable": ((labels.CANCEL, Place.CANCEL),),
    "amount_differs": ((labels.CANCEL, Place.CANCEL),),
    "address_unreadable": ((labels.CANCEL, Place.CANCEL),),
    "bulk_unreadable": ((labels.CANCEL, Place.CANCEL),),
    "bulk_currency": ((labels.CANCEL, Place.CANCEL),),
    "bulk_recipe": ((labels.CANCEL, Place.CANCEL),),
    "count_differs": ((labels.CANCEL, Place.CANCEL),),
    "name_differs": ((labels.CANCEL, Place.CANCEL),),
    "address_foreign": ((labels.START_AGAIN, Place.LINK),),
}
"""Where to go from a mistake that was typed. What a press may run into has no button: it is a toast."""
_SEARCHED = {"order_unknown": "words", "sku_unknown": "sku"}


def error_screen(error: StoreSyncError, text: Renderer, words: Sequence[str] = ()) -> Screen:
    """Return the sentence of an error's code; `words` are what the person typed."""
    params = {"words": " ".join(words), **error.params}
    try:
        shown = text.render(f"errors/{error.code}.html.j2", error=error, params=params)
    except TemplateNotFound:
        shown = text.render(f"errors/{DEFAULT}.html.j2")
    return Screen(shown, _rows(error, params, text))


def broke_screen(reference: str, text: Renderer) -> Screen:
    """Say that something broke on our side, with the reference under which it stands in the log."""
    return Screen(text.render("errors/broke.html.j2", reference=reference))


def _rows(error: StoreSyncError, params: dict[str, object], text: Renderer) -> Rows:
    asked = str(params.get(_SEARCHED.get(error.code, ""), ""))
    if asked:
        words = fitting(asked, room(Place.SEARCH))
        return ((Button(text.label(labels.SEARCH_FOR_IT), pack(Place.SEARCH, words)),),)
    steps = tuple(leads(text, label, place) for label, place in _NEXT.get(error.code, ()))
    return (steps,) if steps else ()
