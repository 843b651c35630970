"""The same for `asyncio`: `await postern.aio.request(...)`. Nothing blocks the event loop while it waits."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from postern import flow
from postern.access import Access
from postern.blocking import run as run_blocking
from postern.renewing import PosternCredentials, boto3_session
from postern.errors import error_of
from postern.flow import Wanted, named
from postern.handles import HandleStore
from postern.identity.choose import Identity
from postern.pending import Pending
from postern.settings import DEFAULT_TIMEOUT, REVIEW_SECONDS, AsyncSubjectToken, Progress, Setting, setting_of
from postern.steps import Flow, NameJob, Pause, Send, Step, SubjectTokenNow

if TYPE_CHECKING:
    from boto3.session import Session

__all__ = ["cancel", "check", "finish", "request", "session", "start"]

T = TypeVar("T")


async def request(
    reason: str | None = None,
    *,
    job: str | None = None,
    references: Sequence[str] = (),
    duration_seconds: int | None = None,
    subject_token: AsyncSubjectToken | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
    handles: HandleStore | None = None,
) -> Access:
    """See `postern.request`. A task that is cancelled leaves the request as it is: who asks the same next goes on."""
    wanted = Wanted(reason, duration_seconds, job, named(references))
    setting = setting_of(
        endpoint=endpoint,
        identity=identity,
        subject_token=subject_token,
        on_progress=on_progress,
        handles=handles,
        wanted=wanted,
    )
    return await _run(flow.request_access(wanted, timeout, setting.ports), setting)


async def start(
    reason: str | None = None,
    *,
    job: str | None = None,
    references: Sequence[str] = (),
    duration_seconds: int | None = None,
    subject_token: AsyncSubjectToken | None = None,
    timeout: float = REVIEW_SECONDS,
    endpoint: str | None = None,
    identity: Identity | None = None,
    handles: HandleStore | None = None,
) -> Pending:
    """See `postern.start`."""
    wanted = Wanted(reason, duration_seconds, job, named(references))
    setting = setting_of(
        endpoint=endpoint,
        identity=identity,
        subject_token=subject_token,
        handles=handles,
        wanted=wanted,
    )
    return await _run(flow.start(wanted, timeout, setting.ports), setting)


async def finish(
    pending: Pending,
    *,
    subject_token: AsyncSubjectToken | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
) -> Access:
    """See `postern.finish`."""
    setting = setting_of(
        endpoint=endpoint, identity=identity, subject_token=subject_token, on_progress=on_progress
    )
    return await _run(flow.finish(pending, timeout, setting.ports), setting)


async def check(
    pending: Pending,
    *,
    subject_token: AsyncSubjectToken | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
) -> Pending:
    """See `postern.check`."""
    setting = setting_of(endpoint=endpoint, identity=identity, subject_token=subject_token)
    return await _run(flow.check(pending, setting.ports), setting)


async def cancel(
    pending: Pending,
    *,
    subject_token: AsyncSubjectToken | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
) -> Pending:
    """See `postern.cancel`."""
    setting = setting_of(endpoint=endpoint, identity=identity, subject_token=subject_token)
    return await _run(flow.take_back(pending, setting.ports), setting)


async def session(
    reason: str | None = None,
    *,
    job: str | None = None,
    references: Sequence[str] = (),
    duration_seconds: int | None = None,
    subject_token: AsyncSubjectToken | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
    handles: HandleStore | None = None,
    region: str | None = None,
) -> Session:
    """A boto3 session whose first credentials are there: people are waited for here, without blocking.

    Its clients block, as boto3's do: call them by `asyncio.to_thread`. Renewals happen there, so that a `subject_token`
    which is a coroutine function is refused (`TypeError`).
    """
    if inspect.iscoroutinefunction(subject_token):
        raise TypeError("The subject_token of a session that renews itself is text or a function that blocks.")
    wanted = Wanted(reason, duration_seconds, job, named(references))
    setting = setting_of(
        endpoint=endpoint,
        identity=identity,
        subject_token=subject_token,
        on_progress=on_progress,
        handles=handles,
        wanted=wanted,
    )
    first: list[Access] = [await _run(flow.request_access(wanted, timeout, setting.ports), setting)]

    def ask(within: float | None) -> Access:
        if first:
            return first.pop()
        seconds = timeout if within is None else min(within, timeout)
        return run_blocking(flow.request_access(wanted, seconds, setting.ports), setting)

    credentials = PosternCredentials(ask)
    credentials.get_frozen_credentials()
    return boto3_session(credentials, region or os.environ.get("AWS_REGION"))


async def _run(steps: Flow[T], setting: Setting) -> T:
    """Runs a flow to its end. Whatever a step raises, a cancellation too, is raised within the flow first."""
    try:
        step = next(steps)
        while True:
            try:
                answer = await _perform(step, setting)
            except BaseException as error:
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as end:
        return cast("T", end.value)


async def _perform(step: Step, setting: Setting) -> object:
    if isinstance(step, Send):
        call = step.call
        return await _in_thread(lambda: setting.broker.send(call))
    if isinstance(step, Pause):
        return await asyncio.sleep(step.seconds)
    if isinstance(step, SubjectTokenNow):
        return await _token_of(setting)
    if isinstance(step, NameJob):
        token = await _token_of(setting)
        return await _in_thread(lambda: setting.name_job(token))
    if setting.on_progress is None:
        return None
    told = setting.on_progress(step.view)
    return await told if inspect.isawaitable(told) else told


async def _token_of(setting: Setting) -> str | None:
    given = setting.subject_token
    token = given() if callable(given) else given
    if token is None or isinstance(token, str):
        return token
    fresh = await cast("Awaitable[object]", token)
    if not isinstance(fresh, str):
        raise error_of("subject_token_invalid", "The function that gets the subject's token gave no text.")
    return fresh


async def _in_thread(work: Callable[[], T]) -> T:
    """Runs blocking work in a thread of its own, that neither a cancelled task nor the end of the loop waits for."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        def once() -> None:
            if not done.done():
                settle()

        try:
            loop.call_soon_threadsafe(once)
        except RuntimeError:
            # The loop has ended: nobody waits any more.
            pass

    def body() -> None:
        try:
            result = work()
        except BaseException as error:
            failure = error
            tell(lambda: done.set_exception(failure))
        else:
            tell(lambda: done.set_result(result))

    threading.Thread(target=body, name="postern", daemon=True).start()
    return await done
