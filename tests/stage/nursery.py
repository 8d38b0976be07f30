"""Loads StoreSync once and forks it on demand: one JSON order a line in, the child's process id out.

A child reads at every failpoint which one it shall end at: a file holds its name, or does not exist.
A file beside it lists the failpoints passed, so that a proof can learn what there is to crash at; another
one names failpoints that shall raise, each once, an error that tells everything its callers held, and one
the failpoint at which it is told to end, as a host tells it. How each child ended is left in a file, too.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
from jinja2 import FileSystemBytecodeCache

import app.demo
import app.wiring
import jobs.procrastinate_queue
import jobs.sweep
import services.applying
import services.order_alerts
from app.__main__ import cli
from bot import render
from domain.clock import utc_now
from domain.failpoint import arm
from tests.databases import spare_the_disk
from tests.proofs.asking import ask
from tests.proofs.saboteurs import SABOTEURS
from tests.proofs.syncing import sync_all

KILLED = 137
DEPTH = 6


AHEAD = "STAGE_AHEAD_S"
"""By how many seconds a child's clock is ahead of ours."""
EDITS = "STAGE_EDITS_S"
"""By how many seconds a child spaces the edits of a message that rings for orders, if not by what sellers have."""
TICK_S = 0.4
LOOKS_S = (0.0, 0.1, 0.2)
"""The net under the queue looks more often, and a price that was lost is given up sooner: a proof waits for both."""


def main() -> None:
    spare_the_disk()
    vars(jobs.sweep)["TICK_S"] = TICK_S
    vars(services.applying)["LOOKS_S"] = LOOKS_S
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped at once
    with tempfile.TemporaryDirectory(prefix="storesync-nursery-") as folder:
        _learn_to_speak(folder)
        for line in sys.stdin:
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _live(order)
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()


def _learn_to_speak(folder: str) -> None:
    """Load what all children would load for themselves; a template is compiled once for all of them."""
    for language in render.LANGUAGES:
        vars(render)["_voice"](language).environment.bytecode_cache = FileSystemBytecodeCache(folder)


def _live(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _plug(order)
    os.environ.clear()
    os.environ.update(order["environment"])
    if ahead_s := float(os.environ.get(AHEAD, "0")):
        _go_ahead(timedelta(seconds=ahead_s))
    if edits_s := float(os.environ.get(EDITS, "0")):
        vars(services.order_alerts)["SOON"] = vars(services.order_alerts)["SELDOM"] = timedelta(
            seconds=edits_s
        )
    _watch(Path(order["target"]))
    if order["broken"]:
        SABOTEURS[order["broken"]]()
    _end(_code_of(order["words"]), Path(order["target"]))


def _plug(order: dict[str, Any]) -> None:
    """Write where the order says, complaints into a file of their own if it names one; read what it has typed."""
    for number, name in ((1, order["log"]), (2, order["complaints"] or order["log"])):
        opened = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    typed, typing = os.pipe()
    os.write(typing, order["typed"].encode())
    os.close(typing)
    os.dup2(typed, 0)
    os.close(typed)
    sys.stdin = os.fdopen(
        0, closefd=False
    )  # the one that it replaces may hold orders that are not for this child


def _go_ahead(by: timedelta) -> None:
    """Live later than it is, as if the process had lain dead for so long."""

    def later() -> datetime:
        return utc_now() + by

    vars(app.wiring)["utc_now"] = later
    open_house: Any = app.wiring.open_house
    open_house.__wrapped__.__kwdefaults__["clock"] = later


def _code_of(words: list[str]) -> int:
    try:
        _act(words)
    except SystemExit as end:
        return int(end.code or 0)
    except Exception:  # noqa: BLE001 - told as Python tells it, and the nursery's folder stays
        traceback.print_exc()
        return 1
    return 0


def _end(code: int, target: Path) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    target.with_suffix(f".ended-{os.getpid()}").write_text(str(code))
    os._exit(code)


def _act(words: list[str]) -> None:
    if words == ["sync"]:
        asyncio.run(sync_all())
    elif words[0] == "ask":
        asyncio.run(ask(int(words[1]), Path(words[2])))
    else:
        cli(args=words)


class ForcedError(Exception):
    """Raised on order, with whatever stood in the hands of the code around it."""


def _watch(target: Path) -> None:
    passed, raising = target.with_suffix(".passed"), target.with_suffix(".raising")
    told = target.with_suffix(".term")
    raised: set[str] = set()

    def reached(name: str) -> None:
        if passed.exists():
            with passed.open("a") as seen:
                seen.write(f"{name}\n")
        if target.exists() and target.read_text() == name:
            target.unlink()
            os._exit(KILLED)
        if told.exists() and told.read_text() == name:
            told.rename(told.with_suffix(".termed"))
            os.kill(os.getpid(), signal.SIGTERM)
        if name not in raised and raising.exists() and _is_named(name, raising.read_text().split()):
            raised.add(name)
            with raising.with_suffix(".raised").open("a") as seen:
                seen.write(f"{name}\n")
            raise ForcedError(f"forced at {name}: {'; '.join(_held(sys._getframe(2)))}")

    arm(reached)


def _is_named(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name, each) for each in patterns)


def _held(frame: FrameType | None) -> Iterator[str]:
    """Tell the variables of a few callers, and what a request among them carries."""

    def frames() -> Iterator[FrameType]:
        at = frame
        while at is not None:
            yield at
            at = at.f_back

    for each in islice(frames(), DEPTH):
        for name, value in each.f_locals.items():
            yield f"{name}={value!r}"
            if isinstance(value, httpx.Request):
                yield f"{value.url} {value.headers.raw!r} {value.content!r}"


if __name__ == "__main__":
    main()
