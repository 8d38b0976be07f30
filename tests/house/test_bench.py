"""What the benchmarks print can be believed: `ok` follows from the printed figures and from nothing else."""

import ast
import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bench import __main__ as command
from bench.baselines.imports import MODULES
from bench.figures import Figure
from bench.rounds import in_turns
from bench.runner import Bench, run
from bench.scale import Scale
from tests.house.tree import ROOMS, ROOT, here, python_files, tree_of

LOADED_ON_DEMAND = {"jobs/procrastinate_queue.py", "app/demo.py"}
"""Modules of ours that an installation on SQLite never imports."""


def bench_of(*figures: Figure) -> Bench:
    async def measure(_: Scale) -> AsyncIterator[Figure]:
        for figure in figures:
            yield figure

    return measure


async def broken(_: Scale) -> AsyncIterator[Figure]:
    yield Figure("first", ">= 1", [1.0] * 5)
    raise RuntimeError("the stand-in did not start")


def printed(benches: dict[str, Bench], names: Sequence[str] = ()) -> tuple[int, list[dict[str, object]]]:
    lines: list[str] = []
    failed = run(benches, names, Scale(), lines.append)
    return failed, [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("aim", "ratios", "ratio", "spread", "ok"),
    [
        (">= 0.5", [0.5, 0.4, 0.6, 0.5, 0.55], 0.5, 0.4, True),
        (">= 0.5", [0.4, 0.9, 0.3, 0.9, 0.49], 0.49, 1.224, False),
        ("<= 1.5", [1.5, 1.4, 1.6, 1.5, 9.0], 1.5, 5.067, True),
        ("<= 1.5", [1.0, 1.6, 1.6, 1.6, 1.0], 1.6, 0.375, False),
        ("<= 1", [1.0004, 1.0004, 1.0004, 1.0004, 1.0004], 1.0, 0.0, True),
        (">= 8", [7.9994, 7.9994, 7.9994, 7.9994, 7.9994], 7.999, 0.0, False),
        ("<= 1.3", [1.2, 1.2, 1.4, 1.2, 1.4, 1.2], 1.2, 0.167, True),
    ],
)
def test_ok_follows_from_the_printed_ratio_and_aim(
    aim: str,
    ratios: list[float],
    ratio: float,
    spread: float,
    ok: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    _, (line,) = printed({"one": bench_of(Figure("one", aim, ratios))})
    assert line == {"bench": "one", "ratio": ratio, "spread": spread, "aim": aim, "ok": ok}


@pytest.mark.parametrize("claimed", ["ok", "ratio", "aim", "spread", "bench"])
def test_what_is_measured_cannot_be_claimed(claimed: str) -> None:
    with pytest.raises(ValueError, match=claimed):
        Figure("one", ">= 1", [0.1] * 5, {claimed: True})


def test_other_facts_are_printed_beside_the_figure() -> None:
    _, (line,) = printed({"one": bench_of(Figure("one", ">= 1", [0.1] * 5, {"per_s": 12}))})
    assert (line["ok"], line["per_s"]) == (False, 12)


def test_fewer_than_five_rounds_are_no_figure() -> None:
    with pytest.raises(ValueError, match="rounds"):
        Figure("one", ">= 1", [2.0] * 4)


@pytest.mark.parametrize("aim", ["0.5", "> 0.5", ">= much", "", ">= 0.5 or so"])
def test_an_aim_that_cannot_be_read_is_refused(aim: str) -> None:
    with pytest.raises(ValueError, match="aim"):
        Figure("one", aim, [1.0] * 5)


async def test_both_sides_are_measured_in_turns_and_each_goes_first() -> None:
    order: list[str] = []

    async def side(name: str, value: float) -> float:
        await asyncio.sleep(0)
        order.append(name)
        return value

    pairs = await in_turns(lambda: side("ours", 3.0), lambda: side("theirs", 4.0))
    assert [(pair.ours, pair.theirs) for pair in pairs] == [(3.0, 4.0)] * 5
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs", "theirs", "ours", "ours", "theirs"]


def test_a_broken_benchmark_is_told_and_the_others_still_run(capsys: pytest.CaptureFixture[str]) -> None:
    failed, lines = printed({"odd": broken, "even": bench_of(Figure("even", ">= 1", [1.0] * 5))})
    assert failed == 1
    assert [line["bench"] for line in lines] == ["first", "even"]
    told = capsys.readouterr().err
    assert "the stand-in did not start" in told
    assert "odd broke" in told


def test_only_what_is_named_runs() -> None:
    benches = {"odd": broken, "even": bench_of(Figure("even", ">= 1", [1.0] * 5))}
    assert printed(benches, ["even"])[0] == 0


def test_a_name_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(["orders"])
    assert refused.value.code == 2
    assert "there is no orders" in capsys.readouterr().err


def test_the_page_names_every_comparison_with_its_aim() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    told = re.findall(r"^\| `([\w-]+)` \|.*\| `([<>]= [\d.]+)` \|$", page, re.MULTILINE)
    assert dict(told) == command.AIMS
    assert len(told) == len(command.AIMS)


def test_the_imported_dependencies_are_those_we_import() -> None:
    ours = {
        name
        for path in python_files(*ROOMS[:-1])
        if here(path) not in LOADED_ON_DEMAND
        for name in _imports(path)
    }
    assert set(MODULES) == ours
    assert len(MODULES) == len(ours)


def _imports(path: Path) -> set[str]:
    """Return the outside modules that a module of ours imports at its top."""
    found = set()
    for node in tree_of(path).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found |= {name for name in names if name.partition(".")[0] not in {*sys.stdlib_module_names, *ROOMS}}
    return found
