"""How the pages of a stand-in look: one frame for all, in a colour of its own, with the name it is not."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.templating import Jinja2Templates

OURS = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Accent:
    """A colour by day and by night, and what it is laid on."""

    light: str
    pale: str
    dark: str
    deep: str


def open_templates(own: Path, platform: str, accent: Accent) -> Jinja2Templates:
    """Return a stand-in's own templates, and those that all share."""
    env = Environment(loader=FileSystemLoader([own, OURS]), autoescape=True)
    env.globals |= {"platform": platform, "accent": accent}
    return Jinja2Templates(env=env)
