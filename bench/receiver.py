"""StoreSync's own HTTP server with nothing behind it that would work off what came in. Word: the database's address."""

import asyncio
import json
import signal
import sys

from adapters.registry import build_platforms, open_transport
from app.server import serving
from app.use_cases import Ground
from bench.books import Books
from bench.wired import services_over
from domain.clock import utc_now
from jobs.queue import InProcessQueue
from web.application import Doors, build_web


async def main(url: str) -> None:
    books = Books(url)
    transport = open_transport()
    platforms = build_platforms(transport, utc_now)
    ground = Ground(books.database, books.vault, books.keys, platforms, utc_now, InProcessQueue())
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with serving(build_web(services_over(books, ground), _doors()), "127.0.0.1", 0) as port:
        sys.stdout.write(json.dumps({"port": port}) + "\n")
        sys.stdout.flush()
        await stopped.wait()
    await transport.aclose()
    await books.close()


def _doors() -> Doors:
    def render(template: str, language: str, **params: object) -> str:
        del template, language, params
        return ""

    async def refuse(_: bytes) -> bool:
        return False

    async def facts() -> dict[str, object]:
        return {"ok": True}

    return Doors(
        render=render,
        bot_url=lambda: "",
        telegram_secret="",
        is_secure=False,
        take_update=refuse,
        facts=facts,
        readiness=facts,
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
