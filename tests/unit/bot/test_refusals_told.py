"""Everything a platform may refuse, and every failure of a call, is told by a sentence of its own in every language."""

from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from adapters.kit.refusals import (
    Family,
    ListingRefusal,
    OrderRefusal,
    ParcelRefusal,
    PriceRefusal,
    ReturnRefusal,
    StockRefusal,
)
from bot.render import LANGUAGES, SOURCE_LANGUAGE, Renderer, _voice
from bot.views.errors import error_screen
from domain import errors
from domain.changes import ChangeState
from domain.errors import PlatformError
from domain.listing_changes import ListingField
from tests.unit.bot import records as r
from tests.unit.bot import screens_products as products

TOLD: list[tuple[type[StrEnum], str, str, tuple[str, ...]]] = [
    (PriceRefusal, "prices/reasons.html.j2", "reason", ("shopee",)),
    (StockRefusal, "stock/steps.html.j2", "refusal", ("shopee",)),
    (ParcelRefusal, "pack/parts.html.j2", "reason", ()),
    (OrderRefusal, "orders/actions.html.j2", "refusal", ("shopee",)),
    (ReturnRefusal, "returns/actions.html.j2", "refusal", ("shopee",)),
]
"""Each enum of refusals with the macro that tells it."""

ELSEWHERE = {
    StockRefusal.STOCK_LOCKED,  # the card says until when, and that it is sent then
    StockRefusal.SHOWS_OTHER,  # the card asks which of both numbers is right
    ParcelRefusal.NOT_PRINTABLE,  # a batch says which parcels have no label, and why
    ParcelRefusal.LABEL_FAILED,
}
"""What has a screen of its own instead of a sentence."""


def said(template: str, macro: str, language: str, *words: str) -> str:
    given = {"zone": ZoneInfo("UTC"), "now": datetime(2026, 11, 11, tzinfo=UTC)}
    module = _voice(language).environment.get_template(template).make_module(given)
    return str(getattr(module, macro)(*words)).strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("refusals", "template", "macro", "more"), TOLD, ids=[each[0].__name__ for each in TOLD]
)
def test_each_refusal_has_a_sentence_of_its_own(
    refusals: type[StrEnum], template: str, macro: str, more: tuple[str, ...], language: str
) -> None:
    fallback = said(template, macro, language, "a reason of tomorrow", *more)
    assert fallback
    for each in set(refusals) - ELSEWHERE:
        sentence = said(template, macro, language, each.value, *more)
        if each.value != "other":
            assert sentence != fallback, each
        if language != SOURCE_LANGUAGE:
            assert sentence != said(template, macro, SOURCE_LANGUAGE, each.value, *more), each


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_refusal_of_an_edit_has_a_sentence_of_its_own(language: str) -> None:
    def told(reason: str, speaks: str) -> str:
        of_a_boost = reason == ListingRefusal.BOOSTED_LATELY
        field = ListingField.BOOST if of_a_boost else ListingField.TITLE
        failed = products.edit(ChangeState.FAILED, field=field, reason=reason)
        return products.draw_edit(failed)(Renderer(speaks, r.ZONE, lambda: r.NOW)).text

    fallback = told("a reason of tomorrow", language)
    for each in ListingRefusal:
        assert each is ListingRefusal.OTHER or told(each, language) != fallback, each
        assert language == SOURCE_LANGUAGE or told(each, language) != told(each, SOURCE_LANGUAGE), each


def every(kind: type[PlatformError]) -> list[type[PlatformError]]:
    return [kind, *(found for each in kind.__subclasses__() for found in every(each))]


def failures() -> dict[str, PlatformError]:
    """Return a failure of every class, and of every family of refusals."""
    about: dict[str, object] = {"platform": "shopee", "operation": "push_prices"}
    made: list[PlatformError] = [
        errors.RateLimited(platform="shopee", operation="push_prices", retry_after_s=5)
        if kind is errors.RateLimited
        else kind(**about)  # type: ignore[arg-type]
        for kind in every(PlatformError)[1:]
    ]
    codes = [*Family, "shop_restricted", "shop_unlinked"]
    made += [errors.RequestRejected(code=code, **about) for code in codes]  # type: ignore[arg-type]
    return {each.code: each for each in made}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_failure_of_a_call_has_a_sentence_of_its_own(language: str) -> None:
    text, source = Renderer(language, "UTC"), Renderer(SOURCE_LANGUAGE, "UTC")
    fallback = error_screen(errors.StoreSyncError("a code of tomorrow"), text).text
    told = {code: error_screen(failed, text).text for code, failed in failures().items()}
    assert len(told) >= 20
    assert [code for code, sentence in told.items() if sentence in {"", fallback}] == []
    if language != SOURCE_LANGUAGE:
        english = {code: error_screen(failed, source).text for code, failed in failures().items()}
        assert [code for code, sentence in told.items() if sentence == english[code]] == []
