"""A process that imports what StoreSync imports of others, says how large it is then, and does nothing else."""

import importlib
import json
import sys

from bench.processes import rss_mb

MODULES = (
    "aiohttp", "aiohttp.abc", "aiohttp.resolver", "aiolimiter", "aiosqlite", "alembic", "alembic.config", "alembic.runtime.migration", "alembic.script",
    "apscheduler.schedulers.asyncio", "babel", "babel.dates", "babel.messages.mofile", "babel.messages.pofile",
    "babel.lists",
    "babel.numbers", "babel.support", "cryptography.exceptions", "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hashes", "cryptography.hazmat.primitives.kdf.hkdf", "httpx", "jinja2",
    "jinja2.runtime", "jinja2.sandbox", "markupsafe", "msgspec", "prometheus_client", "prometheus_client.core",
    "prometheus_client.registry", "pydantic", "pydantic_settings", "regex", "rich.console", "sqlalchemy", "sqlalchemy.dialects", "sqlalchemy.exc", "sqlalchemy.ext.asyncio",
    "sqlalchemy.sql.dml", "sqlalchemy.types", "stamina", "starlette.applications", "starlette.exceptions",
    "starlette.requests", "starlette.responses", "starlette.routing", "starlette.types", "structlog",
    "structlog.stdlib", "structlog.typing", "telegram", "telegram.constants", "telegram.error", "telegram.ext",
    "telegram.request", "typer", "uvicorn", "yarl",
)  # fmt: skip
"""Every outside module that a running StoreSync imports at the top of one of its own; a test compares."""

if __name__ == "__main__":
    for name in MODULES:
        importlib.import_module(name)
    sys.stdout.write(json.dumps({"rss_mb": rss_mb("self")}) + "\n")
