"""What running an image needs from around it: an interpreter others may run, a Telegram, a patient caller."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NOBODY = 65534
_READY_LIMIT_S = 60.0


def python_for(version: str) -> str:
    """Return a Python of this version that every user of the machine may run."""
    names = [
        f"/usr/bin/python{version}",
        f"/usr/local/bin/python{version}",
        shutil.which(f"python{version}") or "",
    ]
    for name in filter(None, names):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([name, "-c", "import ensurepip"], check=True, user=_NOBODY, cwd="/", env={})  # noqa: S603 - a path of ours
            return name
    raise SystemExit(
        f"no Python {version} here that another user may run; on Debian: apt-get install python3-venv"
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextlib.contextmanager
def simulated_telegram() -> Iterator[dict[str, str]]:
    """Run the Telegram simulator in its own process and yield what it says of itself."""
    command = [sys.executable, "-m", "simulator.telegram", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own module
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def ask_until_well(url: str, program: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Return the address's first good answer, or its last bad one when time is up."""
    until = time.monotonic() + _READY_LIMIT_S
    status, answer = 0, "no answer"
    while time.monotonic() < until and program.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - a loopback address of ours
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            status, answer = error.code, error.read().decode()
        except (OSError, HTTPException) as error:
            answer = type(error).__name__
        time.sleep(0.1)
    return status, answer
