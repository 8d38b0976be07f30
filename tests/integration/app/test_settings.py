"""Settings: read once, every mistake told in one message, secrets never printed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from app.platform_apps import apps_from
from app.settings import DemoSettings, Settings, Signup, TelegramMode, read_settings
from domain.errors import ConfigurationError
from domain.shops import Environment

TOKEN = "123456:canary-bot-token"
KEYS = "k1:canary-master-key"
GOOD = {"TELEGRAM_BOT_TOKEN": TOKEN, "SECRET_KEYS": KEYS}

Read = Callable[..., Settings]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a reader of settings that sees these variables and nothing else."""
    for name in (*Settings.model_fields, *DemoSettings.model_fields):
        monkeypatch.delenv(name.upper(), raising=False)

    def reading(env_file: Path | None = None, **variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return read_settings(env_file)

    return reading


def refusal(read: Read, **variables: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        read(**variables)
    return str(refused.value)


def test_two_settings_are_enough(read: Read) -> None:
    settings = read(**GOOD)
    assert settings.bot_id == "123456"
    assert (settings.telegram_mode, settings.signup) == (TelegramMode.POLLING, Signup.CLOSED)
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert apps_from(settings) == []


def test_what_is_missing_is_named(read: Read) -> None:
    told = refusal(read)
    assert "TELEGRAM_BOT_TOKEN: is missing" in told
    assert "SECRET_KEYS: is missing" in told


def test_every_mistake_is_told_in_one_message(read: Read) -> None:
    told = refusal(
        read,
        TELEGRAM_BOT_TOKEN="no-token",
        TELEGRAM_MODE="webhook",
        TELEGRAM_API_URL="api.telegram.org",
        HTTP_PORT="70000",
        LOG_LEVEL="LOUD",
        SIGNUP="maybe",
        TELEGRAM_CHAT_RPS="0",
        SHOPEE_SHOP_RPS="-1",
        SHOPEE_ENV="simulator",
        SHOPEE_PARTNER_ID="2000001",
        PUBLIC_URL="ftp://shop.example",
    )
    for named in (
        "TELEGRAM_BOT_TOKEN: must be the token",
        "SECRET_KEYS: is missing",
        "TELEGRAM_API_URL: must be an address",
        "HTTP_PORT: must be a port",
        "LOG_LEVEL:",
        "SIGNUP:",
        "TELEGRAM_CHAT_RPS:",
        "SHOPEE_SHOP_RPS:",
        "SHOPEE_ENV:",
        "PUBLIC_URL: must be an address",
        "needs PUBLIC_URL with https://",
        "needs TELEGRAM_WEBHOOK_SECRET",
        "SHOPEE_PARTNER_ID needs SHOPEE_PARTNER_KEY",
    ):
        assert named in told
    assert told.startswith("Cannot start:\n  ")


def test_no_message_holds_what_was_set(read: Read) -> None:
    told = refusal(
        read,
        TELEGRAM_BOT_TOKEN="canary-not-a-token",
        SECRET_KEYS=KEYS,
        HTTP_PORT="canary-port",
        SHOPEE_PARTNER_KEY="canary-partner",
        SHOPEE_PARTNER_ID="1",
        TELEGRAM_WEBHOOK_SECRET="canary webhook",
        TELEGRAM_MODE="webhook",
    )
    assert "canary" not in told


def test_secrets_print_as_dots(read: Read) -> None:
    settings = read(
        **GOOD,
        TELEGRAM_WEBHOOK_SECRET="canary-webhook",
        SHOPEE_PARTNER_KEY="canary-partner",
        SHOPEE_PUSH_KEYS="canary-push-1, canary-push-2",
    )
    assert "canary" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert sorted(settings.secrets()) == sorted(
        [TOKEN, KEYS, "canary-webhook", "canary-partner", "canary-push-1", "canary-push-2"]
    )


def test_settings_cannot_be_changed(read: Read) -> None:
    with pytest.raises(ValidationError):
        read(**GOOD).http_port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("set_to", "read_as"),
    [("a", ["a"]), ("a,b", ["a", "b"]), (" a , ,b,", ["a", "b"]), ("", []), (",", [])],
)
def test_push_keys_are_a_list(read: Read, set_to: str, read_as: list[str]) -> None:
    settings = read(**GOOD, SHOPEE_PUSH_KEYS=set_to)
    assert [key.get_secret_value() for key in settings.shopee_push_keys] == read_as


def test_an_empty_variable_is_one_that_is_not_set(read: Read) -> None:
    settings = read(**GOOD, HTTP_PORT="", LOG_LEVEL="", SHOPEE_ENV="", PUBLIC_URL="")
    assert (settings.http_port, settings.log_level, settings.shopee_env) == (
        8080,
        "INFO",
        Environment.PRODUCTION,
    )


def test_addresses_lose_their_last_slash(read: Read) -> None:
    settings = read(**GOOD, PUBLIC_URL="https://shop.example/ ", TELEGRAM_API_URL="http://127.0.0.1:1/")
    assert (settings.public_url, settings.telegram_api_url) == ("https://shop.example", "http://127.0.0.1:1")


def test_the_environment_stands_above_the_file(read: Read, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        f"TELEGRAM_BOT_TOKEN={TOKEN}\nSECRET_KEYS='{KEYS}'\nHTTP_PORT=1234\nLOG_LEVEL=ERROR\nUNKNOWN=1\n"
    )
    settings = read(file, HTTP_PORT="4321")
    assert (settings.http_port, settings.log_level) == (4321, "ERROR")
    assert settings.secret_keys.get_secret_value() == KEYS


@pytest.mark.parametrize("secret", ["", "with space", "ключ", "x" * 257, "semi;colon"])
def test_a_webhook_needs_a_secret_that_telegram_takes(read: Read, secret: str) -> None:
    told = refusal(
        read,
        **GOOD,
        TELEGRAM_MODE="webhook",
        PUBLIC_URL="https://shop.example",
        TELEGRAM_WEBHOOK_SECRET=secret,
    )
    assert "needs TELEGRAM_WEBHOOK_SECRET" in told


@pytest.mark.parametrize("address", ["", "http://shop.example"])
def test_a_webhook_needs_https(read: Read, address: str) -> None:
    told = refusal(
        read, **GOOD, TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_SECRET="s3cret", PUBLIC_URL=address
    )
    assert "needs PUBLIC_URL with https://" in told


def test_a_webhook_with_both_is_well(read: Read) -> None:
    settings = read(
        **GOOD, TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_SECRET="A-z_9", PUBLIC_URL="https://shop.example"
    )
    assert settings.telegram_mode is TelegramMode.WEBHOOK


def test_a_platform_needs_a_way_back(read: Read) -> None:
    keys = {"SHOPEE_PARTNER_ID": "1", "SHOPEE_PARTNER_KEY": "k"}
    assert "needs PUBLIC_URL, or OAUTH_REDIRECT_URL" in refusal(read, **GOOD, **keys)
    assert read(**GOOD, **keys, OAUTH_REDIRECT_URL="https://landing.example").shopee_partner_id == "1"


# The app that the settings seed


def shopee(read: Read, **more: str) -> Settings:
    keys = {"SHOPEE_PARTNER_ID": "2000001", "SHOPEE_PARTNER_KEY": "pk", "SHOPEE_PUSH_KEYS": "one,two"}
    return read(**(GOOD | keys | {"PUBLIC_URL": "https://shop.example"} | more))


def test_keys_of_a_platform_make_its_app(read: Read) -> None:
    (app,) = apps_from(shopee(read, SHOPEE_SHOP_RPS="7", SHOPEE_APP_RPS="70"))
    assert (app.platform, app.environment, app.key, app.secret) == (
        "shopee",
        Environment.PRODUCTION,
        "2000001",
        "pk",
    )
    assert app.push_keys == ("one", "two")
    assert app.hook_url == f"https://shop.example/hooks/shopee/{app.id}"
    assert (app.budget.per_shop, app.budget.per_app) == (7, 70)
    assert app.api_url.startswith("https://partner.shopeemobile.com")
    assert not app.is_simulated


def test_an_app_keeps_its_address_over_restarts_and_key_changes(read: Read) -> None:
    (first,) = apps_from(shopee(read))
    (again,) = apps_from(shopee(read, SHOPEE_PARTNER_KEY="another", SHOPEE_PUSH_KEYS="three"))
    (sandbox,) = apps_from(shopee(read, SHOPEE_ENV="sandbox"))
    assert first.hook_url == again.hook_url != sandbox.hook_url


def test_any_server_may_take_the_place_of_the_platforms(read: Read) -> None:
    settings = shopee(read, SHOPEE_API_URL="http://127.0.0.1:1/", SHOPEE_AUTH_URL="http://127.0.0.1:1/auth")
    (app,) = apps_from(settings, is_simulated=True)
    assert (app.api_url, app.auth_url, app.is_simulated) == (
        "http://127.0.0.1:1",
        "http://127.0.0.1:1/auth",
        True,
    )


def tiktok_shop(read: Read, **more: str) -> Settings:
    app = {
        "TIKTOK_SHOP_APP_KEY": "6ab1",
        "TIKTOK_SHOP_APP_SECRET": "s",
        "TIKTOK_SHOP_SERVICE_ID": "7431",
        "PUBLIC_URL": "https://shop.example",
    }
    return read(**GOOD, **app, **more)


def test_an_app_of_tiktok_shop_has_its_service_and_the_versions_a_host_wants(read: Read) -> None:
    (app,) = apps_from(tiktok_shop(read, TIKTOK_SHOP_API_VERSIONS="get_orders=202611, search_orders=202602"))
    assert (app.platform, app.key, app.secret) == ("tiktok_shop", "6ab1", "s")
    assert app.hook_url == f"https://shop.example/hooks/tiktok_shop/{app.id}"
    assert app.options == {
        "service_id": "7431",
        "version.get_orders": "202611",
        "version.search_orders": "202602",
    }


@pytest.mark.parametrize("versions", ["get_orders", "get_orders=2", "get_orders:202611"])
def test_versions_that_cannot_be_read_are_told(read: Read, versions: str) -> None:
    with pytest.raises(ConfigurationError, match="TIKTOK_SHOP_API_VERSIONS"):
        tiktok_shop(read, TIKTOK_SHOP_API_VERSIONS=versions)


def test_a_version_of_no_call_is_told(read: Read) -> None:
    with pytest.raises(ConfigurationError, match=r"no call get_lost; .*get_orders"):
        apps_from(tiktok_shop(read, TIKTOK_SHOP_API_VERSIONS="get_lost=202611"))


def test_settings_made_in_code_are_checked_too() -> None:
    with pytest.raises(ConfigurationError):
        Settings(_env_file=None, telegram_bot_token=SecretStr("x"), secret_keys=SecretStr(KEYS))


def test_ports_of_the_demo_may_be_fixed(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_SIM_PORT", "8081")
    ports = DemoSettings()
    assert (ports.telegram_sim_port, ports.shopee_sim_port, ports.http_port) == (8081, 0, 0)
