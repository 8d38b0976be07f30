"""The data behind navigation buttons: typed, versioned, at most 64 bytes, and never trusted.

`n1:<place>:<part>:...` only ever leads to a reading; what it names is looked up within the visitor's
own records. A button that changes something carries a ticket (`c1:...`) that the services made.
"""

from enum import StrEnum, unique
from urllib.parse import unquote

from domain.errors import NotFound

NAVIGATION = "n1:"
TICKET = "c1:"
LIMIT_BYTES = 64
"""Telegram's limit for `callback_data`."""


@unique
class Place(StrEnum):
    """Where a navigation button leads; `bot/routes.py` has the handler of each."""

    HOME = "home"
    HELP = "help"
    ORDERS = "orders"
    ORDER = "order"
    STOCK = "stock"
    VARIANT = "variant"
    STOCK_TO = "stockto"
    STOCK_PLACES = "splaces"
    STOCK_PLACE = "splace"
    STOCK_SET = "stockset"
    STOCK_DROP = "stockdrop"
    STOCK_ALERT = "stockalert"
    KEEPING = "keeping"
    KEEP_BACK = "keepback"
    STOCK_PAST = "stockpast"
    PRODUCTS = "goods"
    PRODUCT = "good"
    PRODUCT_VARIANT = "gv"
    EDIT_PRODUCT = "gedit"
    ASK_EDIT = "gask"
    SHOW_PRODUCT = "gshow"
    PRODUCT_EDIT = "gchange"
    UNDO_EDIT = "gundo"
    BOOST = "gboost"
    REVIEWS = "reviews"
    REVIEW = "review"
    ANSWER = "ranswer"
    LOW_STOCK = "low"
    SEARCH = "search"
    NEW_PRICE = "newprice"
    ASK_AGAIN = "again"
    PROPOSAL = "price"
    TYPE_AMOUNT = "type"
    UNDO = "undo"
    APPROVALS = "waiting"
    BULK = "bulk"
    BULK_OVER = "bko"
    BULK_BY = "bkb"
    BULK_ROUND = "bkround"
    BULK_FLOOR = "bkfloor"
    BULK_TYPE = "bktype"
    BULK_FILE = "bkfile"
    BULK_UNDO = "bkundo"
    SHOPS = "shops"
    SHOP = "shop"
    HEALTH = "health"
    HOLIDAY = "holiday"
    REST = "rest"
    UNLINK = "unlink"
    SYNC = "sync"
    LINK = "link"
    LINK_START = "linkto"
    LINK_PASTE = "paste"
    CANCEL = "cancel"
    SETTINGS = "settings"
    LANGUAGE = "lang"
    ZONES = "zones"
    ZONE = "zone"
    TYPE_ZONE = "typezone"
    LIMITS = "limits"
    LIMIT = "limit"
    LIMIT_TO = "limitto"
    AUDIT = "audit"
    EXPORT = "out"
    STATUS = "status"
    PAUSE = "pause"
    ORDER_ALERT = "orderalert"
    ORDER_CANCEL = "ocancel"
    ORDER_CANCEL_FOR = "ocancelfor"
    ORDER_KEEP = "okeep"
    ORDER_NOTE = "onote"
    TEAM = "team"
    MEMBER = "member"
    TAKE_OUT = "takeout"
    INVITE = "invite"
    INVITE_AS = "inviteas"
    SELLER = "seller"
    GROUP = "group"
    CAP = "cap"
    SHOW_SHOP = "showshop"
    ALERTS = "alerts"
    ALERT = "alert"
    QUIET = "quiet"
    QUIET_FROM = "quietfrom"
    DAILY = "daily"
    DAILY_AT = "dailyat"
    SNOOZE = "snooze"
    WAKE = "wake"
    PACK = "pack"
    BATCH = "batch"
    PICK_LIST = "picks"
    PROBLEMS = "problems"
    HAND_OVER = "handover"
    PULL_OUT = "pullout"
    REFUSED = "refused"
    WAYS = "ways"
    OWN_NUMBER = "ownnumber"
    RETURNS = "returns"
    RETURN = "return"
    RETURN_PHOTO = "rphoto"
    RETURN_ACCEPT = "raccept"
    RETURN_TAKE = "rtake"
    RETURN_OFFER = "roffer"
    RETURN_OFFER_OF = "rofferof"
    RETURN_DISPUTE = "rdispute"
    RETURN_DISPUTE_FOR = "rdisputefor"
    RETURN_PACKED = "rpacked"
    RETURN_GO_ON = "rgoon"
    RETURN_WORDS = "rwords"
    RETURN_GOODS = "rgoods"
    NOTHING = "nothing"


def pack(place: Place, *parts: object) -> str:
    """Return the data of a button that leads to `place`; raises ValueError beyond 64 bytes."""
    data = NAVIGATION + ":".join((place.value, *(_quoted(str(part)) for part in parts)))
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"button data of {place} is longer than {LIMIT_BYTES} bytes")
    return data


def room(place: Place, *parts: object) -> int:
    """Return how many bytes a further part may have."""
    return LIMIT_BYTES - len(pack(place, *parts, "").encode())


def fitting(words: str, size_bytes: int) -> str:
    """Cut words to what fits into `size_bytes` of button data, at a character's border."""
    while len(_quoted(words).encode()) > size_bytes:
        words = words[:-1]
    return words.rstrip()


def unpack(data: str) -> tuple[str, tuple[str, ...]]:
    """Return place and parts; raises NotFound("button_unknown") for anything this version did not make."""
    if not data.startswith(NAVIGATION) or len(data.encode(errors="replace")) > LIMIT_BYTES:
        raise NotFound("button_unknown")
    place, *parts = data.removeprefix(NAVIGATION).split(":")
    return place, tuple(unquote(part) for part in parts)


def _quoted(part: str) -> str:
    return part.replace("%", "%25").replace(":", "%3A")
