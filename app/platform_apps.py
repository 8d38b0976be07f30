"""Platform apps as the settings name them: they seed the rows, which have the last word afterwards."""

import hashlib

from adapters.registry import app_defaults
from app.settings import Settings
from domain.errors import ConfigurationError
from domain.shops import Budget, Environment, PlatformApp


def apps_from(settings: Settings, *, is_simulated: bool = False) -> list[PlatformApp]:
    """Return the apps that the settings have keys for; a platform without keys is not offered."""
    found = []
    if settings.shopee_partner_id:
        found.append(_shopee(settings, is_simulated=is_simulated))
    if settings.tiktok_shop_app_key:
        found.append(_tiktok_shop(settings, is_simulated=is_simulated))
    if settings.lazada_app_key:
        found.append(_lazada(settings, is_simulated=is_simulated))
    return found


def _shopee(settings: Settings, *, is_simulated: bool) -> PlatformApp:
    defaults = app_defaults("shopee", settings.shopee_env)
    app_id = _app_id("shopee", settings.shopee_env, settings.shopee_partner_id)
    return PlatformApp(
        id=app_id,
        platform="shopee",
        environment=settings.shopee_env,
        region="",
        key=settings.shopee_partner_id,
        secret=settings.shopee_partner_key.get_secret_value(),
        push_keys=tuple(key.get_secret_value() for key in settings.shopee_push_keys),
        api_url=settings.shopee_api_url or defaults.api_url,
        auth_url=settings.shopee_auth_url or defaults.auth_url,
        hook_url=_hook_url(settings, "shopee", app_id),
        budget=Budget(settings.shopee_shop_rps, settings.shopee_app_rps),
        is_simulated=is_simulated,
    )


def _tiktok_shop(settings: Settings, *, is_simulated: bool) -> PlatformApp:
    platform, environment = "tiktok_shop", settings.tiktok_shop_env
    defaults = app_defaults(platform, environment)
    app_id = _app_id(platform, environment, settings.tiktok_shop_app_key)
    chosen = dict(each.split("=") for each in settings.tiktok_shop_api_versions)
    if unknown := sorted(chosen.keys() - defaults.versions.keys()):
        raise ConfigurationError(
            f"Cannot start:\n  TIKTOK_SHOP_API_VERSIONS: there is no call {unknown[0]};"
            f" those that have a version are {', '.join(sorted(defaults.versions))}"
        )
    versions = {f"version.{name}": version for name, version in chosen.items()}
    return PlatformApp(
        id=app_id,
        platform=platform,
        environment=environment,
        region="",
        key=settings.tiktok_shop_app_key,
        secret=settings.tiktok_shop_app_secret.get_secret_value(),
        push_keys=(),
        api_url=settings.tiktok_shop_api_url or defaults.api_url,
        auth_url=settings.tiktok_shop_auth_url or defaults.auth_url,
        hook_url=_hook_url(settings, platform, app_id),
        budget=Budget(settings.tiktok_shop_shop_rps, settings.tiktok_shop_app_rps),
        is_simulated=is_simulated,
        options={"service_id": settings.tiktok_shop_service_id, **versions},
    )


def _lazada(settings: Settings, *, is_simulated: bool) -> PlatformApp:
    platform, environment = "lazada", settings.lazada_env
    defaults = app_defaults(platform, environment)
    app_id = _app_id(platform, environment, settings.lazada_app_key)
    return PlatformApp(
        id=app_id,
        platform=platform,
        environment=environment,
        region="",
        key=settings.lazada_app_key,
        secret=settings.lazada_app_secret.get_secret_value(),
        push_keys=(),
        api_url=settings.lazada_api_url or defaults.api_url,
        auth_url=settings.lazada_auth_url or defaults.auth_url,
        hook_url=_hook_url(settings, platform, app_id),
        budget=Budget(settings.lazada_shop_rps, settings.lazada_app_rps),
        is_simulated=is_simulated,
    )


def _hook_url(settings: Settings, platform: str, app_id: str) -> str:
    return f"{settings.public_url}/hooks/{platform}/{app_id}" if settings.public_url else ""


def _app_id(platform: str, environment: Environment, key: str) -> str:
    """Return the same id at every start, so that the address given to the platform's console stays."""
    return hashlib.sha256(f"{platform}|{environment}|{key}".encode()).hexdigest()[:16]
