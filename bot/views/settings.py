"""Settings of a chat: its language and its time zone."""

from bot.callbacks import Place, pack
from bot.render import LANGUAGES, Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads

ZONES = {
    "Asia/Jakarta": labels.JAKARTA,
    "Asia/Makassar": labels.MAKASSAR,
    "Asia/Jayapura": labels.JAYAPURA,
    "Asia/Singapore": labels.SINGAPORE,
    "Asia/Kuala_Lumpur": labels.KUALA_LUMPUR,
    "Asia/Bangkok": labels.BANGKOK,
    "Asia/Ho_Chi_Minh": labels.HO_CHI_MINH,
    "Asia/Manila": labels.MANILA,
    "Asia/Taipei": labels.TAIPEI,
}
"""The zones most sellers need, each by a city; any other is typed."""
_CHOSEN = "✅ "


def settings_screen(
    text: Renderer, *, may_set_group: bool = False, is_owner: bool = False, may_audit: bool = False
) -> Screen:
    """Show the settings; a language is one tap, by its own name."""
    shown = text.render(
        "settings/main.html.j2", language_name=LANGUAGES[text.language], zone_name=_zone_name(text)
    )
    languages = [
        Button((_CHOSEN if code == text.language else "") + name, pack(Place.LANGUAGE, code))
        for code, name in LANGUAGES.items()
    ]
    zone = (leads(text, labels.ZONE, Place.ZONES), leads(text, labels.TEAM, Place.TEAM))
    audit = [leads(text, labels.AUDIT, Place.AUDIT)] if may_audit else []
    limits = [leads(text, labels.LIMITS, Place.LIMITS)] if is_owner else []
    alerts = (leads(text, labels.ALERTS, Place.ALERTS),)
    group = ((leads(text, labels.THIS_GROUP, Place.GROUP),),) if may_set_group else ()
    return Screen(shown, (*in_rows(languages, 2), zone, alerts, (*audit, *limits), *group, home_row(text)))


def zones_screen(text: Renderer) -> Screen:
    """Offer the usual zones and the way to any other."""
    buttons = [
        Button((_CHOSEN if zone == text.zone else "") + text.label(city), pack(Place.ZONE, zone))
        for zone, city in ZONES.items()
    ]
    other = leads(text, labels.OTHER_ZONE, Place.TYPE_ZONE)
    back = leads(text, labels.BACK, Place.SETTINGS)
    shown = text.render("settings/zones.html.j2", zone_name=_zone_name(text))
    return Screen(shown, (*in_rows(buttons, 2), (other,), home_row(text, back)))


def ask_zone_screen(text: Renderer) -> Screen:
    cancel = leads(text, labels.CANCEL, Place.CANCEL)
    return Screen(
        text.render("settings/type_zone.html.j2"), ((cancel, leads(text, labels.BACK, Place.ZONES)),)
    )


def _zone_name(text: Renderer) -> str:
    if text.zone in ZONES:
        return text.label(ZONES[text.zone])
    return text.zone.replace("_", " ")
