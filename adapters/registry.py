"""Every platform there is: one line each."""

from collections.abc import Callable
from typing import NamedTuple

import httpx

from adapters import lazada, shopee, tiktok_shop
from adapters.kit.defaults import AppDefaults
from adapters.kit.photos import PhotoReader
from adapters.kit.transport import AiohttpTransport
from domain.clock import Clock
from domain.meters import Meters
from domain.platform import Platform, PlatformInfo
from domain.shops import Environment


class _Adapter(NamedTuple):
    info: PlatformInfo
    build: Callable[[httpx.AsyncBaseTransport, Clock, Meters], Platform]
    defaults: Callable[[Environment, str], AppDefaults]


_ADAPTERS = {
    lazada.INFO.slug: _Adapter(lazada.INFO, lazada.build, lazada.defaults),
    shopee.INFO.slug: _Adapter(shopee.INFO, shopee.build, shopee.defaults),
    tiktok_shop.INFO.slug: _Adapter(tiktok_shop.INFO, tiktok_shop.build, tiktok_shop.defaults),
}

INFOS: dict[str, PlatformInfo] = {slug: adapter.info for slug, adapter in _ADAPTERS.items()}


def build_platforms(
    transport: httpx.AsyncBaseTransport, clock: Clock, meters: Meters | None = None
) -> dict[str, Platform]:
    """Build every platform's adapter over one transport, by slug; calls are counted in `meters`."""
    counted = meters or Meters()
    return {slug: adapter.build(transport, clock, counted) for slug, adapter in _ADAPTERS.items()}


def app_defaults(platform: str, environment: Environment, region: str = "") -> AppDefaults:
    """Return the official addresses and a careful budget for a new app; KeyError for an unknown platform."""
    return _ADAPTERS[platform].defaults(environment, region)


def open_transport() -> AiohttpTransport:
    """Return a transport for all platforms to share; whoever opens it closes it (`aclose`)."""
    return AiohttpTransport()


def open_photos() -> PhotoReader:
    """Return what fetches pictures of products; whoever opens it closes it (`aclose`)."""
    return PhotoReader()
