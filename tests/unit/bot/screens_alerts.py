"""Sample screens of what a chat hears."""

from collections.abc import Callable
from datetime import time

from bot.render import Renderer
from bot.screen import Screen
from bot.views import daily, hearing
from domain.alerts import Alert, Loudness, Preferences, QuietHours
from tests.fakes.alerts import daily_card
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
    "alerts": lambda text: hearing.alerts_screen(CHOSEN, text, time(8)),
    "alerts as they begin": lambda text: hearing.alerts_screen(Preferences(), text),
    "alerts off": lambda text: hearing.alerts_screen(_OFF, text),
    "quiet hours": lambda text: hearing.quiet_screen(CHOSEN, text),
    "no quiet hours": lambda text: hearing.quiet_screen(Preferences(), text),
    "daily card": lambda text: daily.daily_card_screen(daily_card(), text),
    "daily card of nothing": lambda text: daily.daily_card_screen(
        daily_card(sold=(), orders=0, to_pack=0, pack_next=None, approvals=0, sold_out=0, low=0), text
    ),
    "daily card late": lambda text: daily.daily_card_screen(
        daily_card(pack_next=r.at(-1), is_demo=True, to_pack=1, orders=1, approvals=1, sold_out=1, low=1),
        text,
        is_late=True,
        skipped=2,
    ),
    "daily card late after one": lambda text: daily.daily_card_screen(
        daily_card(), text, is_late=True, skipped=1
    ),
    "daily card at": lambda text: daily.daily_time_screen(time(8), text),
    "no daily card": lambda text: daily.daily_time_screen(None, text),
}
