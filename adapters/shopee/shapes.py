"""Shopee's answers as documented: every field of the calls we live by, with its types (`shapes.json`)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from adapters.kit.shapes import Shape

_FILE = Path(__file__).with_name("shapes.json")


@cache
def by_path() -> Mapping[str, Shape]:
    calls: dict[str, Shape] = msgspec.json.decode(_FILE.read_bytes())["calls"]
    return calls


def by_operation() -> dict[str, Shape]:
    return {path.rpartition("/")[2]: shape for path, shape in by_path().items()}
