"""Run the simulator by itself: `python -m simulator.tiktok_shop --port 0 --seed 1`. One JSON line when it is ready."""

import argparse
import asyncio
import json
import sys

from simulator.serve import serve_until_stopped
from simulator.tiktok_shop.simulator import TiktokShopSimulator


def main() -> None:
    options = _parse()
    simulator = TiktokShopSimulator(
        seed=options.seed,
        app_key=options.app_key,
        app_secret=options.app_secret,
        service_id=options.service_id,
        redirect_url=options.redirect_url,
        push_url=options.push_url,
        orders=options.orders,
    )
    simulator.simulation.webhooks.retry_scale = options.push_retry_scale

    def announce(base_url: str) -> None:
        sys.stdout.write(json.dumps(ready_line(simulator, base_url)) + "\n")
        sys.stdout.flush()

    asyncio.run(serve_until_stopped(simulator.app, options.host, options.port, announce))


def ready_line(simulator: TiktokShopSimulator, base_url: str) -> dict[str, object]:
    app = simulator.simulation.app
    return {
        "kind": "tiktok_shop",
        "url": base_url,
        "auth_url": f"{base_url}/open/authorize",
        "buyer_url": f"{base_url}/buyer",
        "control_url": f"{base_url}/control",
        "app_key": app.key,
        "app_secret": app.secret,
        "service_id": app.service_id,
        "shop_ids": simulator.shop_ids,
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator.tiktok_shop", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=2000, help="past orders of the first shop")
    parser.add_argument("--app-key", default="6ab1cd2ef3gh4")
    parser.add_argument("--app-secret", default="storesync-simulated-app-secret-0001")
    parser.add_argument("--service-id", default="7431458374265161999")
    parser.add_argument("--redirect-url", default="http://127.0.0.1/oauth", help="where sellers come back to")
    parser.add_argument("--push-url", help="where webhooks go")
    parser.add_argument("--push-retry-scale", type=float, default=1.0, help="0.001 makes 120 s into 0.12 s")
    return parser.parse_args()


if __name__ == "__main__":
    main()
