"""Make adapters/tiktok_shop/shapes.json from the platform reference's sample payloads.

Usage: python tools/tiktok_shop_shapes.py REFERENCE_FOLDER > adapters/tiktok_shop/shapes.json
"""  # noqa: INP001 - a script that is run by its path, not a package

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "list", dict: "object"}

IN_WORDS = {
    "order-search": {
        **dict.fromkeys(
            (
                "rts_time",
                "collection_time",
                "delivery_time",
                "cancel_time",
                "request_cancel_time",
                "paid_time",
            ),
            "integer",
        ),
        **dict.fromkeys(
            ("delivery_sla_time", "collection_due_time", "delivery_due_time", "recommended_shipping_time"),
            "integer",
        ),
        "fulfillment_priority_level": "integer",
        "split_or_combine_tag": "string",
        "replaced_order_id": "string",
        "exchange_source_order_id": "string",
        "is_subscription_order": "boolean",
        "cancel_reason": "string",
        "cancellation_initiator": "string",
    },
}
"""Fields of an order that the reference names in its text and not in every sample."""


def walk(value: Any, path: str, into: dict[str, set[str]]) -> None:
    if value is None:
        return
    into[path].add(TYPES[type(value)])
    if isinstance(value, dict):
        for name, each in value.items():
            walk(each, f"{path}.{name}" if path else name, into)
    elif isinstance(value, list):
        for each in value:
            walk(each, f"{path}[]", into)


def shape(content: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for response in content["responses"].values():
        for name, value in response.get("body", {}).items():
            walk(value, name, found)
    return found


def main() -> None:
    calls: dict[str, dict[str, str]] = {}
    for file in sorted(Path(sys.argv[1]).glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        if "responses" not in content or "path" not in content.get("request", {}):
            continue
        found = shape(content)
        if file.stem in {"order-search", "order-get-detail"}:
            for name, kind in IN_WORDS["order-search"].items():
                found[f"data.orders[].{name}"].add(kind)
            found["data.orders[].line_items[].cancel_user"].add("string")
            found["data.orders[].line_items[].cancel_reason"].add("string")
        method = content["request"]["method"]
        key = f"{method} {file.stem}"
        calls[key] = {path: "|".join(sorted(kinds)) for path, kinds in sorted(found.items())}
    json.dump({"calls": calls}, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
