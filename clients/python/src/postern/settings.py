"""What the functions of this package share: which broker, who calls, and for whom."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Union

from postern.answers import RequestView
from postern.broker import Broker
from postern.errors import error_of
from postern.flow import Ports, Wanted
from postern.handles import HandleStore, MemoryHandles, caller_of, job_of
from postern.identity.choose import Identity, choose_identity

#: A signed-in user's token, or where to get a fresh one: waiting can outlast a token.
SubjectToken = Union[str, Callable[[], str]]
AsyncSubjectToken = Union[SubjectToken, Callable[[], Awaitable[str]]]
#: Told each picture of the request whose status is new, the first included.
Progress = Callable[[RequestView], object]

#: Seconds to wait for a decision, people included.
DEFAULT_TIMEOUT = 600.0
#: Seconds to wait for a review, which takes no people.
REVIEW_SECONDS = 60.0

_memory = MemoryHandles()


@dataclass(frozen=True)
class Setting:
    """A broker and a caller, as the options or the environment name them."""

    broker: Broker
    ports: Ports
    subject_token: AsyncSubjectToken | None = field(repr=False)
    on_progress: Progress | None
    #: What the job is named by, where one is asked for.
    wanted: Wanted | None = None

    def name_job(self, subject_token: str | None) -> str:
        """The name of the job that is asked for."""
        wanted = self.wanted or Wanted(None)
        return job_of(
            endpoint=self.broker.endpoint,
            caller=caller_of(self.broker.identity),
            reason=wanted.reason,
            job=wanted.job,
            references=wanted.references,
            duration_seconds=wanted.duration_seconds,
            subject_token=subject_token,
        )


def setting_of(
    *,
    endpoint: str | None,
    identity: Identity | None,
    subject_token: AsyncSubjectToken | None,
    on_progress: Progress | None = None,
    handles: HandleStore | None = None,
    clock: Callable[[], float] = time.monotonic,
    wanted: Wanted | None = None,
) -> Setting:
    """The setting that options and environment make. Raises NoEndpoint."""
    named = endpoint or os.environ.get("POSTERN_API")
    if not named:
        raise error_of("no_endpoint", "Set POSTERN_API, or endpoint, to the broker’s address.")
    broker = Broker(named, choose_identity(named) if identity is None else identity)
    store = _memory if handles is None else handles
    return Setting(broker, Ports(broker.endpoint, store, clock), subject_token, on_progress, wanted)
