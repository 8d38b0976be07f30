"""Make adapters/shopee/shapes.json from the platform reference: a catalogue of fields, and sample payloads.

Usage: python tools/shopee_shapes.py REFERENCE_FOLDER > adapters/shopee/shapes.json

The file holds facts only: of each call that `storesync probe shopee` makes, every field of its answer by
path with the JSON types it may have. Catalogue and samples may disagree; then both types stand there.
The reference itself is not kept here; the digest of what was read is.
"""  # noqa: INP001 - a script that is run by its path, not a package

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CALLS = (
    *("public.get_shops_by_partner", "public.get_shopee_ip_ranges", "push.get_app_push_config"),
    *("shop.get_shop_info", "shop.get_profile"),
    *("product.get_item_list", "product.get_item_base_info", "product.get_model_list"),
    "product.get_item_promotion",
    *(
        "order.get_order_list",
        "order.get_order_detail",
        "order.get_shipment_list",
        "order.get_package_detail",
    ),
    *("logistics.get_channel_list", "logistics.get_address_list", "logistics.get_shipping_parameter"),
    "logistics.get_tracking_info",
)
WHOLE = frozenset({"int", "int32", "int64", "uint64", "timestamp"})


def declared(fields: list[dict[str, Any]], at: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and type of every field of the catalogue."""
    for field in fields:
        path, kind = f"{at}{field['name']}", field["type"]
        if kind.endswith("[]"):
            yield path, "list"
            path, kind = f"{path}[]", kind.removesuffix("[]")
        if kind in WHOLE:
            kind = "integer"
        yield path, "number" if kind == "float" else kind
        yield from declared(field.get("children", []), f"{path}.")


def shown(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and type of everything in a sample; nothing is said of what is null."""
    if value is None:
        return
    if isinstance(value, dict):
        if path:
            yield path, "object"
        for name, each in value.items():
            yield from shown(each, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, list):
        yield path, "list"
        for each in value:
            yield from shown(each, f"{path}[]")
    elif isinstance(value, bool):
        yield path, "boolean"
    else:
        yield path, {int: "integer", float: "number", str: "string"}[type(value)]


def shapes_of(folder: Path, digest: Any) -> dict[str, dict[str, str]]:
    raw = (folder / "_catalog.json").read_bytes()
    digest.update(raw)
    catalogue = json.loads(raw)["apis"]
    shapes = {}
    for name in CALLS:
        entry = catalogue[f"v2.{name}"]
        found: dict[str, set[str]] = {}
        for path, kind in declared(entry["response"]):
            found.setdefault(path, set()).add(kind)
        for path, kind in samples(folder / f"{name.replace('.', '_', 1)}.json", digest):
            found.setdefault(path, set()).add(kind)
        for kinds in found.values():
            if "number" in kinds:
                kinds.discard("integer")
        shapes[entry["path"]] = {path: "|".join(sorted(kinds)) for path, kinds in sorted(found.items())}
    return shapes


def samples(path: Path, digest: Any) -> Iterator[tuple[str, str]]:
    if not path.exists():
        return
    raw = path.read_bytes()
    digest.update(raw)
    for response in json.loads(raw)["responses"]:
        if isinstance(response.get("body"), dict) and not response["body"].get("error"):
            yield from shown(response["body"], "")


def write_shapes(folder: Path) -> str:
    digest = hashlib.sha256()
    shapes = shapes_of(folder, digest)
    calls = ",\n".join(
        f" {json.dumps(call)}: {{\n"
        + ",\n".join(f"  {json.dumps(path)}: {json.dumps(kind)}" for path, kind in fields.items())
        + "\n }"
        for call, fields in shapes.items()
    )
    return f'{{\n "reference_sha256": "{digest.hexdigest()}",\n "calls": {{\n{calls}\n }}\n}}\n'


if __name__ == "__main__":
    sys.stdout.write(write_shapes(Path(sys.argv[1])))
