"""Numbers for Prometheus. The registry is made for each answer and holds what we hand it: no globals, no ids."""

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain.meters import OF_FIELDS, WAITS_S, Meter, Meters, Waits
from services.metrics import Figures, MetricsService

_COUNTED = {
    Meter.ACTION: ("storesync_actions", "What persons asked for, by how it ended", ("outcome",)),
    Meter.CALL: (
        "storesync_platform_calls",
        "Calls to platforms, by how they ended",
        ("platform", "operation", "outcome"),
    ),
    Meter.REFRESH: ("storesync_token_refreshes", "Refreshes of access tokens", ("platform", "outcome")),
    Meter.PUSH_REFUSED: ("storesync_pushes_refused", "Pushes whose signature was wrong", ("platform",)),
}


class MetricsEndpoint:
    """GET /metrics: for this machine, or for who shows the token; for anybody else there is no such page.

    `held` tells what the bot has in hand: a name and a number each.
    """

    def __init__(self, metrics: MetricsService, held: Callable[[], dict[str, int]], token: str) -> None:
        self._metrics = metrics
        self._held = held
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if not self._may_see(request):
            return Response(status_code=404)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Page(self._metrics.meters, await self._metrics.figures(), self._held()))
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _may_see(self, request: Request) -> bool:
        told = request.headers.get("authorization", "").encode()
        if self._token and hmac.compare_digest(told, b"Bearer " + self._token):
            return True
        # A proxy on this machine speaks for the whole world: what it passes on is not from here.
        is_passed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        return not is_passed_on and request.client is not None and _is_loopback(request.client.host)


class _Page(Collector):
    """One answer's numbers."""

    def __init__(self, meters: Meters, figures: Figures, held: dict[str, int]) -> None:
        self._meters = meters
        self._figures = figures
        self._held = held

    def collect(self) -> Iterable[Metric]:
        yield from self._counters()
        yield from self._rows()
        yield _histogram(self._meters.alert_waits)
        yield _gauge("storesync_event_loop_lag_seconds", "How late the loop was lately", self._meters.lag_s)
        yield _gauges("storesync_bot", "What the bot has in hand, and what it met", ("what",), self._held)

    def _counters(self) -> Iterator[Metric]:
        for meter, (name, about, labels) in _COUNTED.items():
            family = CounterMetricFamily(name, about, labels=labels)
            for (counted, values), count in sorted(self._meters.totals.items()):
                if counted is meter:
                    family.add_metric(values, count)
            yield family

    def _rows(self) -> Iterator[Metric]:
        seen = self._figures
        yield _gauges(
            "storesync_inbox", "Updates and pushes waiting or set aside", ("source", "state"), seen.inbox
        )
        yield _gauges("storesync_outbox", "Messages by what became of them", ("kind", "state"), seen.outbox)
        waits = {"inbox": seen.came_waits_s, "outbox": seen.due_waits_s}
        yield _gauges("storesync_oldest_wait_seconds", "How long the oldest waits", ("queue",), waits)
        words = {place: each for place, (each, _) in seen.oddities.items() if place[1] not in OF_FIELDS}
        times = {place: each for place, (_, each) in seen.oddities.items() if place[1] not in OF_FIELDS}
        fields = {place: each for place, (each, _) in seen.oddities.items() if place[1] in OF_FIELDS}
        at = ("platform", "place")
        yield _gauges("storesync_unknown_words", "Words a platform sent that we do not know", at, words)
        yield _gauges("storesync_unknown_words_seen", "How often they were sent", at, times)
        yield _gauges(
            "storesync_unknown_fields",
            "Fields of a platform's answers that its documents do not name, or of another type",
            ("platform", "oddity"),
            fields,
        )
        yield _gauges("storesync_linkings", "Linkings that reached this stage", ("stage",), seen.linkings)
        yield _gauges("storesync_shops", "Shops by state", ("state",), seen.shops)
        active = {"7": seen.active_7, "28": seen.active_28}
        yield _gauges(
            "storesync_sellers_active", "Sellers that did something in these days", ("days",), active
        )
        shares = {"actions": seen.failed_actions, "calls": seen.failed_calls}
        known = {what: share for what, share in shares.items() if share is not None}
        yield _gauges("storesync_failed_share", "Share that failed in seven days", ("what",), known)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _gauges(name: str, about: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric((key,) if len(labels) == 1 else tuple(key), value)
    return family


def _histogram(waits: Waits) -> Metric:
    counted, classes = 0, []
    for upper, count in zip((*map(str, WAITS_S), "+Inf"), waits.classes, strict=True):
        counted += count
        classes.append((upper, counted))
    family = HistogramMetricFamily("storesync_order_alert_seconds", "From an order to its alert in a chat")
    family.add_metric((), classes, waits.sum_s)
    return family


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
