"""That finding out who calls never starts itself: a profile whose `credential_process` is Postern, or a process that
Postern's own look-up started."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager

#: Set while a process resolves who it is; the command line and the TypeScript client know it too.
_MARKER = "POSTERN_RESOLVING_IDENTITY"
#: A line that has an AWS tool run `postern credential-process`: by name, by path, or through npx or node.
_RUNS_POSTERN = re.compile(r"\bpostern\b.*\bcredential-process\b", re.DOTALL)

Profiles = Mapping[str, Mapping[str, object]]


def find_loop(profile: str | None, profiles: Profiles) -> str | None:
    """The profile, used or taken from, whose credentials come from Postern; None where none does.

    INVARIANT: a line that names another profile for Postern to sign as is a loop too: what it gives is a session that
    was granted for another job, and no identity.
    """
    seen: set[str] = set()
    while profile is not None and profile not in seen:
        seen.add(profile)
        settings = profiles.get(profile, {})
        if _RUNS_POSTERN.search(str(settings.get("credential_process", ""))):
            return profile
        source = settings.get("source_profile")
        profile = source if isinstance(source, str) else None
    return None


_lock = threading.Lock()
_running = 0


def is_started_by_look_up() -> bool:
    """Whether another process, which is resolving its own identity, started this one."""
    marker = os.environ.get(_MARKER)
    return bool(marker) and marker != str(os.getpid())


@contextmanager
def marked_look_up() -> Generator[None, None, None]:
    """Marks a look-up of credentials, so that what it starts can see whom it was started by."""
    global _running
    with _lock:
        _running += 1
        os.environ[_MARKER] = str(os.getpid())
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if _running == 0:
                os.environ.pop(_MARKER, None)
