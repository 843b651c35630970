"""Asking for access by blocking calls."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from postern import flow
from postern.access import Access
from postern.blocking import run
from postern.renewing import PosternCredentials, boto3_session
from postern.flow import Wanted, named
from postern.handles import HandleStore
from postern.identity.choose import Identity
from postern.pending import Pending
from postern.settings import DEFAULT_TIMEOUT, REVIEW_SECONDS, Progress, Setting, SubjectToken, setting_of

if TYPE_CHECKING:
    from boto3.session import Session


def request(
    reason: str | None = None,
    *,
    job: str | None = None,
    references: Sequence[str] = (),
    duration_seconds: int | None = None,
    subject_token: SubjectToken | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
    handles: HandleStore | None = None,
) -> Access:
    """Asks for access, waits for the decision, people included, and claims the session with a key of its own.

    What was asked before for the same job, by the same principal and for as long, and is open or unclaimed, is gone on
    with instead.

    Args:
        reason: The job, in plain language. The broker chooses the grants. Needed unless a `job` is named.
        job: The name of a job that a change has fixed for the caller: no model is asked.
        references: Tickets and the like that it is for, at most five: `OPS-12`. A guardrail may ask for one.
        duration_seconds: 900 to 3600.
        subject_token: The token of the signed-in user that this is for, or a function that gets a fresh one.
        timeout: Seconds to wait for the decision.
        on_progress: Hears of the request at once, with its id, and of each new status.
        endpoint: The broker's address; `POSTERN_API` unless given.
        identity: Who calls; as the environment says unless given.
        handles: Where open requests are kept to be taken up again; the memory of this process unless given.

    Raises:
        PosternError: There is no access, or none yet (`WaitTimedOut`); its class says why.
    """
    wanted = Wanted(reason, duration_seconds, job, named(references))
    setting = setting_of(
        endpoint=endpoint,
        identity=identity,
        subject_token=subject_token,
        on_progress=on_progress,
        handles=handles,
        wanted=wanted,
    )
    return run(flow.request_access(wanted, timeout, setting.ports), setting)


def start(
    reason: str | None = None,
    *,
    job: str | None = None,
    references: Sequence[str] = (),
    duration_seconds: int | None = None,
    subject_token: SubjectToken | None = None,
    timeout: float = REVIEW_SECONDS,
    endpoint: str | None = None,
    identity: Identity | None = None,
    handles: HandleStore | None = None,
) -> Pending:
    """Asks, and answers as soon as the request is reviewed, without waiting for people: at most `timeout` seconds.

    What it answers can be kept as text, and gone on with by `finish`, in this process or another. Raises Denied, and
    whatever else `request` does, where there is nothing to go on with.
    """
    wanted = Wanted(reason, duration_seconds, job, named(references))
    setting = setting_of(
        endpoint=endpoint,
        identity=identity,
        subject_token=subject_token,
        handles=handles,
        wanted=wanted,
    )
    return run(flow.start(wanted, timeout, setting.ports), setting)


def finish(
    pending: Pending,
    *,
    subject_token: SubjectToken | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
) -> Access:
    """Goes on with a request: waits for its decision, and claims its session. With `timeout=0` it only looks.

    It is called as the same principal, with the same signed-in user's token, of the same broker.
    """
    setting = setting_of(
        endpoint=endpoint, identity=identity, subject_token=subject_token, on_progress=on_progress
    )
    return run(flow.finish(pending, timeout, setting.ports), setting)


def check(
    pending: Pending,
    *,
    subject_token: SubjectToken | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
) -> Pending:
    """The request as it stands now; nothing is waited for, and nothing claimed."""
    setting = setting_of(endpoint=endpoint, identity=identity, subject_token=subject_token)
    return run(flow.check(pending, setting.ports), setting)


def cancel(
    pending: Pending,
    *,
    subject_token: SubjectToken | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
) -> Pending:
    """Takes back a request that still waits."""
    setting = setting_of(endpoint=endpoint, identity=identity, subject_token=subject_token)
    return run(flow.take_back(pending, setting.ports), setting)


def credentials(
    reason: str | None = None,
    *,
    job: str | None = None,
    references: Sequence[str] = (),
    duration_seconds: int | None = None,
    subject_token: SubjectToken | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
    handles: HandleStore | None = None,
) -> PosternCredentials:
    """Credentials of botocore that ask when they are first used, and again before their session ends."""
    wanted = Wanted(reason, duration_seconds, job, named(references))
    setting: Setting = setting_of(
        endpoint=endpoint,
        identity=identity,
        subject_token=subject_token,
        on_progress=on_progress,
        handles=handles,
        wanted=wanted,
    )

    def ask(within: float | None) -> Access:
        seconds = timeout if within is None else min(within, timeout)
        return run(flow.request_access(wanted, seconds, setting.ports), setting)

    return PosternCredentials(ask)


def session(
    reason: str | None = None,
    *,
    job: str | None = None,
    references: Sequence[str] = (),
    duration_seconds: int | None = None,
    subject_token: SubjectToken | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    on_progress: Progress | None = None,
    endpoint: str | None = None,
    identity: Identity | None = None,
    handles: HandleStore | None = None,
    region: str | None = None,
) -> Session:
    """A boto3 session for one job. It asks when it is first used, and again, with the same reason, before it ends.

    The arguments are those of `request`; a `subject_token` that is a function gets a fresh token at each renewal.
    `region` is where its clients call; `AWS_REGION`, or what boto3 finds, unless given. Whatever keys of AWS there are
    in the environment are not used by it. A call of a client raises PosternError where there is no access.
    """
    asking = credentials(
        reason,
        job=job,
        references=references,
        duration_seconds=duration_seconds,
        subject_token=subject_token,
        timeout=timeout,
        on_progress=on_progress,
        endpoint=endpoint,
        identity=identity,
        handles=handles,
    )
    return boto3_session(asking, region or os.environ.get("AWS_REGION"))
