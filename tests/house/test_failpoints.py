"""A proof can end the process around every commit and every call to the outside (`promises.md` R22)."""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.house.tree import ROOMS, ROOT, python_files, tree_of

OURS = ROOMS[:-1]
"""Every room but the simulator, which has effects of its own kind."""

OUTSIDE = {"handle_async_request", "request"}
"""What a client or a transport is asked, where something leaves the house."""
CLIENTS = {"_transport", "_client", "client", "transport", "session", "_session"}
COMMITS = {"commit", "begin"}
DATABASES = {"connection", "engine", "_writing", "_engine"}

EXEMPT = {
    "adapters/kit/transport.py": "is what stands between the failpoints of its callers",
    "app/doctor.py": "looks, and changes nothing anywhere",
    "storage/moving.py": "reads a file in that transaction; the target is written through Database.write",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    """Yield the innermost functions of our rooms with their files."""
    for path in python_files(*OURS):
        name = str(path.relative_to(ROOT))
        if name not in EXEMPT:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, Function):
                    yield name, node


def calls(of: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(of) if isinstance(node, ast.Call))


def called(call: ast.Call) -> tuple[str, str]:
    """Return (what the method belongs to, its name); a plain function belongs to nothing."""
    match call.func:
        case ast.Attribute(value=ast.Attribute(attr=owner), attr=name):
            return owner, name
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return owner, name
        case ast.Name(id=name):
            return "", name
    return "", ""


def lines_of_failpoints(function: Function) -> list[int]:
    return [call.lineno for call in calls(function) if called(call) == ("", "failpoint")]


def unguarded(owners: set[str], names: set[str]) -> list[str]:
    """Return where such a call stands with no failpoint before or none after it in its function."""
    found = []
    for path, function in functions():
        points = lines_of_failpoints(function)
        for call in calls(function):
            owner, name = called(call)
            if owner not in owners or name not in names:
                continue
            is_before = any(line <= call.lineno for line in points)
            is_after = any(line >= (call.end_lineno or 0) for line in points)
            needs_before = names is OUTSIDE  # a transaction opens with nothing to lose
            if not is_after or (needs_before and not is_before):
                found.append(f"{path}:{call.lineno} {owner}.{name}")
    return found


def test_every_call_to_the_outside_stands_between_failpoints() -> None:
    assert unguarded(CLIENTS, OUTSIDE) == []


def test_every_transaction_of_our_own_ends_at_a_failpoint() -> None:
    reads = {"storage/sqlite.py", "storage/postgresql.py"}
    bare = [at for at in unguarded(DATABASES, COMMITS) if at.partition(":")[0] not in reads]
    assert bare == []
    for path in reads:  # where all other transactions end
        text = (ROOT / path).read_text("utf-8")
        assert ":before_commit" in text
        assert ":committed" in text


def names_of_writes() -> Iterator[tuple[str, str]]:
    """Yield (name, place) of every `Database.write`."""
    for path in python_files(*OURS):
        for call in calls(tree_of(path)):
            owner, name = called(call)
            if name != "write" or owner not in {"_db", "db", "database", "_database", "target"}:
                continue
            at = f"{path.relative_to(ROOT)}:{call.lineno}"
            given = call.args[1] if len(call.args) == 2 else None
            is_named = isinstance(given, ast.Constant | ast.JoinedStr)
            yield (ast.unparse(given) if given is not None and is_named else ""), at


def test_every_write_has_a_name_of_its_own() -> None:
    """A proof that kills at a name must know which place it kills at."""
    writes = list(names_of_writes())
    assert len(writes) > 40, "this test looks at nothing"
    assert [at for name, at in writes if not name] == []

    times = Counter(name for name, _ in writes)
    assert sorted(f"{name} {at}" for name, at in writes if times[name] > 1) == []


def test_every_failpoint_has_a_name_of_its_own() -> None:
    names = Counter(
        ast.unparse(call.args[0])
        for path in python_files(*OURS)
        for call in calls(tree_of(path))
        if called(call) == ("", "failpoint")
    )
    engines = {"f'{name}:before_commit'", "f'{name}:committed'"}  # one for each database
    assert [name for name, times in names.items() if times > 1 and name not in engines] == []
