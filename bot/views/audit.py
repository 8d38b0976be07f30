"""The audit as its seller reads it: one line an act, the newest first."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads, pager
from services.audit import AuditPage


def audit_screen(page: AuditPage, text: Renderer) -> Screen:
    """Show a page; the pages stay what they are while more is done."""
    shown = text.render("audit/page.html.j2", page=page)
    turn = pager(text, page.page, page.pages, lambda to: pack(Place.AUDIT, to, page.upto))
    return Screen(
        shown,
        (
            *in_rows(_bulks(page, text), 2),
            *turn,
            home_row(text, leads(text, labels.SETTINGS, Place.SETTINGS)),
        ),
    )


def _bulks(page: AuditPage, text: Renderer) -> list[Button]:
    """Return a button for each bulk change the page speaks of, once: its card has every price."""
    counts = {each.bulk_id: each.count for each in reversed(page.entries) if each.bulk_id}
    return [
        Button(text.label(labels.OPEN_BULK, n=text.number(count)), pack(Place.BULK, bulk_id))
        for bulk_id, count in reversed(counts.items())
    ]
