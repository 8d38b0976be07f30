"""Hostile records: a renderer that swaps every foreign text in what a template is given for another one."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import cycle
from typing import Any

from bot.render import Renderer
from domain.clock import Clock
from domain.errors import StoreSyncError

FOREIGN = frozenset(
    [
        "title",
        "name",
        "sku",
        "variant_name",
        "buyer_name",
        "buyer_city",
        "buyer_note",
        "seller_note",
        "courier",
        "tracking_number",
        "cancel_reason",
        "cancelled_by",
        "raw_status",
        "shop_name",
        "first_line",
        "words",
        "requested_by_name",
        "decided_by_name",
        "note",
        "external_id",
        "shop_external_id",
        "number",
        "tail",
        "platform_name",
        "text",
        "read",
        "command",
        "zone",
        "names",
        "who",
        "typed",
        "buyer_says",
        "raw_state",
        "requirement",
        "reason_text",
        "email",
        "order_external_id",
        "order_number",
        "packed_by",
    ]
)
"""Fields and parameters that hold what sellers, buyers, platforms or chat members wrote."""


class PoisonedRenderer(Renderer):
    """Renders every template with the poisons in turn wherever foreign text stands."""

    def __init__(self, locale: str, zone: str, clock: Clock, *poisons: str) -> None:
        super().__init__(locale, zone, clock)
        self._poisons = cycle(poisons)
        self.taken = 0
        """How often a poison stood in place of a text so far."""

    def render(self, template: str, **params: object) -> str:
        return super().render(template, **{name: self._spoilt(name, value) for name, value in params.items()})

    def _spoilt(self, name: str, value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of value
        if isinstance(value, str):
            return self._poison() if name in FOREIGN and value else value
        if isinstance(value, StoreSyncError):
            return value
        if is_dataclass(value) and not isinstance(value, type):
            if type(value).__name__ == "Money":
                return value
            return replace(
                value,
                **{each.name: self._spoilt(each.name, getattr(value, each.name)) for each in fields(value)},
            )
        if isinstance(value, Mapping):
            return {key: self._spoilt(str(key), item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._spoilt("", item) for item in value)
        return value

    def _poison(self) -> str:
        self.taken += 1
        return next(self._poisons)
