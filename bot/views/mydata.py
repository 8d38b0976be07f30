"""Everything of a seller: as a file, and gone for good."""

from pathlib import Path

from bot.callbacks import Place
from bot.render import Renderer
from bot.screen import Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from services.sellers import SellerDetails


def mydata_screen(rows: int, file: Path, text: Renderer) -> Screen:
    """Hand over the file with everything in it."""
    return Screen(text.render("mydata/file.html.j2", rows=rows), (home_row(text),), document=file)


def forget_screen(found: SellerDetails, text: Renderer) -> Screen:
    """Say what will be gone and ask for the name; nothing happens by a button."""
    shown = text.render("mydata/forget.html.j2", seller=found.seller, shops=len(found.shops))
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL),),))


def forgotten_screen(text: Renderer) -> Screen:
    return Screen(text.render("mydata/forgotten.html.j2"))
