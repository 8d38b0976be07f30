"""The memory of what was read: the same bytes give their digest back, anything else gives nothing."""

import msgspec

from adapters.kit.seen import Seen

A = ("app", "shop", "1")


def test_the_same_bytes_are_known_and_others_are_not() -> None:
    seen = Seen()
    assert seen.digest_of(A, msgspec.Raw(b"{}")) == ""
    seen.keep(A, msgspec.Raw(b"{}"), "d1")
    assert seen.digest_of(A, msgspec.Raw(b"{}")) == "d1"
    assert seen.digest_of(A, msgspec.Raw(b"{ }")) == ""
    assert seen.digest_of(("app", "another", "1"), msgspec.Raw(b"{}")) == ""
    seen.keep(A, msgspec.Raw(b"{ }"), "d2")
    assert seen.digest_of(A, msgspec.Raw(b"{}")) == ""


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    seen, row = Seen(most=2), msgspec.Raw(b"{}")
    for name in ("a", "b"):
        seen.keep((name,), row, name)
    assert seen.digest_of(("a",), row) == "a"
    seen.keep(("c",), row, "c")
    assert [seen.digest_of((name,), row) for name in ("a", "b", "c")] == ["a", "", "c"]
