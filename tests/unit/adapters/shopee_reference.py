"""What the reference says of each call that we make, and a check of a request against it.

Fields, types and required flags are the catalogue's (`tests/fixtures/shopee/catalog.json`); limits and
words are from the reference's text. Nothing here is taken from the adapter.
"""

import hmac
import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Any

import httpx

from tests.unit.adapters.shopee_samples import PARTNER_KEY, sample

CATALOG = {entry["path"]: entry for entry in sample("catalog")["apis"].values()}

COMMON = {
    "public": ["partner_id", "timestamp", "sign"],
    "shop": ["partner_id", "timestamp", "sign", "access_token", "shop_id"],
}

EXACTLY_ONE = {
    "/api/v2/auth/token/get": ("shop_id", "main_account_id"),
    "/api/v2/auth/access_token/get": ("shop_id", "merchant_id", "supplier_id", "user_id", "principal_id"),
}
BY_BOTH = {"/api/v2/payment/get_escrow_detail_batch": "POST"}
"""Where the reference and clients in the field differ (section 20)."""
LONGEST = {
    "item_id_list": 50,
    "order_sn_list": 50,
    "price_list": 50,
    "stock_list": 50,
    "package_list": 50,
    "order_list": 50,
    "item_list": 50,
    "comment_list": 100,
    "partial_cancel_item_list": 50,
}
MAY_BE_EMPTY = {"note"}
"""Texts whose emptiness means something; any other is left out rather than sent empty."""
EMPTY_AT_FIRST = {"cursor"}
"""Where they are required, and there is nothing to say yet."""

ONE_WAY = ("pickup", "dropoff", "non_integrated")
WORDS = {
    "item_status": {"NORMAL", "BANNED", "UNLIST", "REVIEWING", "SELLER_DELETE", "SHOPEE_DELETE"},
    "time_range_field": {"create_time", "update_time"},
    "response_optional_fields": {
        "buyer_user_id",
        "buyer_username",
        "estimated_shipping_fee",
        "recipient_address",
        "actual_shipping_fee",
        "goods_to_declare",
        "note",
        "note_update_time",
        "item_list",
        "pay_time",
        "dropshipper",
        "dropshipper_phone",
        "split_up",
        "buyer_cancel_reason",
        "cancel_by",
        "cancel_reason",
        "actual_shipping_fee_confirmed",
        "buyer_cpf_id",
        "fulfillment_flag",
        "pickup_done_time",
        "package_list",
        "shipping_carrier",
        "payment_method",
        "total_amount",
        "invoice_data",
        "order_chargeable_weight_gram",
        "return_request_due_date",
        "edt",
        "payment_info",
        "international_label",
        "order_status",
    },
}
FIFTEEN_DAYS_S = 15 * 86400


def violations(request: httpx.Request) -> list[str]:
    """Return everything the reference has against this request."""
    entry = CATALOG.get(request.url.path)
    if entry is None:
        return ["unknown path"]
    if request.method not in {entry["method"], BY_BOTH.get(request.url.path)}:
        return [f"{request.method} instead of {entry['method']}"]
    query = request.url.params.multi_items()
    found = list(_common(request, entry["scope"]))
    business = [(name, value) for name, value in query if name not in COMMON[entry["scope"]]]
    if request.method == "GET":
        found += [f"body with {entry['path']}"] if request.content else []
        found += _fields(entry["request"], _collected(business), _fits_text)
    else:
        found += [f"{name} in the query" for name, _ in business]
        has_file = any(field["type"] == "file" for field in entry["request"])
        wanted = "multipart/form-data" if has_file else "application/json"
        if not request.headers.get("content-type", "").startswith(wanted):
            found.append("content type")
        found += _fields(entry["request"], _body(request), _fits_json)
    return found or list(_limits(request, _collected(business), entry["path"]))


def _body(request: httpx.Request) -> dict[str, Any]:
    """Read a body: JSON, or the fields of a form, files as their bytes."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        read: dict[str, Any] = json.loads(request.content) if request.content else {}
        return read
    form = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.content)
    return {
        str(part.get_param("name", header="content-disposition")): _content(part)
        for part in form.walk()
        if not part.is_multipart()
    }


def _content(part: Message) -> Any:
    content = part.get_payload(decode=True)
    return content if part.get_filename() else bytes(content).decode()


def _common(request: httpx.Request, scope: str) -> Iterator[str]:
    params = request.url.params
    for name in COMMON[scope]:
        if len(params.get_list(name)) != 1:
            yield f"{name} should be there once"
    base = params["partner_id"] + request.url.path + params["timestamp"]
    if scope == "shop":
        base += params.get("access_token", "") + params.get("shop_id", "")
    if hmac.new(PARTNER_KEY.encode(), base.encode(), sha256).hexdigest() != params.get("sign"):
        yield "wrong sign"
    for name in ("partner_id", "timestamp", "shop_id"):
        if name in params and not params[name].isdecimal():
            yield f"{name} is no integer"


def _collected(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    names = dict.fromkeys(name for name, _ in pairs)
    return {name: [value for key, value in pairs if key == name] for name in names}


def _fields(fields: list[dict[str, Any]], given: dict[str, Any], fits: Any) -> Iterator[str]:
    known = {field["name"]: field for field in fields}
    for name in given.keys() - known.keys():
        yield f"unknown field {name}"
    for name, field in known.items():
        if name not in given:
            if field["required"]:
                yield f"{name} is required"
        elif _may_be_empty(field) and given[name] in ("", [""]):
            continue
        elif not fits(field, given[name]):
            yield f"{name} is no {field['type']}"
        elif field["type"] in {"object", "object[]"}:
            for row in given[name] if field["type"] == "object[]" else [given[name]]:
                yield from _fields(field["children"], row, fits)


def _may_be_empty(field: dict[str, Any]) -> bool:
    return field["name"] in MAY_BE_EMPTY or (field["required"] and field["name"] in EMPTY_AT_FIRST)


def _fits_text(field: dict[str, Any], values: list[str]) -> bool:
    kind = field["type"]
    if kind.endswith("[]"):
        values = [part for value in values for part in value.split(",")]
    elif len(values) != 1:
        return False
    pattern = {
        "int": r"\d+",
        "int32": r"\d+",
        "uint64": r"\d+",
        "float": r"\d+(\.\d+)?",
        "int64": r"\d+",
        "timestamp": r"\d{10}",
        "boolean": "true|false",
        "string": ".+",
    }[kind.removesuffix("[]")]
    return all(re.fullmatch(pattern, value) for value in values)


def _fits_json(field: dict[str, Any], value: Any) -> bool:
    kind = field["type"]
    if kind.endswith("[]"):
        one = {"type": kind.removesuffix("[]")}
        return isinstance(value, list) and all(_fits_json(one, each) for each in value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    fits = {
        "string": isinstance(value, str) and value != "",
        "int": is_number and 0 <= value < 2**63,
        "int32": is_number and 0 <= value < 2**63,  # ids of items are larger than the int32 they are called
        "int64": is_number and 0 <= value < 2**63,
        "timestamp": is_number and 0 <= value < 2**63,
        "float": is_number or isinstance(value, float),
        "boolean": isinstance(value, bool),
        "object": isinstance(value, dict),
        "file": isinstance(value, bytes) and len(value) > 0,
    }
    return fits.get(kind, False)


def _limits(request: httpx.Request, query: dict[str, Any], path: str) -> Iterator[str]:
    body = _body(request)
    for name, longest in LONGEST.items():
        rows = body.get(name) or ",".join(query.get(name, ())).split(",")
        if name in body | query and not 1 <= len(rows) <= longest:
            yield f"{name} has {len(rows)} entries"
    if path in EXACTLY_ONE and sum(name in body for name in EXACTLY_ONE[path]) != 1:
        yield f"exactly one of {EXACTLY_ONE[path]}"
    if path.endswith(("/ship_order", "/mass_ship_order")):
        chosen = [way for way in ONE_WAY if way in body]
        if len(chosen) != 1:
            yield f"exactly one of {ONE_WAY}, not {chosen}"
    if "page_size" in query and not 1 <= int(query["page_size"][0]) <= 100:
        yield "page_size out of range"
    for name, words in WORDS.items():
        given = {part for value in query.get(name, ()) for part in value.split(",")}
        if given - words:
            yield f"{name}: {given - words}"
    yield from _windows(query)
    for row in body.get("image_list", ()):
        if not 1 <= len(row["image_url"]) <= 3:
            yield "image_url out of range"


def _windows(query: dict[str, Any]) -> Iterator[str]:
    for start, end in (("time_from", "time_to"), ("update_time_from", "update_time_to")):
        if end in query:
            span = int(query[end][0]) - int(query[start][0])
            least = 1 if end == "time_to" else 0
            if not least <= span <= FIFTEEN_DAYS_S:
                yield f"window of {span} s"
