"""What Shopee's error names and texts about orders mean, as tables. Names stand without their module."""

from adapters.kit.names import tail
from adapters.kit.refusals import OrderRefusal as Why

BY_NAME: dict[str, Why] = {
    "error_limit": Why.TOO_LATE,  # of an order: it cannot be cancelled any more
    "order_status_invalid": Why.TOO_LATE,
    "cancel_forder_failed": Why.TOO_LATE,
    "cancel_order_invalid_status": Why.NOT_ASKED,
    "error_not_found": Why.NOT_FOUND,
    "order_not_found": Why.NOT_FOUND,
    "error_archived_order_update": Why.TOO_OLD,
    "error_permission": Why.SHOP_RESTRICTED,
    "error_shop": Why.SHOP_RESTRICTED,
    "invalid_shop": Why.SHOP_RESTRICTED,
    "order_split_item_not_exist": Why.NOT_FOUND,
}

TEXTS: tuple[tuple[str, Why], ...] = (
    ("not found", Why.NOT_FOUND),
    ("not exist", Why.NOT_FOUND),
    ("cancel_reason", Why.REASON_REFUSED),
    ("cancel reason", Why.REASON_REFUSED),
    ("whole order", Why.UNITS_REFUSED),
    ("model_quantity", Why.UNITS_REFUSED),
    ("quantity", Why.UNITS_REFUSED),
    ("note", Why.NOTE_REFUSED),
)
"""`error_param` covers unlike causes. First match wins."""


def order_refusal(name: str | None, text: str | None) -> Why:
    """Return why an action was refused, by the error's name or, where that says nothing, its text."""
    why = BY_NAME.get(tail(name))
    said = (text or "").lower()
    return why or next((each for part, each in TEXTS if part in said), Why.OTHER)
