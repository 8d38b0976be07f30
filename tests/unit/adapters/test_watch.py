"""One answer in many is looked at, the first rows of its lists; what is new in it is counted."""

import json
from typing import Any

from adapters.kit.shapes import Expected, differences
from adapters.kit.watch import EVERY, ROWS, AnswerWatch
from domain.meters import Meters
from domain.platform.probing import Difference, Kind

SHAPE = {
    "response": "object",
    "response.row": "list",
    "response.row[]": "object",
    "response.row[].id": "integer",
    "response.row[].price": "number",
    "response.row[].name": "list|string",
    "response.row[].name[]": "string",
}


def answer(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"response": {"row": list(rows)}}


def test_documented_shapes_are_taken_in_every_form() -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "price": 2, "name": "a"},
        {"id": 2, "price": 2.5, "name": ["a"]},
        {"id": None},
        {},
    ]
    assert differences(answer(*rows), Expected(SHAPE)) == ()


def test_each_difference_is_told_once() -> None:
    rows = [{"id": "7", "price": True, "new": {"inside": 1}}] * 3
    assert differences(answer(*rows), Expected(SHAPE)) == (
        Difference(Kind.OTHER_TYPE, "response.row[].id", "string", "integer"),
        Difference(Kind.OTHER_TYPE, "response.row[].price", "boolean", "number"),
        Difference(Kind.NEW_FIELD, "response.row[].new", "object"),
    )


def test_the_first_answer_and_then_one_in_many_is_looked_at() -> None:
    meters = Meters()
    watch = AnswerWatch("shopee", {"get_row": SHAPE}, meters)
    body = json.dumps(answer({"id": 1, "new": 1})).encode()
    for _ in range(2 * EVERY + 1):
        watch.look("get_row", body)
        watch.look("get_other", b"not even JSON")
    assert meters.take_odd() == {("shopee", "field", "get_row response.row[].new"): 3}


def test_of_long_lists_the_first_rows_are_looked_at() -> None:
    meters = Meters()
    rows = [{"id": 1}] * ROWS + [{"new": 1}]
    AnswerWatch("shopee", {"get_row": SHAPE}, meters).look("get_row", json.dumps(answer(*rows)).encode())
    assert not meters.take_odd()
