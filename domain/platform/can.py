"""What a platform is able to do, as data: asked before a button is offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from domain.price_rules import PriceRules


class Can(StrEnum):
    """What is read, written or told there at all.

    OPEN_MANY_SHOPS: one consent may open several. SPEND_REFRESH: a refresh token works once. TELL_LOST_CONSENT: a
    consent's end is pushed. TELL_LOCKS: until when a promotion holds a price is told. PLACE_STOCK: a shop may have several locations, each with a
    number of its own. CHOOSE_HANDOVER: who fetches a
    parcel, when and where, is chosen with each. TELL_FAILED_LABELS: that a label cannot be made is told, and not that
    it is late. HEAR_OFFERS: buyers offer something else for a return. OFFER_PARTS: the seller may, and choose how
    much. CHECK_GOODS: its own warehouse may look at what comes back. PROVE_DISPUTES: pictures go along with a
    dispute. WORD_DISPUTES: the seller's own words do. ASK_FOR_ADDRESS: it is answered by e-mail.
    """

    LINK = "link"
    OPEN_MANY_SHOPS = "open_many_shops"
    SPEND_REFRESH = "spend_refresh"
    TELL_LOST_CONSENT = "tell_lost_consent"
    READ_LISTINGS = "read_listings"
    READ_ORDERS = "read_orders"
    PUSH_PRICES = "push_prices"
    TELL_LOCKS = "tell_locks"
    PUSH_STOCK = "push_stock"
    PLACE_STOCK = "place_stock"
    RECEIVE_PUSHES = "receive_pushes"
    RECALL_PUSHES = "recall_pushes"
    EDIT_LISTINGS = "edit_listings"
    SHIP = "ship"
    CHOOSE_HANDOVER = "choose_handover"
    PRINT_LABELS = "print_labels"
    TELL_FAILED_LABELS = "tell_failed_labels"
    READ_SETTLEMENTS = "read_settlements"
    CANCEL_ORDERS = "cancel_orders"
    CANCEL_UNITS = "cancel_units"
    ANSWER_CANCELLATIONS = "answer_cancellations"
    NOTE_ORDERS = "note_orders"
    ANSWER_RETURNS = "answer_returns"
    HEAR_OFFERS = "hear_offers"
    OFFER_PARTS = "offer_parts"
    CHECK_GOODS = "check_goods"
    DISPUTE_RETURNS = "dispute_returns"
    PROVE_DISPUTES = "prove_disputes"
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
    it; where pushes name it themselves, they mostly do within `numbers_told_within`. So many of a shop's listings may be shown first as `boosts_at_once`.
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
    numbers_told_within: timedelta = timedelta(0)
    settlements_per_fetch: int = 20
    boosts_at_once: int = 0
    price_rules: Mapping[str, PriceRules] = field(default_factory=dict)
