"""The daily card: yesterday in numbers and what waits, and when it comes."""

from datetime import time

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from bot.views.marks import is_late as is_overdue
from bot.views.marks import urgency
from services.schedules import DailyCard

DAILY_HOURS: dict[str, time | None] = {
    "off": None,
    "6": time(6),
    "7": time(7),
    "8": time(8),
    "9": time(9),
    "18": time(18),
}
"""The hours a button offers, by what it carries."""
_CHOSEN = "✅ "


def daily_card_screen(card: DailyCard, text: Renderer, *, is_late: bool = False, skipped: int = 0) -> Screen:
    """Tell how yesterday was and what waits today."""
    shown = text.render(
        "alerts/daily.html.j2",
        card=card,
        urgency=urgency(card.pack_next, text.now()),
        is_overdue=is_overdue(card.pack_next, text.now()),
        is_late=is_late,
        skipped=skipped,
    )
    pack_row = (leads(text, labels.PACK, Place.ORDERS), leads(text, labels.ALERTS, Place.ALERTS))
    return Screen(shown, (home_row(text, *pack_row),))


def daily_time_screen(at: time | None, text: Renderer) -> Screen:
    """Offer a few hours, and none."""
    shown = text.render("alerts/daily_time.html.j2", at=f"{at:%H:%M}" if at else "")
    hours = [
        Button(
            (_CHOSEN if hour == at else "") + (f"{hour:%H:%M}" if hour else text.label(labels.NO_QUIET)),
            pack(Place.DAILY_AT, key),
        )
        for key, hour in DAILY_HOURS.items()
    ]
    return Screen(shown, (*in_rows(hours, 2), home_row(text, leads(text, labels.BACK, Place.ALERTS))))
