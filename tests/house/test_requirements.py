"""The check of our pins finds what it is there to find."""

import tomllib

import pytest

from scripts.check_requirements import problems
from tests.house.tree import ROOT

HASH = " \\\n    --hash=sha256:00\n"
PROJECT = {"project": {"dependencies": ["httpx>=0.28,<0.29"]}, "dependency-groups": {"dev": ["pytest>=8"]}}
RUNTIME = f"httpx==0.28.1{HASH}"
DEV = f"{RUNTIME}pytest==9.0{HASH}"


def test_matching_pins_are_fine() -> None:
    assert problems(PROJECT, RUNTIME, DEV) == []


@pytest.mark.parametrize(
    ("runtime", "dev", "said"),
    [
        ("", f"pytest==9.0{HASH}", ["httpx<0.29,>=0.28 has no pin in runtime.txt"]),
        (RUNTIME, RUNTIME, ["pytest>=8 has no pin in dev.txt"]),
        (
            RUNTIME.replace("0.28.1", "0.27.0"),
            DEV.replace("0.28.1", "0.27.0"),
            ["httpx<0.29,>=0.28 is not met by 0.27.0 in runtime.txt"],
        ),
        (RUNTIME, DEV.replace("0.28.1", "0.28.0"), ["httpx is 0.28.1 in runtime.txt and 0.28.0 in dev.txt"]),
        (RUNTIME, f"{RUNTIME}pytest==9.0\n", ["pytest has no hash in dev.txt"]),
    ],
)
def test_each_difference_is_told(runtime: str, dev: str, said: list[str]) -> None:
    assert problems(PROJECT, runtime, dev) == said


def test_our_own_pins_match() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    texts = [(ROOT / "requirements" / name).read_text("utf-8") for name in ("runtime.txt", "dev.txt")]
    assert problems(project, *texts) == []
