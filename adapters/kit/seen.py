"""What was read before: the same bytes need not be read into the same record again."""

from collections import OrderedDict
from hashlib import sha256

import msgspec

MOST = 10_000
"""How many records are remembered; each takes some 300 bytes."""


class Seen:
    """Remembers for each record which bytes it came in, and the digest of what was kept of them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, ...], tuple[bytes, str]] = OrderedDict()

    def digest_of(self, key: tuple[str, ...], row: msgspec.Raw) -> str:
        """Return the digest that these very bytes led to, empty when they are new."""
        known = self._known.get(key)
        if known is None or known[0] != sha256(row).digest():
            return ""
        self._known.move_to_end(key)
        return known[1]

    def keep(self, key: tuple[str, ...], row: msgspec.Raw, digest: str) -> None:
        self._known[key] = (sha256(row).digest(), digest)
        self._known.move_to_end(key)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
