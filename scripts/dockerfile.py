"""The Dockerfile, read: its steps in order, and which files a COPY takes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

KNOWN = frozenset({"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"})


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, its continued lines joined."""

    name: str
    rest: str


def steps_of(dockerfile: str) -> list[Step]:
    """Return the instructions; one we do not know how to run is an error, not skipped."""
    lines = (line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    steps = [Step(*_split(line)) for line in joined.splitlines() if line.strip()]
    if unknown := {step.name for step in steps} - KNOWN:
        raise ValueError(f"cannot run {', '.join(sorted(unknown))}")
    return steps


def command_of(rest: str) -> list[str]:
    """Return the words of a command in its JSON form, the only one that needs no shell in the image."""
    words = json.loads(rest[rest.index("[") :])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"not a list of words: {rest}")
    return words


def copied(context: Path, source: str, ignore: str) -> Iterator[PurePosixPath]:
    """Yield the files that COPY takes from `source` in the build context, as .dockerignore leaves them."""
    rules = [_rule(line) for line in ignore.splitlines() if line.strip() and not line.startswith("#")]
    for path in sorted(context.rglob("*")):
        name = PurePosixPath(path.relative_to(context).as_posix())
        if path.is_file() and (source == "." or name.is_relative_to(source)) and not _is_ignored(name, rules):
            yield name


def _split(line: str) -> tuple[str, str]:
    name, _, rest = line.strip().partition(" ")
    return name.upper(), rest.strip()


def _rule(line: str) -> tuple[bool, re.Pattern[str]]:
    pattern = re.escape(line.lstrip("!").strip().strip("/"))
    pattern = pattern.replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return not line.startswith("!"), re.compile(rf"{pattern}(?:/.*)?")


def _is_ignored(name: PurePosixPath, rules: list[tuple[bool, re.Pattern[str]]]) -> bool:
    verdicts = [ignores for ignores, pattern in rules if pattern.fullmatch(str(name))]
    return bool(verdicts) and verdicts[-1]
