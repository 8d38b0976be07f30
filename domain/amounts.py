"""Amounts as people type them: 26500, 26.500, 26,500.00, 26rb, 1.250.000."""

import re
import unicodedata
from decimal import Decimal
from functools import cache

from domain.errors import InputError
from domain.money import minor_digits

_SHAPE = re.compile(r"^\d{1,15}(?:[.,' ]\d{3})*(?:[.,]\d{1,4})?$")
_LONGEST = 15
"""No price has more digits before the point; a longer one cannot even be rounded."""

_THOUSAND = re.compile(r"(?:rb|ribu|k)$", re.IGNORECASE)
_SIGNS = {
    "BRL": ("R$",),
    "CLP": ("$",),
    "COP": ("$",),
    "IDR": ("Rp.", "Rp"),
    "MXN": ("MX$", "$"),
    "MYR": ("RM",),
    "PHP": ("₱",),
    "SGD": ("S$", "$"),
    "THB": ("฿",),
    "TWD": ("NT$", "$"),
    "VND": ("₫", "đ"),
}
"""What people write beside an amount, besides the currency's code. Another currency's sign is no amount."""


def parse_amount(text: str, currency: str) -> Decimal:
    """Read an amount in major units.

    A single separator followed by exactly three digits groups thousands; followed by one or two it is
    the decimal point, in currencies that have one. Where both readings are possible, or neither, the
    text is refused: a price is never guessed.

    Raises InputError("amount_unreadable").
    """
    plain = _sign(currency).sub("", text.strip().replace("\u00a0", " "), count=1)
    if not plain.isascii() or any(unicodedata.category(char)[0] == "C" for char in plain):
        raise InputError("amount_unreadable", text=text)
    thousands = bool(_THOUSAND.search(plain))
    plain = _THOUSAND.sub("", plain).strip()
    if not _SHAPE.match(plain):
        raise InputError("amount_unreadable", text=text)
    whole, fraction = _split(plain, currency, text)
    amount = Decimal(whole + ("." + fraction if fraction else ""))
    return amount * 1000 if thousands else amount


@cache
def _sign(currency: str) -> re.Pattern[str]:
    signs = "|".join(re.escape(sign) for sign in (currency, *_SIGNS.get(currency, ())))
    return re.compile(rf"^(?:{signs})\s*|\s*(?:{signs})$", re.IGNORECASE)


def _split(plain: str, currency: str, text: str) -> tuple[str, str]:
    """Return the digits before and after the decimal point."""
    marks = re.findall(r"[.,' ]", plain)
    if not marks:
        return plain, ""
    groups = re.split(r"[.,' ]", plain)
    if len(set(marks)) == 1 and all(len(group) == 3 for group in groups[1:]):
        return _grouped(groups, text), ""
    if minor_digits(currency) == 0 and len(groups[-1]) != 3 and set(groups[-1]) != {"0"}:
        raise InputError("amount_unreadable", text=text)
    *thousands, fraction = groups
    if marks[-1] in marks[:-1] or len(set(marks[:-1])) > 1 or marks[-1] in "' ":
        raise InputError("amount_unreadable", text=text)
    return _grouped(thousands, text), fraction


def _grouped(groups: list[str], text: str) -> str:
    """Join groups of thousands: one to three digits that do not begin with 0, then threes."""
    digits = "".join(groups)
    is_odd = len(groups) > 1 and (
        not 1 <= len(groups[0]) <= 3
        or groups[0].startswith("0")
        or any(len(group) != 3 for group in groups[1:])
    )
    if is_odd or len(digits) > _LONGEST:
        raise InputError("amount_unreadable", text=text)
    return digits
