"""The fields of the reference's answers, by path, with their types; and how an answer differs from them."""

from typing import Any

from tests.simulator.tiktok_shop.wire import fixture


def shape_of(name: str) -> dict[str, set[str]]:
    """Return the paths of every good answer in a file of the reference."""
    found: dict[str, set[str]] = {}
    for response in fixture(name)["responses"].values():
        if "body" in response and response["body"]["code"] == 0:
            _walk(response["body"]["data"], "", found)
    return found


def _walk(value: Any, path: str, into: dict[str, set[str]]) -> None:
    if isinstance(value, dict):
        for name, each in value.items():
            _walk(each, f"{path}.{name}" if path else name, into)
    elif isinstance(value, list):
        into.setdefault(path, set()).add("list")
        for each in value:
            _walk(each, f"{path}[]", into)
    else:
        into.setdefault(path, set()).add(type(value).__name__)


def differences(data: Any, name: str, *, beside: tuple[str, ...] = ()) -> list[str]:
    """Return what an answer has that the reference has not, or of another type.

    `beside` are fields that the reference names in its text and not in its samples.
    """
    documented = shape_of(name)
    found: dict[str, set[str]] = {}
    _walk(data, "", found)
    return [
        f"{path}: {sorted(types)}"
        for path, types in found.items()
        if not types <= documented.get(path, set()) and not path.endswith(beside)
    ]


def missing(data: Any, name: str, *, but: tuple[str, ...] = ()) -> list[str]:
    """Return what the reference's answers always have and this one has not."""
    found: dict[str, set[str]] = {}
    _walk(data, "", found)
    return [path for path in shape_of(name) if path not in found and not path.endswith(but)]
