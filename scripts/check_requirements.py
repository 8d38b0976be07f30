"""Tell whether requirements/*.txt still match pyproject.toml, without asking anybody.

`make lock` compiles them; this finds a name, a range or a hash that was changed on one side only.
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;\\]+)(.*(?:\n[ \t].*)*)", re.MULTILINE)
"""A name, its version, and the indented lines that belong to it."""


def pins_of(compiled: str) -> dict[str, str]:
    """Return name -> version of every pin in a compiled requirements file."""
    return {canonicalize_name(name): version for name, version, _ in _PIN.findall(compiled)}


def problems(project: dict[str, Any], runtime: str, dev: str) -> list[str]:
    """Return what is out of step, in words."""
    run_pins, dev_pins = pins_of(runtime), pins_of(dev)
    wanted = [(line, run_pins, "runtime.txt") for line in project["project"]["dependencies"]]
    wanted += [(line, dev_pins, "dev.txt") for line in project["dependency-groups"]["dev"]]
    return [
        *(problem for line, pins, file in wanted if (problem := _unmet(Requirement(line), pins, file))),
        *(
            f"{name} is {version} in runtime.txt and {dev_pins.get(name, 'missing')} in dev.txt"
            for name, version in run_pins.items()
            if dev_pins.get(name) != version
        ),
        *(
            f"{name} has no hash in {file}"
            for file, text in (("runtime.txt", runtime), ("dev.txt", dev))
            for name in _unhashed(text)
        ),
    ]


def _unmet(requirement: Requirement, pins: dict[str, str], file: str) -> str | None:
    pinned = pins.get(canonicalize_name(requirement.name))
    if pinned is None:
        return f"{requirement} has no pin in {file}"
    if not requirement.specifier.contains(pinned, prereleases=True):
        return f"{requirement} is not met by {pinned} in {file}"
    return None


def _unhashed(compiled: str) -> list[str]:
    return [name for name, _, rest in _PIN.findall(compiled) if "--hash=sha256:" not in rest]


def main() -> None:
    """Exit with the problems, or quietly."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    runtime, dev = ((ROOT / "requirements" / name).read_text("utf-8") for name in ("runtime.txt", "dev.txt"))
    if found := problems(project, runtime, dev):
        sys.exit("\n".join(["requirements/ and pyproject.toml differ; run `make lock`:", *found]))


if __name__ == "__main__":
    main()
