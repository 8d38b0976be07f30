"""Reading what a client sent, in every form the documentation shows and in no other."""

import json
from collections.abc import Mapping
from decimal import Decimal
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from starlette.datastructures import QueryParams

from simulator.shopee.errors import ApiError, bad_field, null_field, unparsable_body, wrong_parameter

INT64 = 2**63


def list_values(query: QueryParams, name: str) -> list[str]:
    """Read a list given with commas, by a repeated key, or in brackets."""
    raw = [*query.getlist(name), *query.getlist(f"{name}[]")]
    values: list[str] = []
    for part in raw:
        inner = part.strip().removeprefix("[").removesuffix("]")
        values.extend(piece.strip().strip('"') for piece in inner.split(","))
    return [value for value in values if value]


def is_number(raw: str) -> bool:
    """Say whether a text is a plain number that fits the wire's 64 bits."""
    return raw.isascii() and raw.isdecimal() and len(raw) < 19


def integer(query: QueryParams, name: str) -> int | None:
    raw = query.get(name, "")
    if not raw:
        return None
    if not is_number(raw.removeprefix("-")):
        raise wrong_parameter(f"{name} should be an integer.")
    return int(raw)


def product_integer(query: QueryParams, name: str) -> int:
    """Read a required number of a product call, which words its errors differently from the others."""
    raw = query.get(name, "")
    if not raw:
        raise null_field(name)
    if not is_number(raw):
        raise bad_field(name, "value must be a non-negative integer")
    return int(raw)


def boolean(query: QueryParams, name: str) -> bool:
    raw = query.get(name, "false")
    if raw not in {"true", "false"}:
        raise wrong_parameter(f"{name} should be true or false.")
    return raw == "true"


def json_body(raw: bytes) -> dict[str, Any]:
    """Decode a body, keeping every number as it was written."""
    try:
        decoded = json.loads(raw, parse_float=Decimal)
    except ValueError as error:
        raise unparsable_body() from error
    if not isinstance(decoded, dict):
        raise unparsable_body()
    return decoded


def body_integer(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= INT64:
        raise wrong_parameter(f"{name} should be an int64.")
    return value


def required_integer(body: Mapping[str, Any], name: str, error: ApiError | None = None) -> int:
    value = body_integer(body, name)
    if value is None:
        raise error or wrong_parameter(f"{name} is required.")
    return value


def body_amount(body: Mapping[str, Any], name: str) -> Decimal | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong_parameter(f"{name} should be a number.")
    return Decimal(value)


def required_text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise wrong_parameter(f"{name} is required and should be a string.")
    return value


def rows(body: Mapping[str, Any], name: str, *, at_most: int) -> list[dict[str, Any]]:
    value = body.get(name)
    if value is None:
        raise null_field(name)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise wrong_parameter(f"{name} should be a list of objects.")
    if not 1 <= len(value) <= at_most:
        raise wrong_parameter(f"The length of {name} should be between 1 and {at_most}.")
    return value


def is_form(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").startswith("multipart/form-data")


def form_body(raw: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Read a form with files: texts as they are, files as their bytes."""
    head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + raw)
    if not message.is_multipart():
        raise unparsable_body()
    fields: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise unparsable_body()
        fields[name] = content if part.get_filename() else content.decode()
    return fields
