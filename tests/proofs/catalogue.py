"""The proofs by name."""

from collections.abc import Callable, Coroutine
from typing import Any

from tests.proofs.crash_alerts import crash_alerts
from tests.proofs.crash_price import crash_price
from tests.proofs.double_tap import double_tap
from tests.proofs.price_guard import price_guard
from tests.proofs.tg_webhook import tg_webhook
from tests.proofs.trial import Trial
from tests.proofs.undo import undo
from tests.proofs.update_inbox import update_inbox
from tests.proofs.verdict import Verdict

PROOFS: dict[str, Callable[[Trial], Coroutine[Any, Any, Verdict]]] = {
    "crash-alerts": crash_alerts,
    "crash-price": crash_price,
    "double-tap": double_tap,
    "price-guard": price_guard,
    "tg-webhook": tg_webhook,
    "undo": undo,
    "update-inbox": update_inbox,
}
