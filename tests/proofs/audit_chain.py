"""P24, `audit`: whatever is done to the audit behind our back is found, and nothing else is."""

import contextlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

import storage.repositories.audit as audit_rows
from storage.database import Connection
from storage.repositories.audit import Audit, verify_all
from storage.tables.people import audit
from tests.factories import NOW
from tests.integration.services.house import House
from tests.proofs.houses import KINDS, open_houses
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

FIELDS = ("actor", "action", "subject", "facts", "hash", "previous_hash")
ROWS = 60


class _Undone(Exception):
    """A trial's harm is rolled back with the transaction it was done in."""


async def audit_chain(trial: Trial) -> Verdict:
    """P24: a deleted, edited, moved or cut row of the audit is found; an untouched audit raises no alarm."""
    verdict, random = trial.verdict(), trial.random
    with _sabotage(trial):
        for kind in KINDS:
            async with open_houses(kind) as (house, _):
                await _live(house)
                await _play(trial, house, random, verdict)
    return verdict


async def _live(house: House) -> None:
    """Do what leaves rows: join, link, approve, apply, set a floor; and many more after it."""
    await house.stocked()
    await house.apply(await house.approved(119000))
    await house.services.prices.set_floor(house.owner, (await house.shown()).variant_id, Decimal(100000))
    await house.database.write(lambda conn: _more(conn, house, ROWS), "proof.rows")


def _more(conn: Connection, house: House, rows: int) -> None:
    for number in range(rows):
        facts = {"before": str(number), "after": str(number + 1)}
        Audit(conn, house.owner.seller_id).add(
            actor=house.owner.member.user_id, action="proof", subject="variant:1", facts=facts, now=NOW
        )


async def _play(trial: Trial, house: House, random: Random, verdict: Verdict) -> None:
    looks = await house.database.read(verify_all)
    verdict.check(not any(look.wrong for look in looks), "an untouched audit raised an alarm")
    verdict.check(sum(look.rows for look in looks) > ROWS, "what was done left no rows")
    for _ in range(trial.size(100, 2_000)):
        verdict.trials += 1
        goes_on = random.random() < 0.5
        with contextlib.suppress(_Undone):
            await house.database.write(
                partial(_one, house=house, random=random, verdict=verdict, goes_on=goes_on), "proof"
            )


def _one(conn: Connection, *, house: House, random: Random, verdict: Verdict, goes_on: bool) -> None:
    seqs = list(conn.scalars(select(audit.c.seq).order_by(audit.c.seq)))
    harm = random.choice((_delete, _edit, _swap, _cut))
    told = harm(conn, random, seqs)
    if goes_on:
        _more(conn, house, 3)
    verdict.check(
        any(look.wrong for look in verify_all(conn)), f"{told} was not found (more rows: {goes_on})"
    )
    raise _Undone


def _delete(conn: Connection, random: Random, seqs: list[int]) -> str:
    seq = random.choice(seqs)
    conn.execute(delete(audit).where(audit.c.seq == seq))
    return f"the deletion of row {seq} of {len(seqs)}"


def _edit(conn: Connection, random: Random, seqs: list[int]) -> str:
    seq, field = random.choice(seqs), random.choice(FIELDS)
    value: Any = func.substr(audit.c[field].concat("x"), 2)
    conn.execute(update(audit).where(audit.c.seq == seq).values({field: value}))
    return f"the edit of {field} in row {seq}"


def _swap(conn: Connection, random: Random, seqs: list[int]) -> str:
    one, other = random.sample(seqs, 2)
    for seq, to in ((one, 10**6), (other, one), (10**6, other)):
        conn.execute(update(audit).where(audit.c.seq == seq).values(seq=to))
    return f"the exchange of rows {one} and {other}"


def _cut(conn: Connection, random: Random, seqs: list[int]) -> str:
    first = random.choice(seqs[1:])
    conn.execute(delete(audit).where(audit.c.seq >= first))
    return f"the cut from row {first} of {len(seqs)}"


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Leave the facts out of the hash."""
    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            whole: Callable[..., str] = audit_rows.chained_hash

            def without_facts(*told: object) -> str:
                return whole(*told[:-1], "")

            patch.setattr(audit_rows, "chained_hash", without_facts)
        yield
