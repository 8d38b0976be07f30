"""Platform apps as the settings name them: they seed the rows, which have the last word afterwards."""

import hashlib

from adapters.registry import app_defaults
from app.settings import Settings
from domain.shops import Budget, PlatformApp


def apps_from(settings: Settings, *, is_simulated: bool = False) -> list[PlatformApp]:
    """Return the apps that the settings have keys for; a platform without keys is not offered."""
    found = []
    if settings.shopee_partner_id:
        defaults = app_defaults("shopee", settings.shopee_env)
        app_id = _app_id("shopee", settings.shopee_env, settings.shopee_partner_id)
        found.append(
            PlatformApp(
                id=app_id,
                platform="shopee",
                environment=settings.shopee_env,
                region="",
                key=settings.shopee_partner_id,
                secret=settings.shopee_partner_key.get_secret_value(),
                push_keys=tuple(key.get_secret_value() for key in settings.shopee_push_keys),
                api_url=settings.shopee_api_url or defaults.api_url,
                auth_url=settings.shopee_auth_url or defaults.auth_url,
                hook_url=f"{settings.public_url}/hooks/shopee/{app_id}" if settings.public_url else "",
                budget=Budget(settings.shopee_shop_rps, settings.shopee_app_rps),
                is_simulated=is_simulated,
            )
        )
    return found


def _app_id(platform: str, environment: str, key: str) -> str:
    """Return the same id at every start, so that the address given to the platform's console stays."""
    return hashlib.sha256(f"{platform}|{environment}|{key}".encode()).hexdigest()[:16]
