"""Comparing an answer with the reference: with a sample payload, and with a table of names and types."""

from typing import Any

from tests.simulator.shopee.wire import Json

NULLABLE = {"merchant_id", "pay_time", "dropshipper", "dropshipper_phone", "buyer_cpf_id", "invoice_data",
            "group_shipment_id"}  # fmt: skip
ODD_ON_THE_WIRE = {"item_list.product_location_id": list}
"""The reference's table says string, its sample shows a list (section 20)."""


def lacking(reference: Any, ours: Any, where: str = "") -> list[str]:
    """List what the reference's sample has and ours lacks or types otherwise; the first row stands for a list."""
    if isinstance(reference, dict):
        if not isinstance(ours, dict):
            return [f"{where} is {type(ours).__name__}"]
        gone = [f"{where}.{name} is missing" for name in reference if name not in ours]
        shared = [name for name in reference if name in ours]
        return gone + [
            fault for name in shared for fault in lacking(reference[name], ours[name], f"{where}.{name}")
        ]
    if isinstance(reference, list):
        if not isinstance(ours, list):
            return [f"{where} is {type(ours).__name__}"]
        return lacking(reference[0], ours[0], f"{where}[]") if reference and ours else []
    if reference is None or ours is None:
        return []
    kinds = (
        (int, float)
        if isinstance(reference, int | float) and not isinstance(reference, bool)
        else type(reference)
    )
    return [] if isinstance(ours, kinds) else [f"{where} is {type(ours).__name__}"]


def _is_of(kind: str, value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind in {"int", "int32", "int64", "uint64", "timestamp"}:
        return type(value) is int
    if kind == "float":
        return is_number
    if kind == "boolean":
        return isinstance(value, bool)
    return isinstance(value, str)


def wrongly_typed(declared: Json, ours: Json, where: str = "") -> list[str]:
    """List what ours sends that the field table does not know or types otherwise."""
    faults: list[str] = []
    for name, value in ours.items():
        path = f"{where}.{name}".removeprefix(".")
        entry = declared.get(name)
        if entry is None:
            faults.append(f"{path} is not in the table")
        elif value is None:
            faults += [] if name in NULLABLE else [f"{path} is null"]
        elif any(path.endswith(odd) and isinstance(value, kind) for odd, kind in ODD_ON_THE_WIRE.items()):
            continue
        else:
            faults += _against(entry, value, path)
    return faults


def _against(entry: Any, value: Any, path: str) -> list[str]:
    kind, children = entry if isinstance(entry, list) else (entry, None)
    values = value if kind.endswith("[]") and isinstance(value, list) else [value]
    if kind.endswith("[]") and not isinstance(value, list):
        return [f"{path} is {type(value).__name__}, not a list"]
    if children is not None:
        return [fault for row in values for fault in wrongly_typed(children, row, path)]
    kind = kind.removesuffix("[]")
    if kind == "object":
        return [] if all(isinstance(row, dict) for row in values) else [f"{path} is no object"]
    return [f"{path} is {row!r}, not {kind}" for row in values if not _is_of(kind, row)]
