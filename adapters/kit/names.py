"""Error names as platforms write them: with stray white space, with or without a module in front."""


def plain(name: str | None) -> str:
    """Return an error name without white space."""
    return "".join((name or "").split())


def tail(name: str | None) -> str:
    """Return an error name without its module."""
    return plain(name).rpartition(".")[2]
