"""Sample screens of what a chat hears."""

from collections.abc import Callable
from datetime import time

from bot.render import Renderer
from bot.screen import Screen
from bot.views import hearing
from domain.alerts import Alert, Loudness, Preferences, QuietHours
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

NIGHT = QuietHours(time(22), time(7))
CHOSEN = Preferences(
    choices={Alert.CANCELLATIONS: Loudness.SILENT, Alert.APPROVALS: Loudness.SILENT},
    snoozed_until={Alert.NEW_ORDERS: r.at(48)},
    quiet=NIGHT,
)
_OFF = Preferences(choices={Alert.NEW_ORDERS: Loudness.DROP, Alert.CANCELLATIONS: Loudness.DROP})

ALERTS: dict[str, Draw] = {
    "alerts": lambda text: hearing.alerts_screen(CHOSEN, text),
    "alerts as they begin": lambda text: hearing.alerts_screen(Preferences(), text),
    "alerts off": lambda text: hearing.alerts_screen(_OFF, text),
    "quiet hours": lambda text: hearing.quiet_screen(CHOSEN, text),
    "no quiet hours": lambda text: hearing.quiet_screen(Preferences(), text),
}
