"""How one locale writes money, numbers and times: the filters of the templates.

Everything here returns Markup: it is our own writing, not foreign text.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_currency_symbol
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bot.foreign import JOINER, cut, esc, titled, visible
from domain.money import Money, minor_digits

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
_WEEK = 7
_NAMED = 3
_NAME_WIDTH = 20
_TAIL_WIDTH = 20
_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class Notation:
    """One locale's way of writing."""

    locale: Locale

    def number(self, value: int | Decimal) -> str:
        return format_decimal(value, "#,##0.##", locale=self.locale)

    def amount(self, money: Money) -> str:
        """Write the amount alone, with the fraction its currency has."""
        digits = minor_digits(money.currency)
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return _signs(format_decimal(money.rounded().amount, pattern, locale=self.locale))

    def money(self, money: Money) -> str:
        """Write the amount with its currency: the local sign before it, or else the code after it."""
        symbol = get_currency_symbol(money.currency, self.locale)
        if symbol == money.currency:
            return f"{self.amount(money)}{NBSP}{symbol}"
        return f"{symbol}{self.amount(money)}"

    def exact(self, money: Money) -> str:
        """Write an amount with every digit it has, also those its currency does not know."""
        return f"{format_decimal(money.amount, '#,##0.########', locale=self.locale)}{NBSP}{money.currency}"

    def signed(self, percent: Decimal) -> str:
        """Write a change in percent, with its sign."""
        return _signs(format_percent(percent / 100, "+#,##0.#%;-#,##0.#%", locale=self.locale))

    def percent(self, value: int | Decimal) -> str:
        return _signs(format_percent(Decimal(value) / 100, "#,##0.##%", locale=self.locale))

    def people(self, names: Sequence[str]) -> str:
        """Name people as one does in a sentence; of many the first ones, and that there are more."""
        shown = [cut(name, _NAME_WIDTH) for name in names[:_NAMED]]
        return format_list([*shown, "…"] if len(names) > _NAMED else shown, locale=self.locale)

    def region(self, code: str) -> str:
        """Name a country; one that is not known keeps its code."""
        return str(self.locale.territories.get(code, visible(code)))

    def clock(self, at: datetime) -> str:
        """Write hours and minutes, of 24 hours in every locale."""
        return _clock(self.locale, at.hour, at.minute)

    def seconds(self, at: datetime) -> str:
        pattern = self.locale.time_formats["medium"].pattern
        return format_time(at, pattern if pattern.startswith("H") else "HH:mm:ss", locale=self.locale)

    def day(self, at: datetime, now: datetime) -> str:
        pattern = "d MMM" if at.year == now.year else "d MMM y"
        return format_date(at.date(), pattern, locale=self.locale)

    def moment(self, at: datetime, now: datetime) -> str:
        """Write a moment as briefly as is clear: today by clock, this week by weekday, else by date."""
        days = abs((at.date() - now.date()).days)
        if days == 0:
            return self.clock(at)
        if days < _WEEK:
            return f"{format_datetime(at, 'EEE', locale=self.locale)} {self.clock(at)}"
        if at.year == now.year:
            return f"{self.day(at, now)} {self.clock(at)}"
        return self.day(at, now)


def filters(notation: Notation) -> dict[str, Callable[..., str]]:
    """Return the filters of one locale; times are shown in the zone a rendering is given."""

    @pass_context
    def moment(context: Context, at: datetime) -> Markup:
        return Markup(notation.moment(_here(context, at), _now(context)))  # noqa: S704 - made of digits and CLDR names

    @pass_context
    def seconds(context: Context, at: datetime) -> Markup:
        return Markup(notation.seconds(_here(context, at)))  # noqa: S704 - made of digits and CLDR names

    @pass_context
    def day(context: Context, at: datetime) -> Markup:
        return Markup(notation.day(_here(context, at), _now(context)))  # noqa: S704 - made of digits and CLDR names

    return {
        "number": _own(notation.number),
        "amount": _own(notation.amount),
        "money": _own(notation.money),
        "exact": _own(notation.exact),
        "signed": _own(notation.signed),
        "percent": _own(notation.percent),
        "moment": moment,
        "seconds": seconds,
        "day": day,
        "people": notation.people,
        "cut": _cut,
        "tail": _tail,
        "titled": titled,
        "code": _code,
        "ours": _ours,
        "url": _url,
        "platform": _platform,
        "region": _own(notation.region),
    }


_platform_names: dict[str, str] = {}


def learn_platform_names(names: Mapping[str, str]) -> None:
    """Take in how platforms write their names, by slug; said once, at the start."""
    _platform_names.update(names)


def platform_name(slug: str) -> str:
    """Return a platform's name, or its slug as one where nobody told it."""
    return _platform_names.get(slug) or slug.replace("_", " ").title()


def _signs(written: str) -> str:
    """Put the minus sign where a hyphen stands, which a screen reader may pass over."""
    return written.replace("-", MINUS)


@lru_cache(maxsize=2 * 24 * 60)
def _clock(locale: Locale, hour: int, minute: int) -> str:
    pattern = locale.time_formats["short"].pattern
    return format_time(time(hour, minute), pattern if pattern.startswith("H") else "HH:mm", locale=locale)


def _own(write: Callable[..., str]) -> Callable[..., Markup]:
    """Return a filter of one value that remembers what it wrote: a locale's patterns are slow to follow."""

    @lru_cache(maxsize=_REMEMBERED)
    def written(value: Hashable) -> Markup:
        return escape(write(value))

    return written


def _cut(text: str, width: int) -> str:
    return cut(text, width)


def _tail(number: str) -> Markup:
    """Write the end of a number as it follows an ellipsis, and keep the two on one line."""
    return Markup("{}{}").format(JOINER, esc(cut(number, _TAIL_WIDTH)))


def _code(text: str, width: int = 60) -> Markup:
    """Show a text to be copied or quoted; nothing inside becomes a link, so nothing is added to it."""
    return Markup("<code>{}</code>").format(cut(text, width))


def _ours(words: str) -> Markup:
    """Show words of our own (a command that may be tapped, a zone's name) as they are."""
    return escape(words)


def _url(address: str) -> Markup:
    """Write an address of ours into an attribute, as it is."""
    return escape(address)


def _platform(slug: str) -> Markup:
    return escape(platform_name(visible(slug)))


def _here(context: Context, at: datetime) -> datetime:
    zone: tzinfo = context["zone"]
    return at.astimezone(zone)


def _now(context: Context) -> datetime:
    now: datetime = context["now"]
    return now
