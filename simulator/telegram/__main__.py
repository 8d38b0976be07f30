"""`python -m simulator.telegram`: the simulator alone, for a person or another program."""

import argparse
import asyncio
import json
import sys

from simulator.serve import serve_until_stopped
from simulator.telegram.server import DEFAULT_TOKEN, DEFAULT_USERNAME, TelegramSimulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulator.telegram", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--bot-username", default=DEFAULT_USERNAME)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real-limits", action="store_true", help="answer 429 as Telegram would")
    options = parser.parse_args()
    simulator = TelegramSimulator(options.token, options.bot_username, options.seed)
    simulator.engine.rates.switch(is_on=options.real_limits)

    def ready(url: str) -> None:
        simulator.url = url
        sys.stdout.write(json.dumps(simulator.describe()) + "\n")
        sys.stdout.flush()

    asyncio.run(serve_until_stopped(simulator.app, options.host, options.port, ready))


if __name__ == "__main__":
    main()
