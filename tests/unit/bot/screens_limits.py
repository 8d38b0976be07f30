"""Sample screens of a seller's limits."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views import limits
from domain.caps import Cap, Limits

Draw = Callable[[Renderer], Screen]

_TICKET = "c1:" + "A" * 22


def _ask(cap: Cap, value: int) -> Draw:
    return lambda text: limits.ask_limit_screen(cap, value, Limits(), _TICKET, text)


LIMITS: dict[str, Draw] = {
    "limits": lambda text: limits.limits_screen(Limits(), text),
    **{f"limit {cap}": lambda text, cap=cap: limits.limit_screen(cap, Limits(), text) for cap in Cap},  # type: ignore[misc]
    **{f"limit {cap} raised": _ask(cap, 1000) for cap in Cap},
    **{f"limit {cap} lowered": _ask(cap, 10) for cap in Cap},
}
