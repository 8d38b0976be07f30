"""Names by which a seller tells shops apart."""

import pytest

from domain.shops import told_apart


@pytest.mark.parametrize(
    ("others", "name"),
    [
        (set(), "Rumah Kita"),
        ({"Rumah Kita TT"}, "Rumah Kita"),
        ({"Rumah Kita"}, "Rumah Kita TT"),
        ({"Rumah Kita", "Rumah Kita TT"}, "Rumah Kita TT ID"),
        ({"Rumah Kita", "Rumah Kita TT", "Rumah Kita TT ID"}, "Rumah Kita TT 7495"),
    ],
)
def test_a_name_gets_no_more_behind_it_than_it_takes(others: set[str], name: str) -> None:
    assert told_apart("Rumah Kita", others, "TT", "ID", "7495") == name
