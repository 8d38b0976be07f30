"""The proofs by name."""

from collections.abc import Callable, Coroutine
from typing import Any

from tests.proofs.crash_alerts import crash_alerts
from tests.proofs.crash_price import crash_price
from tests.proofs.tg_webhook import tg_webhook
from tests.proofs.trial import Trial
from tests.proofs.update_inbox import update_inbox
from tests.proofs.verdict import Verdict

PROOFS: dict[str, Callable[[Trial], Coroutine[Any, Any, Verdict]]] = {
    "crash-alerts": crash_alerts,
    "crash-price": crash_price,
    "tg-webhook": tg_webhook,
    "update-inbox": update_inbox,
}
