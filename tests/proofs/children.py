"""Processes of their own for proofs over a database: one that writes on and on, one that rotates the keys.

`python -m tests.proofs.children write URL VIEW` · `... rotate URL KEYS [PASSES] [broken]`
"""

import asyncio
import os
import signal
import sys
from itertools import count
from pathlib import Path

from domain.clock import utc_now
from domain.events import EventKind
from domain.failpoint import arm
from services.keys import KeyService
from storage import inbox, outbox
from storage.database import Connection, Database
from storage.keys import MasterKeys
from storage.vault import Vault
from tests.databases import spare_the_disk
from tests.proofs.saboteurs import renew_keys_before_secrets

ROOT = Path(__file__).parents[2]
SOURCE = "proof"
PAUSE_S = 0.004


async def start(*words: str) -> asyncio.subprocess.Process:
    """Start a child of this kind; what it acknowledges comes out of its standard output, a line each."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.proofs.children", *words), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def write(url: str, view_id: str) -> None:
    """Commit numbered pairs of rows, an inbox and an outbox row each, and say each number afterwards."""
    database = Database(url)
    for number in count(1):

        def work(conn: Connection, number: int = number) -> None:
            now, key = utc_now(), f"{SOURCE}:{number}"
            inbox.add(conn, source=SOURCE, dedupe_key=key, lane="proof", body="{}", now=now)
            outbox.add(conn, view_id=view_id, dedupe_key=key, kind=EventKind.RESTORED, payload={}, now=now)

        await database.write(work, "proof.write")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        await asyncio.sleep(PAUSE_S)


async def rotate(url: str, keys: str, passes: int) -> None:
    """Rotate; with `passes`, die as by the power when so many failpoints were passed."""
    passed = count(1)

    def reached(_name: str) -> None:
        if next(passed) == passes:
            os.kill(os.getpid(), signal.SIGKILL)

    arm(reached)
    database = Database(url)
    await KeyService(database, Vault(MasterKeys.parse(keys))).rotate(lambda _: None)
    await database.close()


def main(words: list[str]) -> None:
    spare_the_disk()
    if words[0] == "write":
        asyncio.run(write(*words[1:3]))
        return
    if "broken" in words:
        renew_keys_before_secrets()
    asyncio.run(rotate(words[1], words[2], int(words[3])))


if __name__ == "__main__":
    main(sys.argv[1:])
