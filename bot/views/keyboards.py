"""Rows of buttons that many screens share, always in the same place and shape."""

from collections.abc import Callable, Sequence

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows
from bot.views import labels

_PER_ROW = 3


def leads(text: Renderer, label: str, place: Place, *parts: object) -> Button:
    """Return a button with a translated label that leads to a place."""
    return Button(text.label(label), pack(place, *parts))


def home_row(text: Renderer, *before: Button) -> tuple[Button, ...]:
    """Return the last row of a screen: whatever stands before, then Home."""
    return (*before, leads(text, labels.HOME, Place.HOME))


def in_rows(buttons: Sequence[Button], per_row: int = _PER_ROW) -> Rows:
    return tuple(tuple(buttons[at : at + per_row]) for at in range(0, len(buttons), per_row))


def filled(buttons: Sequence[Button], places: int, per_row: int) -> Rows:
    """Return rows with a constant number of places, so that the rows below do not move from page to page."""
    filler = Button(labels.FILLER, pack(Place.NOTHING))
    return in_rows([*buttons, *[filler] * (places - len(buttons))], per_row)


def pager(text: Renderer, page: int, pages: int, to: Callable[[int], str]) -> Rows:
    """Return one row: previous, where we are, next. Without a second page there is no row."""
    if pages < 2:
        return ()
    nothing = pack(Place.NOTHING)
    here = f"{text.number(page)}/{text.number(pages)}"
    return (
        (
            Button(labels.PREVIOUS if page > 1 else labels.FILLER, to(page - 1) if page > 1 else nothing),
            Button(here, pack(Place.NOTHING, page, pages)),
            Button(labels.NEXT if page < pages else labels.FILLER, to(page + 1) if page < pages else nothing),
        ),
    )
