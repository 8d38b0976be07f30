"""A look at one answer in many: what does a platform send that its documents do not name (yet).

Reading every answer in full would cost as much as all the rest of a poll. A change of an interface is in
every answer from then on, so that few of them tell as much.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.kit.shapes import Expected, Shape, differences
from domain.meters import Meters
from domain.platform.probing import Kind

EVERY = 200
"""One answer in so many of each operation is looked at, the first one included."""
ROWS = 5
"""So many rows of each list in it."""

_PLACES = {Kind.NEW_FIELD: "field", Kind.OTHER_TYPE: "type"}


class AnswerWatch:
    """Counts unknown fields, and fields of another type, by operation."""

    def __init__(self, platform: str, shapes: Mapping[str, Shape], meters: Meters) -> None:
        self._platform = platform
        self._expected = {operation: Expected(shape) for operation, shape in shapes.items()}
        self._meters = meters
        self._answers: Counter[str] = Counter()

    def look(self, operation: str, body: bytes) -> None:
        """Look at an answer if it is its turn; the answer has been read as JSON before."""
        expected = self._expected.get(operation)
        if expected is None:
            return
        turn = self._answers[operation] % EVERY
        self._answers[operation] += 1
        if turn:
            return
        answer: Any = msgspec.json.decode(body)
        for each in differences(answer, expected, rows=ROWS):
            if each.kind in _PLACES:
                self._meters.odd(self._platform, _PLACES[each.kind], f"{operation} {each.path}"[:96])
