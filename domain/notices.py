"""What a host should hear of: troubles of the installation, not of one seller, and what persons write to the host."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoteKind(StrEnum):
    MISCONFIGURED = "misconfigured"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_FIELD = "unknown_field"
    PARKED = "parked"
    PUSHES_FAIL = "pushes_fail"
    PUSHES_OFF = "pushes_off"
    STARTED = "started"
    CRASH_LOOP = "crash_loop"
    BACKUP_FAILED = "backup_failed"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. The same `key` is told once; facts are words of ours and ids."""

    kind: NoteKind
    key: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HostNote:
    """A notice on its way to the host; `attempts` counts those before."""

    id: str
    kind: NoteKind
    facts: Mapping[str, str]
    created_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Breakage:
    """What stands behind a reference that a person was shown."""

    reference: str
    at: datetime
    code: str
    source: str
    seller_id: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person wrote to the host, and what broke when they wrote of it."""

    id: str
    seller_id: str
    at: datetime
    words: str
    reference: str
    broke: Breakage | None
