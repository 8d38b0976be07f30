"""Files out: what can be had, and the file itself."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row
from domain.exports import Export, FileForm
from services.exports import MadeFile

_NAMES = {
    Export.PRODUCTS: labels.PRODUCTS,
    Export.ORDERS: labels.ORDERS,
    Export.MOVEMENTS: labels.MOVEMENTS,
}


def exports_screen(rows: dict[Export, int], text: Renderer) -> Screen:
    """Say what each file would hold; what has no rows has no button."""
    shown = text.render("exports/choose.html.j2", rows=rows)
    offers = (
        tuple(
            Button(f"{text.label(name)} · {form.upper()}", pack(Place.EXPORT, each, form))
            for form in FileForm
        )
        for each, name in _NAMES.items()
        if rows[each]
    )
    return Screen(shown, (*offers, home_row(text)))


def file_screen(made: MadeFile, text: Renderer) -> Screen:
    """Hand over a file."""
    return Screen(text.render("exports/file.html.j2", made=made), document=made.path, silent=True)
