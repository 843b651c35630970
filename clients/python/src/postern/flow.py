"""Asking, waiting and claiming, as every client of Postern does it: without I/O, and without a clock but the one given."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from postern.access import Access
from postern.answers import RequestView, read_request, read_sealed
from postern.broker import Call
from postern.errors import PosternError, WaitTimedOut, error_of
from postern.handles import Handle, HandleStore, new_handle
from postern.pending import Pending, is_open, pending_of
from postern.sealing import new_claim_key
from postern.steps import Flow, Pause, Tell, name_job, send, subject_token

T = TypeVar("T")

_log = logging.getLogger("postern")

#: Seconds the broker holds an answer; under its 25, and under usual proxies' 30.
_HELD_SECONDS = 20
#: Between looks while people decide, unless the broker says otherwise.
_LOOK_SECONDS = 15.0
_MOST_PAUSE_SECONDS = 60.0
_ASK_ATTEMPTS = 3
_LOOK_ATTEMPTS = 5
#: A lost answer is fetched again with the same key: the broker keeps it for five minutes.
_CLAIM_ATTEMPTS = 10

_PASSING = frozenset(
    [
        "broker_unreachable",
        "claim_in_progress",
        "unavailable",
        "subject_keys_unavailable",
        "token_keys_unavailable",
    ]
)
_LEAVES_OPEN = frozenset(
    [
        "claim_in_progress",
        "not_ready",
        "subject_token_invalid",
        "signature_refused",
        "clock_off",
        "wrong_region",
        "token_refused",
        "token_expired",
    ]
)
#: Of a claim that somebody else was first with, or that came too late.
_TOO_LATE = frozenset(["already_claimed", "request_expired", "request_cancelled"])
#: Of a request that was asked before and serves whoever asks the same now; a denial that nobody heard of does, too.
_TAKEN_UP = frozenset(["PENDING", "AWAITING_APPROVAL", "READY", "DENIED"])


@dataclass(frozen=True)
class Wanted:
    """What is asked for."""

    reason: str | None
    duration_seconds: int | None = None
    #: The name of a job that a change has fixed for the caller.
    job: str | None = None
    #: Tickets and the like that it is for.
    references: tuple[str, ...] = ()


def named(references: Sequence[str]) -> tuple[str, ...]:
    """References as they were given; a text alone is one of them."""
    return (references,) if isinstance(references, str) else tuple(references)


@dataclass(frozen=True)
class Ports:
    """What the flow needs beside its steps."""

    endpoint: str
    handles: HandleStore
    #: Seconds that only go on.
    clock: Callable[[], float]


@dataclass(frozen=True)
class _Opened:
    """A request to wait for, and the handle by which it is found again should that end too soon."""

    view: RequestView
    handle: Handle
    is_old: bool


def leaves_open(error: BaseException) -> bool:
    """Whether an error leaves the request as it is, so that it can be taken up again."""
    if not isinstance(error, PosternError):
        return True
    if error.code == "seal_broken":
        return False
    return error.status == 0 or error.status >= 500 or error.code in _LEAVES_OPEN


def _try_again(run: Callable[[], Flow[T]], attempts: int) -> Flow[T]:
    """Runs a call that is safe to repeat, again for as long as its failure may pass."""
    attempt = 1
    while True:
        try:
            return (yield from run())
        except PosternError as error:
            if error.code not in _PASSING or attempt >= attempts:
                raise
            seconds = 1.0 if error.retry_after_seconds is None else error.retry_after_seconds
        attempt += 1
        yield Pause(min(seconds, _MOST_PAUSE_SECONDS))


def _create(wanted: Wanted, key: str) -> Flow[RequestView]:
    def run() -> Flow[RequestView]:
        body: dict[str, object] = {}
        if wanted.reason is not None:
            body["reason"] = wanted.reason
        if wanted.job is not None:
            body["job"] = wanted.job
        if wanted.references:
            body["references"] = list(wanted.references)
        if wanted.duration_seconds is not None:
            body["durationSeconds"] = wanted.duration_seconds
        token = yield from subject_token()
        call = Call("POST", "/requests", {}, {"Idempotency-Key": key}, body, token)
        return read_request((yield from send(call)))

    return (yield from _try_again(run, _ASK_ATTEMPTS))


def look(request_id: str, wait_seconds: int = 0) -> Flow[RequestView]:
    """The request as it stands, held back by the broker for so many seconds while it is reviewed."""

    def run() -> Flow[RequestView]:
        token = yield from subject_token()
        query = {"wait": str(wait_seconds)} if wait_seconds else {}
        call = Call("GET", _path_of(request_id), query, {}, None, token)
        return read_request((yield from send(call)), request_id)

    return (yield from _try_again(run, _LOOK_ATTEMPTS))


def cancel(request_id: str) -> Flow[RequestView]:
    """Takes back a request that waits."""
    token = yield from subject_token()
    answer = yield from send(Call("POST", f"{_path_of(request_id)}/cancel", {}, {}, None, token))
    return read_request(answer, request_id)


def claim(request_id: str) -> Flow[Access]:
    """Claims a granted request, and opens its session here. What was denied or has lapsed is claimed too: the broker's
    refusal says why."""
    key = new_claim_key()

    def run() -> Flow[str]:
        token = yield from subject_token()
        body: dict[str, object] = {"recipientKey": key.public_jwk()}
        call = Call("POST", f"{_path_of(request_id)}/credentials", {}, {}, body, token)
        return read_sealed((yield from send(call)))

    sealed = yield from _try_again(run, _CLAIM_ATTEMPTS)
    return key.open(sealed, request_id)


def wait(first: RequestView, timeout: float, ports: Ports, *, for_people: bool = True) -> Flow[RequestView]:
    """Waits until the request is no longer being decided, or, where people's time is not meant, reviewed. Raises
    WaitTimedOut; the request then still stands."""
    until = ports.clock() + timeout
    view = first
    _tell(view)
    yield Tell(view)
    while is_open(view.status) and (for_people or view.status == "PENDING"):
        left = until - ports.clock()
        if left <= 0:
            raise _timed_out(view, ports.endpoint)
        if view.status == "AWAITING_APPROVAL":
            seconds = _LOOK_SECONDS if view.retry_after_seconds is None else view.retry_after_seconds
            yield Pause(min(max(seconds, 1.0), _MOST_PAUSE_SECONDS, left))
        before = view.status
        view = yield from look(view.request_id, min(_HELD_SECONDS, max(1, round(left))))
        if view.status != before:
            _tell(view)
            yield Tell(view)
        elif view.status == "PENDING":
            # It was held back for long already, unless what answers does not hold.
            yield Pause(1.0)
    return view


def request_access(wanted: Wanted, timeout: float, ports: Ports) -> Flow[Access]:
    """Asks, waits, claims. What was asked before for the same job, and is open or unclaimed, is gone on with instead."""
    job = yield from name_job()
    opened = yield from _take_up_or_ask(wanted, job, ports)
    try:
        return (yield from _access_to(opened, job, timeout, ports))
    except PosternError as error:
        # It was claimed or lapsed while it was waited for: whoever asks now still needs a session.
        if not opened.is_old or error.code not in _TOO_LATE:
            raise
    return (yield from _access_to((yield from _ask_anew(wanted, job, ports)), job, timeout, ports))


def start(wanted: Wanted, timeout: float, ports: Ports) -> Flow[Pending]:
    """Asks, and waits for the review but not for people. Raises what a claim would where there is nothing to wait for."""
    job = yield from name_job()
    opened = yield from _take_up_or_ask(wanted, job, ports)
    try:
        view = yield from wait(opened.view, timeout, ports, for_people=False)
    except WaitTimedOut as error:
        # It stands, and whoever holds it goes on with it.
        return error.pending
    except BaseException:
        ports.handles.put_back(job, opened.handle)
        raise
    if view.status not in ("AWAITING_APPROVAL", "READY"):
        yield from claim(view.request_id)
    return pending_of(view, ports.endpoint)


def finish(pending: Pending, timeout: float, ports: Ports) -> Flow[Access]:
    """Goes on with a request: waits for its decision, and claims it."""
    _check_endpoint(pending, ports)
    view = yield from look(pending.request_id)
    yield from wait(view, timeout, ports)
    return (yield from claim(pending.request_id))


def check(pending: Pending, ports: Ports) -> Flow[Pending]:
    """The request as it stands now."""
    _check_endpoint(pending, ports)
    return pending_of((yield from look(pending.request_id)), ports.endpoint)


def take_back(pending: Pending, ports: Ports) -> Flow[Pending]:
    """Cancels the request."""
    _check_endpoint(pending, ports)
    return pending_of((yield from cancel(pending.request_id)), ports.endpoint)


def _check_endpoint(pending: Pending, ports: Ports) -> None:
    """INVARIANT: what was kept says which broker it is of, and never where tokens and signatures are sent."""
    if pending.endpoint != ports.endpoint:
        detail = "This request was asked of another broker than POSTERN_API, or endpoint, names here."
        raise error_of("no_endpoint", detail, request_id=pending.request_id)


def _take_up_or_ask(wanted: Wanted, job: str, ports: Ports) -> Flow[_Opened]:
    while handle := ports.handles.take(job):
        try:
            opened = yield from _find(handle, wanted)
        except BaseException as error:
            if leaves_open(error):
                ports.handles.put_back(job, handle)
            raise
        if opened and opened.view.status in _TAKEN_UP:
            return opened
    return (yield from _ask_anew(wanted, job, ports))


def _find(handle: Handle, wanted: Wanted) -> Flow[_Opened | None]:
    """The request of a handle; None where there is none any more."""
    if handle.request_id is None:
        view = yield from _create(wanted, handle.idempotency_key)
        return _Opened(view, handle.with_id(view.request_id), True)
    try:
        return _Opened((yield from look(handle.request_id)), handle, True)
    except PosternError as error:
        if error.code == "request_not_found":
            return None
        raise


def _ask_anew(wanted: Wanted, job: str, ports: Ports) -> Flow[_Opened]:
    handle = new_handle()
    try:
        view = yield from _create(wanted, handle.idempotency_key)
    except BaseException as error:
        if leaves_open(error):
            ports.handles.put_back(job, handle)
        raise
    return _Opened(view, handle.with_id(view.request_id), False)


def _access_to(opened: _Opened, job: str, timeout: float, ports: Ports) -> Flow[Access]:
    try:
        view = yield from wait(opened.view, timeout, ports)
        return (yield from claim(view.request_id))
    except BaseException as error:
        if leaves_open(error):
            ports.handles.put_back(job, opened.handle)
        raise


def _path_of(request_id: str) -> str:
    return f"/requests/{quote(request_id, safe='')}"


def _tell(view: RequestView) -> None:
    if view.status == "AWAITING_APPROVAL":
        _log.info("request %s waits for people to decide: postern.finish goes on with it", view.request_id)
    else:
        _log.info("request %s is %s", view.request_id, view.status)


def _timed_out(view: RequestView, endpoint: str) -> PosternError:
    who = "Nobody has decided yet." if view.status == "AWAITING_APPROVAL" else "It is still being reviewed."
    detail = f"{who} The request still stands: postern.finish(error.pending) goes on with it, here or elsewhere."
    error = WaitTimedOut("wait_timed_out", detail, request_id=view.request_id)
    error.pending = pending_of(view, endpoint)
    return error
