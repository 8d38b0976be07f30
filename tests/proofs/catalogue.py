"""The proofs by name."""

from collections.abc import Callable, Coroutine
from typing import Any

from tests.proofs.audit_chain import audit_chain
from tests.proofs.backup import backup
from tests.proofs.calendar import calendar
from tests.proofs.callback_fuzz import callback_fuzz
from tests.proofs.canary import canary
from tests.proofs.crash_alerts import crash_alerts
from tests.proofs.crash_bulk import crash_bulk
from tests.proofs.crash_lock import crash_lock
from tests.proofs.crash_orders import crash_orders
from tests.proofs.crash_price import crash_price
from tests.proofs.crash_return import crash_return
from tests.proofs.crash_ship import crash_ship
from tests.proofs.crash_sync import crash_sync
from tests.proofs.double_day import double_day
from tests.proofs.double_tap import double_tap
from tests.proofs.export_safe import export_safe
from tests.proofs.import_bomb import import_bomb
from tests.proofs.isolation import isolation
from tests.proofs.kill_switch import kill_switch
from tests.proofs.msg_safe import msg_safe
from tests.proofs.oauth_abuse import oauth_abuse
from tests.proofs.poll_model import poll_model
from tests.proofs.price_guard import price_guard
from tests.proofs.refresh import refresh
from tests.proofs.replay import replay
from tests.proofs.replay_wire import replay_wire
from tests.proofs.rotate_keys import rotate_keys
from tests.proofs.shopee_day import shopee_day
from tests.proofs.stock_model import stock_model
from tests.proofs.storm import storm
from tests.proofs.tenant_matrix import tenant_matrix
from tests.proofs.term import term
from tests.proofs.tg_webhook import tg_webhook
from tests.proofs.trial import Trial
from tests.proofs.undo import undo
from tests.proofs.update_inbox import update_inbox
from tests.proofs.verdict import Verdict
from tests.proofs.webhook_ack import webhook_ack

PROOFS: dict[str, Callable[[Trial], Coroutine[Any, Any, Verdict]]] = {
    "audit": audit_chain,
    "backup": backup,
    "calendar": calendar,
    "callback-fuzz": callback_fuzz,
    "canary": canary,
    "crash-alerts": crash_alerts,
    "crash-lock": crash_lock,
    "crash-bulk": crash_bulk,
    "crash-orders": crash_orders,
    "crash-price": crash_price,
    "crash-return": crash_return,
    "crash-ship": crash_ship,
    "crash-sync": crash_sync,
    "double-day": double_day,
    "double-tap": double_tap,
    "export-safe": export_safe,
    "import-bomb": import_bomb,
    "isolation": isolation,
    "kill-switch": kill_switch,
    "msg-safe": msg_safe,
    "oauth-abuse": oauth_abuse,
    "poll-model": poll_model,
    "price-guard": price_guard,
    "refresh": refresh,
    "replay": replay,
    "replay-wire": replay_wire,
    "shopee-day": shopee_day,
    "stock-model": stock_model,
    "storm": storm,
    "rotate-keys": rotate_keys,
    "tenant-matrix": tenant_matrix,
    "term": term,
    "tg-webhook": tg_webhook,
    "undo": undo,
    "update-inbox": update_inbox,
    "webhook-ack": webhook_ack,
}
