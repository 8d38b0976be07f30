"""Each outside package has one home, so that it can be changed in one place."""

import ast
from collections import defaultdict
from functools import cache

from tests.house.tree import ROOMS, nodes

HOMES = {
    "telegram": "bot",
    "jinja2": "bot",
    "starlette": "web",
    "prometheus_client": "web",
    "pypdf": "services",
    "xlsxwriter": "services",
    "sqlalchemy": "storage",
    "aiosqlite": "storage",
    "asyncpg": "storage",
    "alembic": "storage",
    "cryptography": "storage",
    "httpx": "adapters",
    "aiohttp": "adapters",
    "msgspec": "adapters",
    "stamina": "adapters",
    "apscheduler": "jobs",
    "procrastinate": "jobs",
    "psycopg": "jobs",
    "pydantic": "app",
    "pydantic_settings": "app",
    "typer": "app",
    "uvicorn": "app",
}
GUESTS = {"app", "simulator"}
"""`app` touches any package to build it; the simulator shares no code with us and so no rules either."""

NOT_YET = {"asyncpg"}
"""Known by its name in an address only: SQLAlchemy imports it."""


@cache
def importers() -> dict[str, dict[str, str]]:
    """Return package -> room -> one place that imports it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for at, node in nodes(*ROOMS):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            found[name.partition(".")[0]].setdefault(at.partition("/")[0], at)
    return found


def test_outside_packages_stay_at_home() -> None:
    strays = [
        f"{package} in {at}"
        for package, home in HOMES.items()
        for room, at in importers()[package].items()
        if room != home and room not in GUESTS
    ]
    assert not strays


def test_every_home_is_lived_in() -> None:
    found = importers()
    assert {package for package, home in HOMES.items() if home not in found[package]} == NOT_YET
