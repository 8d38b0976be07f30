"""The audit as its seller reads it: one line an act, the newest first."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads, pager
from services.audit import AuditPage


def audit_screen(page: AuditPage, text: Renderer) -> Screen:
    """Show a page; the pages stay what they are while more is done."""
    shown = text.render("audit/page.html.j2", page=page)
    turn = pager(text, page.page, page.pages, lambda to: pack(Place.AUDIT, to, page.upto))
    return Screen(shown, (*turn, home_row(text, leads(text, labels.SETTINGS, Place.SETTINGS))))
