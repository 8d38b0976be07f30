"""Limits of price changes: what they are, what each could be, and the question before one is changed."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.caps import Cap, Limits

CHOICES = {
    Cap.CHANGE: (5, 10, 20, 30, 50, 80),
    Cap.DAY: (10, 20, 30, 50, 80, 100),
    Cap.ITEMS: (20, 50, 100, 200, 500, 1000),
}
"""What a button offers; a host can set any other number."""
_LABELS = {Cap.CHANGE: labels.LIMIT_AT_ONCE, Cap.DAY: labels.LIMIT_IN_A_DAY, Cap.ITEMS: labels.LIMIT_TOGETHER}
_YES = {
    Cap.CHANGE: labels.YES_LIMIT_AT_ONCE,
    Cap.DAY: labels.YES_LIMIT_IN_A_DAY,
    Cap.ITEMS: labels.YES_LIMIT_TOGETHER,
}
_CHOSEN = "✅ "


def limits_screen(limits: Limits, text: Renderer) -> Screen:
    """Show the limits, each as a button that leads to its choices."""
    shown = text.render("settings/limits.html.j2", written=_all(limits, text))
    each = [
        Button(text.label(_LABELS[cap], limit=_written(cap, limits.of(cap), text)), pack(Place.LIMIT, cap))
        for cap in Cap
    ]
    return Screen(shown, (*in_rows(each, 1), home_row(text, leads(text, labels.BACK, Place.SETTINGS))))


def limit_screen(cap: Cap, limits: Limits, text: Renderer) -> Screen:
    """Offer what one limit could be."""
    now = limits.of(cap)
    shown = text.render("settings/limit.html.j2", cap=cap, limit=_written(cap, now, text))
    choices = [
        Button(
            (_CHOSEN if value == now else "") + _written(cap, value, text),
            pack(Place.LIMIT, cap) if value == now else pack(Place.LIMIT_TO, cap, value),
        )
        for value in CHOICES[cap]
    ]
    return Screen(shown, (*in_rows(choices), home_row(text, leads(text, labels.BACK, Place.LIMITS))))


def ask_limit_screen(cap: Cap, value: int, limits: Limits, ticket: str, text: Renderer) -> Screen:
    """Ask before a limit changes; the button names the whole act."""
    is_raised = value > limits.of(cap)
    shown = text.render(
        "settings/limit_ask.html.j2",
        cap=cap,
        is_raised=is_raised,
        before=_written(cap, limits.of(cap), text),
        after=_written(cap, value, text),
    )
    yes = text.label(_YES[cap], limit=_written(cap, value, text))
    keep = leads(text, labels.NO_KEEP, Place.LIMIT, cap)
    return Screen(shown, ((Button(yes, ticket, style="danger" if is_raised else "primary"),), (keep,)))


def _all(limits: Limits, text: Renderer) -> dict[str, str]:
    return {cap.value: _written(cap, limits.of(cap), text) for cap in Cap}


def _written(cap: Cap, value: int, text: Renderer) -> str:
    return text.number(value) if cap is Cap.ITEMS else text.percent(value)
