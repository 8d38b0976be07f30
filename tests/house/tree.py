"""Our own tree, read as text: which files there are and what stands in them."""

import ast
import gc
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "bot", "web", "jobs", "services", "storage", "adapters", "domain", "simulator")
BESIDE = ("tests", "bench", "scripts")


@cache
def python_files(*rooms: str) -> tuple[Path, ...]:
    """Return the rooms' modules, migrations aside: those are written once, by a tool."""
    for room in rooms:
        assert any((ROOT / room).rglob("*.py")), f"{room} has no modules: this test would look at nothing"
    return tuple(
        path
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    )


@cache
def tree_of(path: Path) -> ast.Module:
    gc.disable()  # a tree is all to be kept: looking through it for rubbish takes longer than reading it
    try:
        return ast.parse(path.read_text("utf-8"), str(path))
    finally:
        gc.enable()


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a module, walked once: many tests look at each."""
    return tuple(ast.walk(tree_of(path)))


def nodes(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield every syntax node of the rooms with its address, `path:line`."""
    for path in python_files(*rooms):
        name = here(path)
        for node in nodes_of(path):
            yield f"{name}:{getattr(node, 'lineno', 1)}", node


@cache
def project_files() -> tuple[Path, ...]:
    """Return the files that are, or would be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    assert paths
    return tuple(path for path in paths if path.is_file())


@cache
def text_of(path: Path) -> str | None:
    """Return a file's text, or nothing for pictures and fonts."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def here(path: Path) -> str:
    return str(path.relative_to(ROOT))
