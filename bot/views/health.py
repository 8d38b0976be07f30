"""How a shop stands with its platform: what is bad first, with what helps."""

from collections.abc import Collection

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.hearing import snooze_button
from bot.views.keyboards import home_row, leads
from domain.alerts import Alert
from domain.health import WATCHED, Decline, ShopHealth
from domain.platform import Rating
from services.health import HealthCard

FAILING_SHOWN = 3
OTHERS_SHOWN = 10


def health_screen(card: HealthCard, text: Renderer) -> Screen:
    """Show what misses the platform's targets and what is taken away for it; what is well stays folded."""
    health = card.health
    failing = health.failing if health else ()
    shown = text.render(
        "shops/health.html.j2",
        shop=card.shop,
        mark=health_mark(health),
        standing=health.standing if health else None,
        read_at=health.read_at if health else None,
        failing=failing[:FAILING_SHOWN],
        more=len(failing[FAILING_SHOWN:]),
        others=[each for each in health.standing.metrics if each.is_met is not False][:OTHERS_SHOWN]
        if health
        else [],
    )
    return Screen(shown, (home_row(text, leads(text, labels.BACK, Place.SHOP, card.shop.id)),))


def worse_screen(card: HealthCard, worse: Collection[str], text: Renderer) -> Screen | None:
    """Ring: a shop stands worse than before. Nothing is said of what has become well again meanwhile."""
    if card.health is None:
        return None
    standing = card.health.standing
    crossed = [
        each for each in card.health.failing if each.measure in WATCHED and each.measure.value in worse
    ]
    has_points = Decline.POINTS in worse and standing.points > 0
    punishments = standing.punishments if Decline.PUNISHED in worse else ()
    if not (crossed or has_points or punishments):
        return None
    shown = text.render(
        "alerts/health.html.j2",
        shop=card.shop,
        points=standing.points,
        has_points=has_points,
        punishments=punishments[:FAILING_SHOWN],
        crossed=crossed,
        read_at=card.health.read_at,
    )
    look = Button(text.label(labels.LOOK), pack(Place.HEALTH, card.shop.id), style="primary")
    return Screen(shown, ((look, snooze_button(Alert.HEALTH, text)),))


def health_mark(health: ShopHealth | None) -> str:
    """Return the light of a shop's health: fine, soon, now."""
    if health is None:
        return "🟡"
    if health.standing.punishments or health.standing.rating is Rating.POOR:
        return "🔴"
    return "🟡" if health.is_bad else "🟢"
