"""Facts worth telling a chat. An outbox row holds one of these and ids; it is rendered when it is sent."""

from enum import StrEnum


class EventKind(StrEnum):
    RESTORED = "restored"
    ORDER_PLACED = "order_placed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_MOVED = "order_moved"
    ORDER_ALERT_GREW = "order_alert_grew"
    PROPOSAL_ASKED = "proposal_asked"
    PROPOSAL_MOVED = "proposal_moved"
    LINK_RETURNED = "link_returned"
    LINK_FAILED = "link_failed"
    BACKFILL_PROGRESS = "backfill_progress"
    BACKFILL_DONE = "backfill_done"
    DAILY_CARD = "daily_card"
    SHOP_CUT_OFF = "shop_cut_off"
    STOCK_MOVED = "stock_moved"
    LISTING_EDIT_MOVED = "listing_edit_moved"
    WRITES_PAUSED = "writes_paused"
    WRITES_RESUMED = "writes_resumed"
    STOCK_LOW = "stock_low"
    STOCK_LOW_MOVED = "stock_low_moved"
    BATCH_MOVED = "batch_moved"
    LABELS_READY = "labels_ready"
    PULL_OUT = "pull_out"
    CUT_OFF_NEAR = "cut_off_near"
