"""Run the simulator by itself: `python -m simulator.shopee --port 0 --seed 1`. One JSON line when it is ready."""

import argparse
import asyncio
import json
import sys

from simulator.serve import serve_until_stopped
from simulator.shopee.simulator import ShopeeSimulator


def main() -> None:
    options = _parse()
    simulator = ShopeeSimulator(
        seed=options.seed,
        partner_id=options.partner_id,
        partner_key=options.partner_key,
        push_key=options.push_key,
        push_url=options.push_url,
        redirect_domains=options.redirect_domain or ("127.0.0.1", "localhost"),
        orders=options.orders,
    )
    simulator.simulation.pushes.retry_scale = options.push_retry_scale

    def announce(base_url: str) -> None:
        sys.stdout.write(json.dumps(ready_line(simulator, base_url)) + "\n")
        sys.stdout.flush()

    asyncio.run(serve_until_stopped(simulator.app, options.host, options.port, announce))


def ready_line(simulator: ShopeeSimulator, base_url: str) -> dict[str, object]:
    app = simulator.simulation.app
    return {
        "kind": "shopee",
        "url": base_url,
        "auth_url": f"{base_url}/auth",
        "buyer_url": f"{base_url}/buyer",
        "control_url": f"{base_url}/control",
        "partner_id": app.partner_id,
        "partner_key": app.partner_key,
        "push_key": app.push_key,
        "shop_ids": simulator.shop_ids,
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator.shopee", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=2000, help="past orders of the first shop")
    parser.add_argument("--partner-id", type=int, default=2001887)
    parser.add_argument("--partner-key", default="storesync-sandbox-partner-key-0001")
    parser.add_argument("--push-key", default="storesync-live-push-key-0001")
    parser.add_argument("--push-url", help="where pushes go")
    parser.add_argument("--push-retry-scale", type=float, default=1.0, help="0.001 makes 300 s into 0.3 s")
    parser.add_argument("--redirect-domain", action="append", help="declared for redirects; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    main()
