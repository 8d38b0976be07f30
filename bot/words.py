"""Words and button parts made into values.

What a person typed is refused with a sentence; what a button carries may be forged or old, and is
refused as a button that is not known.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from domain.amounts import parse_amount
from domain.bulk import Move, Recipe, Rounding
from domain.caps import Cap
from domain.errors import InputError, NotFound
from domain.exports import Export, FileForm
from domain.listing_changes import ListingField
from domain.people import Role
from domain.platform import CancelReason
from domain.returns import Solution
from domain.stock import MOST
from services.products import ProductFilter, ProductQuery
from services.returns import ReturnFilter
from services.reviews import ReviewFilter, ReviewQuery
from services.views import OrderFilter

Words = tuple[str, ...]
FLOOR = "floor"
_PERCENT = re.compile(r"([+-])\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*%")
OFF = "off"
_PAGE_DIGITS = 4
_COUNT_DIGITS = 7
_LIMIT_DIGITS = 4
_CODE, _WITH_CURRENCY, _DASHES = 3, 3, 2
_LATEST = 253402300799
"""The last second of the year 9999: no later moment can be written."""


@dataclass(frozen=True, slots=True)
class PriceWords:
    """`/price <sku>`, `/price <sku> <new>`, `/price <sku> floor <n>` or `... floor off`."""

    sku: str
    amount: str = ""
    is_floor: bool = False

    @property
    def is_floor_off(self) -> bool:
        return self.is_floor and self.amount.lower() == OFF


@dataclass(frozen=True, slots=True)
class ListParts:
    """What the buttons of a list of orders carry."""

    filter: OrderFilter
    page: int
    until: datetime | None


def price_words(words: Words) -> PriceWords:
    """Read what stands after /price; a SKU may have spaces, an amount may not.

    Raises InputError("usage_price").
    """
    keyword = [word.lower() for word in words]
    if len(words) >= 3 and keyword[-2] == FLOOR:
        return PriceWords(" ".join(words[:-2]), words[-1], is_floor=True)
    if not words or keyword[-1] == FLOOR:
        raise InputError("usage_price", read=" ".join(words))
    if len(words) == 1:
        return PriceWords(words[0])
    return PriceWords(" ".join(words[:-1]), words[-1])


def list_parts(parts: Words) -> ListParts:
    """Read filter, page and the moment a list of orders was opened at; all may be missing."""
    kind, page, until, *_ = (*parts, "", "", "")
    try:
        wanted = OrderFilter(kind or OrderFilter.TO_PACK)
    except ValueError:
        raise NotFound("button_unknown") from None
    return ListParts(wanted, page_number(page), _moment(until))


def product_list(parts: Words) -> tuple[ProductQuery, int]:
    """Read page, filter, shop and words of a list of products; all may be missing."""
    page, kind, shop, words, *_ = (*parts, "", "", "", "")
    try:
        wanted = ProductFilter(kind or ProductFilter.ALL)
    except ValueError:
        raise NotFound("button_unknown") from None
    return ProductQuery(wanted, shop, words), page_number(page)


def return_list(parts: Words) -> tuple[ReturnFilter, int]:
    """Read list and page of returns; both may be missing."""
    kind, page, *_ = (*parts, "", "")
    try:
        wanted = ReturnFilter(kind or ReturnFilter.TO_ANSWER)
    except ValueError:
        raise NotFound("button_unknown") from None
    return wanted, page_number(page)


def solution_of(parts: Words) -> Solution:
    """Return what a button offers a buyer."""
    try:
        return Solution(one(parts))
    except ValueError:
        raise NotFound("button_unknown") from None


def bulk_recipe(typed: str, currencies: Sequence[str]) -> Recipe:
    """Read how prices are to change: -7.5%, +2000, -2000, or one amount for all of them.

    Raises InputError("bulk_unreadable"), InputError("bulk_currency") for an amount where shops differ in it.
    """
    plain = typed.strip().replace("\N{MINUS SIGN}", "-")
    percent = _PERCENT.fullmatch(plain)
    if percent:
        return Recipe(Move.PERCENT, Decimal(percent[1] + percent[2].replace(",", ".")))
    sign = plain[:1] if plain[:1] in {"+", "-"} else ""
    if len(currencies) != 1:
        raise InputError("bulk_currency")
    try:
        value = parse_amount(plain.removeprefix(sign), currencies[0])
    except InputError:
        raise InputError("bulk_unreadable", text=typed) from None
    if not sign:
        return Recipe(Move.TO, value, currency=currencies[0])
    return Recipe(Move.BY, -value if sign == "-" else value, currency=currencies[0])


def rounded_by(parts: Words) -> Callable[[Recipe], Recipe]:
    """Return the change of a recipe that a button names."""
    try:
        rounding = Rounding(one(parts))
    except ValueError:
        raise NotFound("button_unknown") from None
    return lambda recipe: replace(recipe, rounding=rounding)


def listing_field(parts: Words) -> ListingField:
    """Return the part of a product that a button names and that somebody types."""
    try:
        field = ListingField(one(parts))
    except ValueError:
        raise NotFound("button_unknown") from None
    if field in {ListingField.SHOWN, ListingField.BOOST}:
        raise NotFound("button_unknown")
    return field


def review_list(parts: Words) -> tuple[ReviewQuery, int]:
    """Read page, filter and product of a list of reviews; all may be missing."""
    page, kind, listing_id, *_ = (*parts, "", "", "")
    try:
        wanted = ReviewFilter(kind or ReviewFilter.UNANSWERED)
    except ValueError:
        raise NotFound("button_unknown") from None
    return ReviewQuery(wanted, listing_id), page_number(page)


def page_number(part: str) -> int:
    """Read a page's number; a missing one is the first."""
    if not part:
        return 1
    if not (part.isascii() and part.isdigit() and len(part) <= _PAGE_DIGITS):
        raise NotFound("button_unknown")
    return max(int(part), 1)


def audit_parts(parts: Words) -> tuple[int, int | None]:
    """Read page and the last row of the audit that a button carries; both may be missing."""
    page, upto, *_ = (*parts, "", "")
    return page_number(page), packed_number(upto) if upto else None


def export_parts(parts: Words) -> tuple[Export, FileForm]:
    """Read what a button wants as a file, and what kind of file."""
    what, form, *_ = (*parts, "", "")
    try:
        return Export(what), FileForm(form)
    except ValueError:
        raise NotFound("button_unknown") from None


def one(parts: Words) -> str:
    """Return the first part; raises NotFound("button_unknown") when there is none."""
    if not parts or not parts[0]:
        raise NotFound("button_unknown")
    return parts[0]


def role_of(parts: Words) -> Role:
    """Return the role a button names."""
    try:
        return Role(one(parts))
    except ValueError:
        raise NotFound("button_unknown") from None


def limit_of(parts: Words) -> Cap:
    """Return the limit a button names."""
    try:
        return Cap(one(parts))
    except ValueError:
        raise NotFound("button_unknown") from None


def limit_to(parts: Words) -> tuple[Cap, int]:
    """Return the limit a button names and what it may become."""
    _, value, *_ = (*parts, "", "")
    if not (value.isascii() and value.isdigit() and 0 < len(value) <= _LIMIT_DIGITS and int(value)):
        raise NotFound("button_unknown")
    return limit_of(parts), int(value)


def cancel_reason(parts: Words) -> CancelReason:
    """Return the reason a button names."""
    try:
        return CancelReason(one(parts))
    except ValueError:
        raise NotFound("button_unknown") from None


def packed_amount(part: str) -> Decimal:
    """Read an amount that a button carries."""
    try:
        amount = Decimal(part)
    except InvalidOperation:
        raise NotFound("button_unknown") from None
    if not amount.is_finite() or len(part) > 20:
        raise NotFound("button_unknown")
    return amount


def zone_name(words: Words) -> str:
    """Return the IANA name of what was typed: a name, or the city at its end, in any case of letters.

    What matches nothing, or several zones, is returned as it is for the service to refuse.
    """
    typed = "_".join(words)
    by_city = [
        zone for zone in available_timezones() if zone.rpartition("/")[2].casefold() == typed.casefold()
    ]
    return by_city[0] if len(by_city) == 1 else typed


def whole_number(words: Words) -> int:
    """Read a typed count; groups of digits may stand apart. Raises InputError("stock_number")."""
    typed = "".join(words).replace(".", "").replace(",", "")
    if not (typed.isdecimal() and len(typed) <= _COUNT_DIGITS):
        raise InputError("stock_number", most=MOST)
    return int(typed)


def stock_words(words: Words) -> tuple[int, bool]:
    """Read how many there are, or with a plus how many came in (True). Raises InputError("stock_number")."""
    typed = "".join(words)
    units = whole_number((typed.removeprefix("+"),))
    is_more = typed.startswith("+")
    if is_more and not units:
        raise InputError("stock_number", most=MOST)
    return units, is_more


def packed_number(part: str) -> int:
    """Read a count that a button carries."""
    if not (part.isascii() and part.isdigit() and len(part) <= _COUNT_DIGITS):
        raise NotFound("button_unknown")
    return int(part)


def is_address(words: Words) -> bool:
    """Tell whether a text is the address a platform sends a browser back to: it must not stay in the chat."""
    if len(words) != 1:
        return False
    try:
        parts = urlsplit(words[0])
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "code=" in parts.query


def _moment(part: str) -> datetime | None:
    if not part:
        return None
    if not (part.isascii() and part.isdigit()) or int(part) > _LATEST:
        raise NotFound("button_unknown")
    return datetime.fromtimestamp(int(part), UTC)


@dataclass(frozen=True, slots=True)
class CostWords:
    """`/cost <sku>`, `/cost <sku> <amount> [<currency>] [<day>]` or `/cost <sku> off`."""

    sku: str
    amount: str = ""
    currency: str = ""
    day: date | None = None

    @property
    def is_off(self) -> bool:
        return self.amount.lower() == OFF


def cost_words(words: Words) -> CostWords:
    """Read what stands after /cost; a SKU may have spaces, a day is written as 2026-11-02.

    Raises InputError("usage_cost").
    """
    day, rest = _day(words[-1]) if words else None, words
    if day:
        rest = words[:-1]
    currency = ""
    if len(rest) >= _WITH_CURRENCY and rest[-1].isalpha() and len(rest[-1]) == _CODE and _has_digit(rest[-2]):
        currency, rest = rest[-1].upper(), rest[:-1]
    if not rest or (len(rest) == 1 and (day or currency)):
        raise InputError("usage_cost", read=" ".join(words))
    if len(rest) == 1:
        return CostWords(rest[0])
    return CostWords(" ".join(rest[:-1]), rest[-1], currency, day)


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word) if word.count("-") == _DASHES else None
    except ValueError:
        return None


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)
