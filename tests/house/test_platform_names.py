"""No room but the adapters' and the wiring's knows a platform by name: what differs is data of the registry."""

import re

import pytest

from adapters.registry import INFOS
from tests.house.tree import ROOT, here, text_of

ROOMS = ("domain", "services", "bot", "jobs", "web")
KINDS = {".py", ".j2", ".po", ".html", ".css", ".js", ".toml", ".json"}
COMING = ("lazada", "shopify", "woocommerce")
NAMES = sorted({*COMING, *INFOS, *(part for slug in INFOS for part in slug.split("_") if part != "shop")})
ANY = re.compile("|".join(re.escape(name) for name in NAMES), re.IGNORECASE)


def test_names_are_those_of_the_registry() -> None:
    assert {"shopee", "tiktok", "tiktok_shop"} <= set(NAMES)
    assert ANY.search("link a TikTok shop")
    assert ANY.search("SHOPEE_API_URL")


@pytest.mark.parametrize("room", ROOMS)
def test_room_names_no_platform(room: str) -> None:
    files = [path for path in sorted((ROOT / room).rglob("*")) if path.suffix in KINDS]
    assert files
    named = [
        f"{here(path)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if ANY.search(line)
    ]
    assert not named
