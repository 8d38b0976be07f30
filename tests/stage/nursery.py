"""Loads StoreSync once and forks it on demand: one JSON order a line in, the child's process id out.

A child reads at every failpoint which one it shall end at: a file holds its name, or does not exist.
A file beside it lists the failpoints passed, so that a proof can learn what there is to crash at.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import app.demo  # noqa: F401 - loaded here once, for every child
import jobs.procrastinate_queue  # noqa: F401 - loaded here once, for every child
from app.__main__ import cli
from domain.failpoint import arm
from tests.proofs.asking import ask
from tests.proofs.saboteurs import SABOTEURS
from tests.proofs.syncing import sync_all

KILLED = 137


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped at once
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(order)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _live(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(0)
    os.environ.clear()
    os.environ.update(order["environment"])
    _watch(Path(order["target"]))
    if order["broken"]:
        SABOTEURS[order["broken"]]()
    try:
        _act(order["words"])
    except SystemExit as end:
        os._exit(int(end.code or 0))
    os._exit(0)


def _act(words: list[str]) -> None:
    if words == ["sync"]:
        asyncio.run(sync_all())
    elif words[0] == "ask":
        asyncio.run(ask(int(words[1]), Path(words[2])))
    else:
        cli(args=words)


def _watch(target: Path) -> None:
    passed = target.with_suffix(".passed")

    def reached(name: str) -> None:
        if passed.exists():
            with passed.open("a") as seen:
                seen.write(f"{name}\n")
        if target.exists() and target.read_text() == name:
            target.unlink()
            os._exit(KILLED)

    arm(reached)


if __name__ == "__main__":
    main()
