"""Habits a reader relies on: aware times, settings read in one place, honest tests, no trace of a machine."""

import ast
import re

import pytest

from tests.house.tree import ROOMS, here, nodes, project_files, text_of

NAIVE = {"utcnow", "utcfromtimestamp", "today"}
NEEDS_A_ZONE = {"now": 0, "fromtimestamp": 1}
"""Calls of `datetime` that answer with a naive time unless given one more argument."""


def is_naive_time(node: ast.AST) -> bool:
    """Tell whether this is a call on `datetime` or `date` that knows no time zone."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=call), args=args, keywords=keywords):
            of = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if of not in {"datetime", "date"}:
                return False
            return call in NAIVE or (call in NEEDS_A_ZONE and len(args) + len(keywords) <= NEEDS_A_ZONE[call])
    return False


@pytest.mark.parametrize(
    ("code", "naive"),
    [
        ("datetime.now()", True),
        ("datetime.datetime.now()", True),
        ("datetime.utcnow()", True),
        ("date.today()", True),
        ("datetime.fromtimestamp(1)", True),
        ("datetime.now(UTC)", False),
        ("datetime.fromtimestamp(1, tz=UTC)", False),
        ("clock.now()", False),
    ],
)
def test_naive_times_are_recognised(code: str, naive: bool) -> None:  # noqa: FBT001 - a column of the table above
    assert is_naive_time(ast.parse(code, mode="eval").body) is naive


def test_every_time_knows_its_zone() -> None:
    assert not [at for at, node in nodes(*ROOMS, "tests", "bench") if is_naive_time(node)]


def reads_environment(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "environb" | "getenv"):
            return True
        case ast.ImportFrom(module="os", names=names):
            return any(name.name in {"environ", "environb", "getenv"} for name in names)
    return False


def test_only_settings_read_the_environment() -> None:
    readers = {at for at, node in nodes(*ROOMS) if reads_environment(node)}
    assert not {at for at in readers if not at.startswith("app/settings.py:")}


def test_no_promise_stands_in_place_of_code() -> None:
    promise = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        here(path)
        for path in project_files()
        if path.suffix == ".py" and path.name != "test_habits.py" and promise.search(text_of(path) or "")
    ]
    assert not found


def test_no_test_is_skipped_or_sleeps_for_luck() -> None:
    weak = re.compile(
        r"pytest\.(?:skip|xfail|importorskip)\(|mark\.(?:skip|xfail)|\btime\.sleep\(|^\s*assert True\b",
        re.MULTILINE,
    )
    found = [
        here(path)
        for path in project_files()
        if here(path).startswith("tests/")
        and path.name != "test_habits.py"
        and weak.search(text_of(path) or "")
    ]
    assert not found


MACHINES = [re.escape(f"/{name}/") for name in ("work", "root", "farm", "opt/pypi", "opt/wheels")]
REGISTRIES = [re.escape(f"{name}.{top}") for name, top in (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("ghcr", "io"), ("quay", "io"),
    ("docker", "io"), ("deb.debian", "org"),
)]  # fmt: skip


@pytest.mark.parametrize("foreign", MACHINES + REGISTRIES)
def test_no_machine_and_no_registry_is_named(foreign: str) -> None:
    found = [
        here(path) for path in project_files() if re.search(rf"(?<![\w.]){foreign}", text_of(path) or "")
    ]
    assert not found
