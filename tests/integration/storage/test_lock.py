"""One StoreSync per SQLite file, and no lock that outlives its process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from storage.lock import InstanceLock

HOLD = """
import sys
from pathlib import Path
from storage.lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start a process that holds the lock on tmp_path/storesync.db."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "storesync.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_instance_is_refused_and_told_who_runs(
    holder: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        InstanceLock(tmp_path / "storesync.db").acquire()
    assert f"process {holder.pid}" in str(refused.value)
    assert str(tmp_path / "storesync.db") in str(refused.value)


def test_a_killed_process_leaves_no_lock(holder: "subprocess.Popen[str]", tmp_path: Path) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait(10)
    with InstanceLock(tmp_path / "storesync.db"):
        pass


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path / "a.db"), InstanceLock(tmp_path / "a.db")
    with first, pytest.raises(ConfigurationError):
        second.acquire()
    with second, InstanceLock(tmp_path / "b.db"):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        InstanceLock(tmp_path / "nowhere" / "a.db").acquire()
