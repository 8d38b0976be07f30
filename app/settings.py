"""Settings: read once from the environment into one frozen object; every mistake told in one message."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    ModelWrapValidatorHandler,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.errors import ConfigurationError
from domain.shops import Environment

_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
_BOT_TOKEN = re.compile(r"\d+:[\w-]{10,}")


class TelegramMode(StrEnum):
    POLLING = "polling"
    WEBHOOK = "webhook"


class Signup(StrEnum):
    """Who may become a seller here: the first by the host's link and nobody after, whoever has such a link, anybody."""

    CLOSED = "closed"
    INVITE = "invite"
    OPEN = "open"


class Settings(BaseSettings):
    """Everything a host can set. Secrets print as dots."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: TelegramMode = TelegramMode.POLLING
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_chat_rps: PositiveFloat = 0.95
    telegram_rps: PositiveFloat = 25.0
    telegram_group_rpm: PositiveInt = 19
    quota_factor: PositiveFloat = 1.0
    public_url: str = ""
    oauth_redirect_url: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    metrics_token: SecretStr = SecretStr("")
    database_url: str = "sqlite+aiosqlite:///var/storesync.db"
    secret_keys: SecretStr
    signup: Signup = Signup.CLOSED
    host_chat: int | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    shopee_env: Environment = Environment.PRODUCTION
    shopee_partner_id: str = ""
    shopee_partner_key: SecretStr = SecretStr("")
    shopee_push_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    shopee_api_url: str = ""
    shopee_auth_url: str = ""
    shopee_shop_rps: PositiveFloat = 5.0
    shopee_app_rps: PositiveFloat = 50.0

    tiktok_shop_env: Environment = Environment.PRODUCTION
    tiktok_shop_app_key: str = ""
    tiktok_shop_app_secret: SecretStr = SecretStr("")
    tiktok_shop_service_id: str = ""
    tiktok_shop_api_versions: Annotated[tuple[str, ...], NoDecode] = ()
    tiktok_shop_api_url: str = ""
    tiktok_shop_auth_url: str = ""
    tiktok_shop_shop_rps: PositiveFloat = 5.0
    tiktok_shop_app_rps: PositiveFloat = 50.0

    lazada_env: Environment = Environment.PRODUCTION
    lazada_app_key: str = ""
    lazada_app_secret: SecretStr = SecretStr("")
    lazada_api_url: str = ""
    lazada_auth_url: str = ""
    lazada_shop_rps: PositiveFloat = 5.0
    lazada_app_rps: PositiveFloat = 50.0

    @field_validator("shopee_push_keys", "tiktok_shop_api_versions", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator(
        "telegram_api_url",
        "public_url",
        "oauth_redirect_url",
        "shopee_api_url",
        "shopee_auth_url",
        "tiktok_shop_api_url",
        "tiktok_shop_auth_url",
        "lazada_api_url",
        "lazada_auth_url",
    )
    @classmethod
    def _address(cls, value: str) -> str:
        plain = value.strip().rstrip("/")
        parts = urlsplit(plain)
        if plain and (parts.scheme not in {"http", "https"} or not parts.netloc):
            raise ValueError("must be an address that begins with https:// (or http:// on this machine)")
        return plain

    @field_validator("tiktok_shop_api_versions")
    @classmethod
    def _versions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"\w+=\d{6}", each) for each in value):
            raise ValueError("must be calls with their versions, like get_orders=202507,search_orders=202309")
        return value

    @field_validator("http_port")
    @classmethod
    def _port(cls, value: int) -> int:
        if not 0 <= value <= 65535:
            raise ValueError("must be a port: 1 to 65535, or 0 for any that is free")
        return value

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if not _BOT_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("must be the token that @BotFather gave, like 123456:ABC-DEF")
        return value

    @model_validator(mode="wrap")
    @classmethod
    def _check(cls, values: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        """Tell every mistake at once: those in one setting, and those of two that do not fit together."""
        mistakes = [f"settings: {each}" for each in _misfits(values)]
        try:
            settings = validate(values)
        except ValidationError as wrong:
            mistakes = [*_named(wrong), *mistakes]
        if mistakes:
            raise ConfigurationError("Cannot start:\n" + "\n".join(f"  {each}" for each in mistakes))
        return settings

    @property
    def bot_id(self) -> str:
        return self.telegram_bot_token.get_secret_value().partition(":")[0]

    def secrets(self) -> list[str]:
        """Return every secret value, for the redaction of logs."""
        held = [
            self.telegram_bot_token,
            self.telegram_webhook_secret,
            self.metrics_token,
            self.secret_keys,
            self.shopee_partner_key,
            self.tiktok_shop_app_secret,
            self.lazada_app_secret,
        ]
        return [
            each.get_secret_value() for each in [*held, *self.shopee_push_keys] if each.get_secret_value()
        ]


class DemoSettings(BaseSettings):
    """Ports of the demo; 0 takes any that is free."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_sim_port: int = 0
    shopee_sim_port: int = 0
    tiktok_shop_sim_port: int = 0
    lazada_sim_port: int = 0
    http_port: int = 0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"


def read_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment, and `.env` beneath it. Raises ConfigurationError that names every mistake."""
    return Settings(_env_file=env_file)


_TOGETHER = {
    "shopee_partner_id": ("shopee_partner_key",),
    "tiktok_shop_app_key": ("tiktok_shop_app_secret", "tiktok_shop_service_id"),
    "lazada_app_key": ("lazada_app_secret",),
}
"""What an app of each platform needs besides its first setting."""


def _misfits(values: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong between settings, as far as they can be read."""

    def text(name: str) -> str:
        value = values.get(name, "")
        return (value.get_secret_value() if isinstance(value, SecretStr) else str(value)).strip()

    if text("telegram_mode") == TelegramMode.WEBHOOK:
        if not text("public_url").startswith("https://"):
            yield "TELEGRAM_MODE=webhook needs PUBLIC_URL with https://"
        if not _SECRET_TOKEN.fullmatch(text("telegram_webhook_secret")):
            yield "TELEGRAM_MODE=webhook needs TELEGRAM_WEBHOOK_SECRET (A-Z a-z 0-9 _ -, 1 to 256)"
    for first, others in _TOGETHER.items():
        if not text(first):
            continue
        for other in others:
            if not text(other):
                yield f"{first.upper()} needs {other.upper()}"
        if not text("public_url") and not text("oauth_redirect_url"):
            yield f"{first.upper()} needs PUBLIC_URL, or OAUTH_REDIRECT_URL where there is none"


def _named(wrong: ValidationError) -> Iterator[str]:
    """Yield each mistake under the name of its setting, without what was set."""
    for error in wrong.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in error["loc"]).upper() or "settings"
        said = "is missing" if error["type"] == "missing" else error["msg"].removeprefix("Value error, ")
        yield f"{name}: {said}"
