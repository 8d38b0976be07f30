"""Make adapters/lazada/shapes.json from the platform reference's sample payloads.

Usage: python tools/lazada_shapes.py REFERENCE_FOLDER > adapters/lazada/shapes.json
"""  # noqa: INP001 - a script that is run by its path, not a package

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "list", dict: "object"}
LOOSE = {"integer", "number", "string", "boolean"}
"""Ids, money and flags are texts here and numbers there: the documents say so, and that both are to be read."""
FREE = (".saleProp", ".attributes")
"""What stands below is named by a category or by the seller."""
MOST_VARIATIONS = 4
IN_WORDS = {
    "orders_items_get_response": {
        "data[].order_items[].cancel_trigger_time": "integer|string",
        "data[].order_items[].reverse_order_id": "integer|string",
    },
    "order_items_get_response": {
        "data[].cancel_trigger_time": "integer|string",
        "data[].reverse_order_id": "integer|string",
    },
    "warehouse_get_response": {"result.error_code": "string"},
}
"""Fields that are null in a sample, and described in the text."""


def walk(value: Any, path: str, into: dict[str, set[str]]) -> None:
    if value is None:
        return
    kind = TYPES[type(value)]
    into[path] |= LOOSE if kind in LOOSE else {kind}
    if isinstance(value, dict):
        if path.endswith(FREE):
            into[f"{path}.*"] |= LOOSE | {"list", "object"}
        for name, each in value.items():
            walk(each, f"{path}.{name}" if path else name, into)
    elif isinstance(value, list):
        for each in value:
            walk(each, f"{path}[]", into)


def main() -> None:
    calls: dict[str, dict[str, str]] = {}
    for file in sorted(Path(sys.argv[1]).glob("*_response.json")):
        found: dict[str, set[str]] = defaultdict(set)
        for name, value in json.loads(file.read_text(encoding="utf-8")).items():
            walk(value, name, found)
        for path in [each for each in found if ".Variation1" in each]:
            for number in range(2, MOST_VARIATIONS + 1):
                found[path.replace(".Variation1", f".Variation{number}")] = found[path]
        shape = {path: "|".join(sorted(kinds)) for path, kinds in sorted(found.items())}
        calls[file.stem] = shape | IN_WORDS.get(file.stem, {})
    json.dump({"calls": calls}, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
