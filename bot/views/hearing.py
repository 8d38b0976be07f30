"""What a chat hears: one button an alert with its state, the quiet hours, what is snoozed."""

from datetime import time

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.alerts import Alert, Loudness, Preferences, QuietHours, after

ALERT_LABELS = {
    Alert.NEW_ORDERS: labels.NEW_ORDERS,
    Alert.CANCELLATIONS: labels.CANCELLATIONS,
    Alert.RETURNS: labels.RETURNS,
    Alert.LOW_STOCK: labels.LOW_STOCK,
    Alert.APPROVALS: labels.PRICES_TO_APPROVE,
    Alert.CUT_OFF: labels.SHOP_CUT_OFF,
    Alert.HEALTH: labels.SHOP_HEALTH,
    Alert.REVIEWS: labels.LOW_RATINGS,
}
QUIET_RANGES: dict[str, QuietHours | None] = {
    "off": None,
    "21-6": QuietHours(time(21), time(6)),
    "22-7": QuietHours(time(22), time(7)),
    "23-8": QuietHours(time(23), time(8)),
}
"""The nights a button offers, by what it carries."""
_CHOSEN = "✅ "
_MARKS = {Loudness.SOUND: "🔔", Loudness.SILENT: "🔕", Loudness.DROP: "✖️"}


def alerts_screen(chosen: Preferences, text: Renderer, daily: time | None = None) -> Screen:
    """Show each alert as a button whose press gives it the next state."""
    snoozed = [alert for alert in Alert if chosen.is_snoozed(alert, text.now())]
    shown = text.render(
        "alerts/choices.html.j2",
        quiet=_written(chosen.quiet),
        heard=sum(chosen.of(alert) is Loudness.SOUND for alert in Alert),
        total=len(Alert),
        snoozed=[(text.label(ALERT_LABELS[alert]), chosen.snoozed_until[alert]) for alert in snoozed],
    )
    rows: Rows = tuple((_switch(alert, chosen.of(alert), text),) for alert in Alert)
    wake = [
        Button(text.label(labels.WAKE, alert=text.label(ALERT_LABELS[alert])), pack(Place.WAKE, alert))
        for alert in snoozed
    ]
    quiet = Button(_quiet_label(chosen.quiet, text), pack(Place.QUIET))
    card = text.label(labels.DAILY_CARD, at=f"{daily:%H:%M}") if daily else text.label(labels.NO_DAILY_CARD)
    back = leads(text, labels.BACK, Place.SETTINGS)
    hours = (quiet, Button(card, pack(Place.DAILY)))
    return Screen(shown, (*rows, *in_rows(wake, 1), *in_rows(hours, 1), home_row(text, back)))


def quiet_screen(chosen: Preferences, text: Renderer) -> Screen:
    """Offer a few nights, and none."""
    shown = text.render("alerts/quiet.html.j2", quiet=_written(chosen.quiet))
    nights = [
        Button(
            (_CHOSEN if hours == chosen.quiet else "") + (_written(hours) or text.label(labels.NO_QUIET)),
            pack(Place.QUIET_FROM, key),
        )
        for key, hours in QUIET_RANGES.items()
    ]
    back = leads(text, labels.BACK, Place.ALERTS)
    return Screen(shown, (*in_rows(nights, 2), home_row(text, back)))


def snooze_button(alert: Alert, text: Renderer) -> Button:
    label = labels.SNOOZE_DAY if alert is Alert.LOW_STOCK else labels.SNOOZE
    return leads(text, label, Place.SNOOZE, alert)


def _switch(alert: Alert, now: Loudness, text: Renderer) -> Button:
    label = f"{text.label(ALERT_LABELS[alert])} {_MARKS[now]}"
    return Button(label, pack(Place.ALERT, alert, after(alert, now)))


def _quiet_label(quiet: QuietHours | None, text: Renderer) -> str:
    if quiet is None:
        return text.label(labels.QUIET_OFF)
    return text.label(labels.QUIET, hours=_written(quiet))


def _written(hours: QuietHours | None) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}" if hours else ""
