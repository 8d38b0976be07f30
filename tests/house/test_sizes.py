"""A file is split by noun before it is too long to read, and so is a function."""

import ast

from tests.house.tree import BESIDE, ROOMS, here, nodes, python_files

LINES, LINES_OF_TESTS = 400, 500
FUNCTION, HANDLER = 50, 20


def test_no_file_is_too_long() -> None:
    limits = dict.fromkeys(python_files(*ROOMS, "bench", "scripts"), LINES)
    limits |= dict.fromkeys(python_files("tests"), LINES_OF_TESTS)
    long = [
        f"{here(path)}: {lines} lines"
        for path, limit in limits.items()
        if (lines := len(path.read_text("utf-8").splitlines())) > limit
    ]
    assert not long


def test_no_function_is_too_long() -> None:
    long = [
        f"{at} {node.name}: {lines} lines"
        for at, node in nodes(*ROOMS, *BESIDE)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := _length(node)) > (HANDLER if at.startswith("bot/handlers/") else FUNCTION)
    ]
    assert not long


def test_handlers_are_looked_at() -> None:
    assert len(python_files("bot/handlers")) > 1


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
