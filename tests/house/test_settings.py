"""`.env.example` names every setting there is, and no other."""

import re

from app.settings import Settings
from tests.house.tree import ROOT

_LINE = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def example() -> dict[str, str]:
    """Return name -> value of the file's lines; a setting that may stay unset is commented out."""
    pairs = _LINE.findall((ROOT / ".env.example").read_text("utf-8"))
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names))
    return dict(pairs)


def test_example_names_the_settings_and_no_other() -> None:
    assert set(example()) == {name.upper() for name in Settings.model_fields}


def test_example_holds_no_secret() -> None:
    secret = re.compile(r"TOKEN$|KEYS?$|SECRET$")
    assert {name: value for name, value in example().items() if secret.search(name) and value} == {}


def test_every_setting_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    bare = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if _LINE.match(line) and not before.startswith("# ") and not _LINE.match(before)
    ]
    assert not bare
