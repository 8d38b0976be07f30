"""StoreSync as a process: started as a host starts it, or forked from one that has loaded it already."""

import asyncio
import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Protocol

from tests.stage.waiting import until

ROOT = Path(__file__).parents[2]


class Running(Protocol):
    """A process that can be asked, ended, and waited for."""

    pid: int

    def is_running(self) -> bool: ...

    async def end(self, how: signal.Signals, within_s: float = 30.0) -> None: ...

    async def ended(self, within_s: float = 30.0) -> None: ...


class Spawned:
    """Started by `python -m app` with words: `run`, `worker`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    @classmethod
    async def start(cls, environment: Mapping[str, str], log: Path, *words: str) -> "Spawned":
        words = (sys.executable, "-m", "app", *words)
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *words, cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        return cls(process)

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    def is_running(self) -> bool:
        return self._process.returncode is None

    async def end(self, how: signal.Signals, within_s: float = 30.0) -> None:
        if self.is_running():
            self._process.send_signal(how)
        await self.ended(within_s)

    async def ended(self, within_s: float = 30.0) -> None:
        async with asyncio.timeout(within_s):
            await self._process.wait()


class Forked:
    """Forked by a nursery, which reaps it: it is gone when its id is."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def is_running(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def end(self, how: signal.Signals, within_s: float = 30.0) -> None:
        if self.is_running():
            os.kill(self.pid, how)
        await self.ended(within_s)

    async def ended(self, within_s: float = 30.0) -> None:
        async def is_gone() -> bool:
            return not self.is_running()

        await until(is_gone, f"process {self.pid} to end", within_s=within_s)


class Nursery:
    """A process that has loaded StoreSync and forks a new one in a moment: proofs kill hundreds."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._stdin, self._stdout = stdin, stdout

    async def run(
        self, environment: Mapping[str, str], *words: str, typed: str = "", within_s: float = 60.0
    ) -> tuple[int, str, str]:
        """Run one command to its end; return its exit code, what it told and what it complained of."""
        with tempfile.TemporaryDirectory(prefix="storesync-command-") as folder:
            told, complained = Path(folder) / "told", Path(folder) / "complained"
            process = await self.fork(
                environment, told, *words, target=Path(folder) / "target", complaints=complained, typed=typed
            )
            await process.ended(within_s)
            code = (Path(folder) / f"target.ended-{process.pid}").read_text()
            return int(code), told.read_text("utf-8"), complained.read_text("utf-8")

    async def fork(
        self,
        environment: Mapping[str, str],
        log: Path,
        *words: str,
        target: Path,
        broken: str = "",
        complaints: Path | None = None,
        typed: str = "",
    ) -> Forked:
        """Fork one StoreSync with these words; it ends itself at the failpoint named in the file `target`."""
        order = {
            "words": words,
            "environment": dict(environment),
            "log": str(log),
            "target": str(target),
            "broken": broken,
            "complaints": str(complaints or ""),
            "typed": typed,
        }
        self._stdin.write(json.dumps(order).encode() + b"\n")
        self._stdin.flush()
        return Forked(int(await asyncio.to_thread(self._stdout.readline)))


@cache
def shared_nursery() -> Nursery:
    """Return the one for all proofs of this process: it loads for seconds, and keeps nothing from one to the next."""
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.stage.nursery"),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    atexit.register(process.wait)
    atexit.register(process.stdin.close)  # told first, by which it ends
    return Nursery(process.stdin, process.stdout)
