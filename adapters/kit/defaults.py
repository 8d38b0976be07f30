"""What a new app of a platform starts with, when its row or the settings say nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.shops import Budget


@dataclass(frozen=True, slots=True)
class AppDefaults:
    """Official addresses of an environment and region, and a careful budget."""

    api_url: str
    auth_url: str
    budget: Budget
    versions: Mapping[str, str] = field(default_factory=dict)
    """The version that each call is pinned to, by its name, on a platform where each has one of its own."""
