"""What the flow asks of whoever runs it: one flow, run by blocking calls or in an event loop."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar, Union

from postern.answers import Answer, RequestView
from postern.broker import Call

T = TypeVar("T")


@dataclass(frozen=True)
class Send:
    """Send a call; answered by an Answer."""

    call: Call


@dataclass(frozen=True)
class Pause:
    """Wait for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class SubjectTokenNow:
    """The signed-in user's token as it is now; None where nobody's is asked for."""


@dataclass(frozen=True)
class NameJob:
    """The name of the job that is asked for; it may take a look-up of who calls."""


@dataclass(frozen=True)
class Tell:
    """Tell how the request stands."""

    view: RequestView


Step = Union[Send, Pause, SubjectTokenNow, NameJob, Tell]
#: Yields steps, is sent their answers, and returns its result.
Flow = Generator[Step, Any, T]


def send(call: Call) -> Flow[Answer]:
    """Sends a call."""
    return (yield Send(call))


def subject_token() -> Flow[str | None]:
    """The signed-in user's token."""
    return (yield SubjectTokenNow())


def name_job() -> Flow[str]:
    """The job's name."""
    return (yield NameJob())
