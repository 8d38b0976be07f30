"""P16, `rotate-keys`: killed anywhere and run again, every secret opens at every moment."""

import asyncio
import base64
import os
import time
from functools import partial
from random import Random

from services.keys import BATCH, KeyService
from storage.database import Connection, Database
from storage.keys import MasterKeys
from storage.migrate import migrate
from storage.vault import Vault
from tests.proofs import children
from tests.proofs.houses import KINDS, open_address
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

FIELDS = ("access_token", "refresh_token")
LOOK_EVERY_S = 0.02


async def rotate_keys(trial: Trial) -> Verdict:
    """P16: keys are rotated with kills while a bot reads and writes; at the end nothing is under the old key."""
    verdict, random = trial.verdict(), trial.random
    old, new = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    for kind in KINDS:
        async with open_address(kind) as url:
            await migrate(url)
            database = Database(url)
            try:
                await _play(trial, url, database, (old, new), random, verdict)
            finally:
                await database.close()
    return verdict


async def _play(
    trial: Trial, url: str, database: Database, keys: tuple[str, str], random: Random, verdict: Verdict
) -> None:
    old, new = keys
    both = f"k2:{new},k1:{old}"
    owners = trial.size(1_000, 10_000) // len(FIELDS)
    values = await _fill(database, Vault(MasterKeys.parse(f"k1:{old}")), owners)
    vault = Vault(MasterKeys.parse(both))
    ended = asyncio.Event()
    watching = asyncio.create_task(_watch(database, vault, values, ended, verdict))
    # Each batch passes two failpoints: odd numbers die before a commit, even ones after it.
    kills = trial.size(3, 20)
    latest = 2 * owners // BATCH // (kills + 1)
    for dies_at in random.choices(range(1, latest), k=kills):
        await _run(trial, url, both, str(dies_at))
        verdict.trials += 1
        under = await KeyService(database, vault).under()
        verdict.check(under["k1"] > 0, "a killed run left nothing to do: the kill came too late")
    await _run(trial, url, both, "0")
    ended.set()
    await watching
    await _judge(database, Vault(MasterKeys.parse(f"k2:{new}")), values, verdict)


async def _fill(database: Database, vault: Vault, owners: int) -> dict[tuple[str, str], str]:
    values = {(f"shop:{at}", field): f"{field} {at}" for at in range(owners) for field in FIELDS}

    def work(conn: Connection) -> None:
        vault.check_canary(conn)
        for (owner, field), value in values.items():
            vault.put(conn, owner, field, value)

    await database.write(work, "proof.fill")
    return values


async def _run(trial: Trial, url: str, keys: str, dies_at: str) -> None:
    broken = ["broken"] if trial.is_broken else []
    child = await children.start("rotate", url, keys, dies_at, *broken)
    await child.wait()


async def _watch(
    database: Database,
    vault: Vault,
    values: dict[tuple[str, str], str],
    ended: asyncio.Event,
    verdict: Verdict,
) -> None:
    """Be the bot meanwhile: read any secret, and now and then put a new value in its place."""
    wanted = list(values)
    random = Random(verdict.seed)  # noqa: S311 - a trial must be repeatable
    turn = 0
    while not ended.is_set():
        turn += 1
        at = random.choice(wanted)
        if turn % 5 == 0:
            value = f"put at {time.monotonic()}"
            await database.write(partial(vault.put, owner=at[0], field=at[1], value=value), "proof.put")
            values[at] = value
        try:
            got = await database.read(partial(vault.get, owner=at[0], field=at[1]))
        except Exception as failed:  # noqa: BLE001 - whatever it is, the secret did not open
            verdict.check(holds=False, otherwise=f"{at} did not open: {type(failed).__name__}")
        else:
            verdict.check(got == values[at], f"{at} opened as something else")
        verdict.numbers["looks"] = verdict.numbers.get("looks", 0) + 1
        await asyncio.sleep(LOOK_EVERY_S)


async def _judge(
    database: Database, vault: Vault, values: dict[tuple[str, str], str], verdict: Verdict
) -> None:
    keys = KeyService(database, vault)
    under = await keys.under()
    verdict.check(under == {"k2": len(values)}, f"at the end the secrets are under {under}")
    unreadable = await keys.unreadable()
    verdict.check(unreadable == 0, f"{unreadable} secrets do not open with the new key alone")

    def wrong(conn: Connection) -> int:
        return sum(vault.get(conn, *at) != value for at, value in values.items())

    if not unreadable:
        altered = await database.read(wrong)
        verdict.check(altered == 0, f"{altered} secrets are not what was put")
