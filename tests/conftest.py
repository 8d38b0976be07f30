"""What holds for every test: it talks to this machine only."""

import ipaddress
import socket
from collections.abc import Generator, Iterator
from typing import Any

import pytest
import structlog
from coverage import Coverage
from hypothesis import HealthCheck, settings

from tests.databases import spare_the_disk

NOWHERE = ".invalid"
"""Names that RFC 2606 promises never to resolve: a test may look them up, and nothing leaves the machine."""
UNCOUNTED = ("/tests/house/", "/tests/proofs/", "/tests/simulator/", "/tests/contract/test_wire_faults")
"""Where tests pass lines of ours that others count already, or none."""
TWICE = ("/tests/integration/bot/", "/tests/integration/services/", "/tests/integration/web/")
"""Where PostgreSQL passes the lines that SQLite does."""

LONG = ("/tests/proofs/", "/tests/house/test_image.py")
"""Where a test takes long, and mostly waits: other workers would wait for it too, were it among the last."""


settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count lines where that tells something: it takes as long as passing them."""
    _spread_long_ones(items, getattr(config, "workerinput", {}).get("workercount", 0))
    for item in items:
        path = item.path.as_posix()
        again = "postgresql" in item.name and any(each in path for each in TWICE)
        if again or any(each in path for each in UNCOUNTED):
            item.add_marker(pytest.mark.uncounted)


def _spread_long_ones(items: list[pytest.Item], workers: int) -> None:
    """Give each worker, which begins with a share of the list, as many long ones, and none in the share's last third."""
    is_long = [any(part in each.path.as_posix() for part in LONG) for each in items]
    long = [each for each, one in zip(items, is_long, strict=True) if one]
    others = [each for each, one in zip(items, is_long, strict=True) if not one]
    spread: list[pytest.Item] = []
    for number in range(workers):
        share = others[number * len(others) // workers : (number + 1) * len(others) // workers]
        mine = long[number::workers]
        for at, each in enumerate(mine):
            share.insert(at * len(share) * 2 // 3 // len(mine), each)
        spread += share
    items[:] = spread or items


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count no lines of a test that is marked `uncounted`, nor of its fixtures."""
    counting = Coverage.current() if item.get_closest_marker("uncounted") else None
    if counting is None:
        return (yield)
    counting.stop()
    try:
        return (yield)
    finally:
        counting.start()


def _is_here(host: object) -> bool:
    if host in {None, "", "localhost", b"localhost"}:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text).is_loopback or ipaddress.ip_address(text).is_unspecified
    except ValueError:
        return False


def _refuse(host: object) -> None:
    # Not an Exception, so that no "except Exception" under test can swallow it.
    pytest.fail(f"the test reached for {host!r}, which is not this machine")


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """Print what is logged without drawing boxes around tracebacks: a drawn one takes a second of a test."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=True),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )


@pytest.fixture(scope="session", autouse=True)
def synchronous() -> int:
    """Spare the disk; return what SQLite is told where nobody does."""
    return spare_the_disk()


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection, datagram and look-up beyond loopback."""
    look_up = socket.getaddrinfo

    def checked(name: str) -> Any:
        call = getattr(socket.socket, name)

        def guarded(sock: socket.socket, *args: Any) -> Any:
            address = args[-1]
            if sock.family != socket.AF_UNIX and not _is_here(address[0]):
                _refuse(address[0])
            return call(sock, *args)

        return guarded

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(host, str) and host.endswith(NOWHERE):
            raise socket.gaierror(socket.EAI_NONAME, f"{host} does not exist")
        if not _is_here(host):
            _refuse(host)
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, checked(name))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield
