"""What a platform is able to do, as data: asked before a button is offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from domain.price_rules import PriceRules


class Can(StrEnum):
    LINK = "link"
    READ_LISTINGS = "read_listings"
    READ_ORDERS = "read_orders"
    PUSH_PRICES = "push_prices"
    PUSH_STOCK = "push_stock"
    RECEIVE_PUSHES = "receive_pushes"
    RECALL_PUSHES = "recall_pushes"
    EDIT_LISTINGS = "edit_listings"
    SHIP = "ship"
    PRINT_LABELS = "print_labels"
    READ_SETTLEMENTS = "read_settlements"
    CANCEL_ORDERS = "cancel_orders"
    CANCEL_UNITS = "cancel_units"
    ANSWER_CANCELLATIONS = "answer_cancellations"
    NOTE_ORDERS = "note_orders"
    ANSWER_RETURNS = "answer_returns"
    DISPUTE_RETURNS = "dispute_returns"
    WORD_DISPUTES = "word_disputes"
    ASK_FOR_ADDRESS = "ask_for_address"
    READ_STANDING = "read_standing"
    READ_REVIEWS = "read_reviews"
    ANSWER_REVIEWS = "answer_reviews"
    BOOST_LISTINGS = "boost_listings"
    LIST_AUTHORISATIONS = "list_authorisations"
    SWITCH_HOLIDAY = "switch_holiday"


@dataclass(frozen=True, slots=True)
class PlatformInfo:
    """A platform's identity and limits.

    `short` is two letters by which shops of the same name are told apart. `regions` maps a region to its currency,
    `price_rules` to what prices may be there. A poll asks for windows of at most `window`, starts `overlap` before
    the saved mark, and saves a mark `visibility_lag` behind now, because an order may become visible late. A
    parcel's number is asked for no sooner than `numbers_every` after it was asked for last, where no push told of
    it. So many of a shop's listings may be shown first as `boosts_at_once`.
    """

    slug: str
    name: str
    short: str
    regions: dict[str, str]
    can: frozenset[Can]
    poll_every: timedelta
    window: timedelta
    overlap: timedelta
    visibility_lag: timedelta
    listings_per_fetch: int
    orders_per_fetch: int
    returns_per_fetch: int = 20
    pictures_per_proof: int = 3
    numbers_every: timedelta = timedelta(minutes=5)
    settlements_per_fetch: int = 20
    boosts_at_once: int = 0
    price_rules: Mapping[str, PriceRules] = field(default_factory=dict)
