"""The Dockerfile builds a working StoreSync, and nothing slips into it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.dockerfile import Step, command_of, copied, steps_of
from tests.house.tree import ROOT


def test_continued_lines_and_comments_are_read_as_docker_reads_them() -> None:
    text = '# one\nFROM python:3.11-slim\nRUN first \\\n    # not a step\n    && second\nCMD ["a", "b"]\n'
    assert steps_of(text) == [
        Step("FROM", "python:3.11-slim"),
        Step("RUN", "first      && second"),
        Step("CMD", '["a", "b"]'),
    ]
    assert command_of('--interval=5s CMD ["a", "b"]') == ["a", "b"]


def test_step_that_cannot_be_run_is_refused() -> None:
    with pytest.raises(ValueError, match="ADD"):
        steps_of("FROM python:3.11-slim\nADD x y")


@pytest.mark.parametrize(
    "name", [".env", "storesync.db", ".git/config", "tests/x.py", "app/.env", "simulator/serve.py"]
)
def test_secret_or_foreign_file_stays_out_of_the_image(tmp_path: Path, name: str) -> None:
    for each in (name, "app/__main__.py", "requirements/runtime.txt", "requirements/dev.txt"):
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).touch()
    taken = {str(path) for path in copied(tmp_path, ".", (ROOT / ".dockerignore").read_text("utf-8"))}
    assert taken == {"app/__main__.py", "requirements/runtime.txt"}


@pytest.mark.timeout(1200)
def test_image_answers_as_another_user_from_an_empty_folder() -> None:
    command = [sys.executable, "-m", "scripts.run_dockerfile"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if os.geteuid() != 0:
        assert "needs root" in done.stderr
        return
    assert done.returncode == 0, done.stderr + done.stdout
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["healthz"] == 200
    assert report["user"] == 10001
    assert report["simulator_inside"] is False
