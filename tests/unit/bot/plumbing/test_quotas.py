"""How much may be said in a minute."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.quotas import Quotas, Verdict

MINUTE = datetime(2026, 11, 11, 12, tzinfo=UTC)


def said(
    quotas: Quotas, times: int, *, user: str = "7", chat: int = 7, at: datetime = MINUTE
) -> list[Verdict]:
    return [quotas.judge(user, chat, at) for _ in range(times)]


def test_person_is_told_once_and_then_not_answered() -> None:
    verdicts = said(Quotas(), 25)
    assert verdicts == [Verdict.ANSWER] * 20 + [Verdict.TELL] + [Verdict.IGNORE] * 4


def test_next_minute_is_a_new_one() -> None:
    quotas = Quotas()
    said(quotas, 25, at=MINUTE + timedelta(seconds=59))
    assert said(quotas, 20, at=MINUTE + timedelta(seconds=60)) == [Verdict.ANSWER] * 20


def test_person_cannot_go_on_in_another_chat() -> None:
    quotas = Quotas()
    said(quotas, 20)
    assert said(quotas, 1, chat=-8) == [Verdict.TELL]


def test_one_person_does_not_use_up_what_others_may_say() -> None:
    quotas = Quotas()
    said(quotas, 30, user="7", chat=-8)
    assert said(quotas, 20, user="9", chat=-8) == [Verdict.ANSWER] * 20


def test_chat_has_a_quota_of_its_own() -> None:
    quotas = Quotas()
    verdicts = [one for user in "1234" for one in said(quotas, 20, user=user, chat=-8)]
    assert verdicts == [Verdict.ANSWER] * 60 + [Verdict.TELL] + [Verdict.IGNORE] * 19


@pytest.mark.parametrize(("factor", "answered"), [(1000.0, 500), (0.5, 10), (0.01, 0)])
def test_factor_multiplies(factor: float, answered: int) -> None:
    assert said(Quotas(factor), 500).count(Verdict.ANSWER) == answered
