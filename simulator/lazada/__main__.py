"""Run the simulator by itself: `python -m simulator.lazada --port 0 --seed 1`. One JSON line when it is ready."""

import argparse
import asyncio
import json
import sys

from simulator.lazada.simulator import LazadaSimulator
from simulator.serve import serve_until_stopped


def main() -> None:
    options = _parse()
    simulator = LazadaSimulator(
        seed=options.seed,
        app_key=options.app_key,
        app_secret=options.app_secret,
        redirect_url=options.redirect_url,
        push_url=options.push_url,
        orders=options.orders,
    )
    simulator.simulation.pushes.retry_scale = options.push_retry_scale

    def announce(base_url: str) -> None:
        sys.stdout.write(json.dumps(ready_line(simulator, base_url)) + "\n")
        sys.stdout.flush()

    asyncio.run(serve_until_stopped(simulator.app, options.host, options.port, announce))


def ready_line(simulator: LazadaSimulator, base_url: str) -> dict[str, object]:
    app = simulator.simulation.app
    return {
        "kind": "lazada",
        "url": f"{base_url}/rest",
        "auth_url": f"{base_url}/oauth/authorize",
        "buyer_url": f"{base_url}/buyer",
        "control_url": f"{base_url}/control",
        "app_key": app.key,
        "app_secret": app.secret,
        "shop_ids": simulator.shop_ids,
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator.lazada", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=2000, help="past orders of the first shop")
    parser.add_argument("--app-key", default="100001")
    parser.add_argument("--app-secret", default="storesync-simulated-app-secret-0001")
    parser.add_argument("--redirect-url", default="http://127.0.0.1/oauth", help="where sellers come back to")
    parser.add_argument("--push-url", help="where pushes go")
    parser.add_argument("--push-retry-scale", type=float, default=1.0, help="0.001 makes 120 s into 0.12 s")
    return parser.parse_args()


if __name__ == "__main__":
    main()
