"""Templates and translations: the one place where text for people is made.

Catalogues are read from `locales/*.po` at the first use of a language; nothing has to be compiled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.filters import Notation, filters
from bot.foreign import esc, visible
from domain.clock import Clock, utc_now
from domain.money import Money

HERE = Path(__file__).parent
SOURCE_LANGUAGE = "en"
LANGUAGES = {"en": "English", "id": "Bahasa Indonesia", "th": "ไทย", "vi": "Tiếng Việt"}
"""Languages a person can choose, each by its own name; all but the source has a catalogue in `locales/`."""


def best_language(code: str | None) -> str:
    """Return the language to speak to somebody whose Telegram is set to `code` (IETF, may be missing)."""
    first = (code or "").replace("_", "-").lower().split("-")[0]
    first = {"in": "id"}.get(first, first)
    return first if first in LANGUAGES else SOURCE_LANGUAGE


class Renderer:
    """Text in one language, with times in one zone. Cheap to make: languages are loaded once."""

    def __init__(self, locale: str, zone: str, clock: Clock = utc_now, *, username: str = "") -> None:
        self.username = username
        """The bot's own name, for links that lead from a group into the private chat."""
        self.language = best_language(locale)
        self.zone = zone
        self._clock = clock
        self._voice = _voice(self.language)

    def render(self, template: str, **params: object) -> str:
        """Return a template's text as Telegram HTML, without empty lines."""
        text = self._voice.environment.get_template(template).render(
            params, zone=ZoneInfo(self.zone), now=self.now()
        )
        lines = (line.strip() for line in text.splitlines())
        return "\n".join(line for line in lines if line)

    def label(self, msgid: str, **params: object) -> str:
        """Return a short plain text (a button's label, a toast), translated."""
        shown = {name: visible(value) if isinstance(value, str) else value for name, value in params.items()}
        return self._voice.translations.gettext(msgid) % shown

    def now(self) -> datetime:
        """Return the present moment in the reader's zone."""
        return self._clock().astimezone(ZoneInfo(self.zone))

    def amount(self, money: Money) -> str:
        return self._voice.notation.amount(money)

    def moment(self, at: datetime) -> str:
        """Write a moment in the reader's zone, as briefly as is clear."""
        return self._voice.notation.moment(at.astimezone(ZoneInfo(self.zone)), self.now())

    def day(self, at: datetime) -> str:
        return self._voice.notation.day(at, self.now())

    def number(self, value: int) -> str:
        return self._voice.notation.number(value)

    def signed(self, percent: Decimal) -> str:
        return self._voice.notation.signed(percent)

    def percent(self, value: int) -> str:
        return self._voice.notation.percent(value)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which remembers its verdicts: each hangs on a type and a name alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._verdicts: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        known = self._verdicts.get((type(obj), attr))
        if known is None:
            known = self._verdicts[type(obj), attr] = super().is_safe_attribute(obj, attr, value)
        return known


@dataclass(frozen=True, slots=True)
class _Voice:
    environment: Environment
    translations: NullTranslations
    notation: Notation


@lru_cache(maxsize=len(LANGUAGES))
def _voice(language: str) -> _Voice:
    translations = _translations(language)
    notation = Notation(Locale.parse(language))
    return _Voice(_environment(translations, notation), translations, notation)


def _translations(language: str) -> NullTranslations:
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    with (HERE / "locales" / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def _environment(translations: NullTranslations, notation: Notation) -> Environment:
    environment = _Sandbox(
        loader=FileSystemLoader(HERE / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        finalize=esc,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the i18n extension
    environment.globals.update(_spoken(translations))
    environment.filters.update(filters(notation))
    return environment


def _spoken(translations: NullTranslations) -> dict[str, Callable[..., Markup]]:
    """Return gettext for templates: our words are Markup, whatever is filled in counts as foreign."""

    def gettext(message: str, /, **filled: object) -> Markup:
        return _fill(translations.gettext(message), filled)

    def ngettext(one: str, many: str, count: int, /, **filled: object) -> Markup:
        return _fill(translations.ngettext(one, many, count), filled)

    return {"gettext": gettext, "ngettext": ngettext, "_": gettext}


def _fill(words: str, filled: dict[str, object]) -> Markup:
    safe = {name: str(esc(value)) for name, value in filled.items()}
    return Markup(words % safe)  # noqa: S704 - the words are ours, the rest is escaped above
