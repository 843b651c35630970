"""How requests that were asked and not answered are found again, by job. Kept in the memory of this process."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import uuid
from dataclasses import dataclass, replace
from typing import Protocol

from postern.identity.aws import AwsIdentity
from postern.identity.choose import Identity
from postern.identity.tokens import read_token_claims


@dataclass(frozen=True)
class Handle:
    """By its id, or, where the answer was lost, by the key that it was asked with."""

    idempotency_key: str
    request_id: str | None = None

    def with_id(self, request_id: str) -> Handle:
        """The same, once its id is known."""
        return replace(self, request_id=request_id)


class HandleStore(Protocol):
    """Where handles are kept.

    INVARIANT: `take` gives no handle to two: workers that ask the same side by side each have a request of their own.
    """

    def take(self, job: str) -> Handle | None:
        """A handle of this job that nobody works on; whoever gets it works on it alone."""
        ...

    def put_back(self, job: str, handle: Handle) -> None:
        """Leaves a handle for whoever asks the same next: its request still stands."""
        ...


class MemoryHandles:
    """Handles in the memory of this process. A process that is forked off has none of its parent's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: dict[str, list[Handle]] = {}
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def take(self, job: str) -> Handle | None:
        """See HandleStore."""
        with self._lock:
            free = self._free.get(job)
            if not free:
                return None
            handle = free.pop(0)
            if not free:
                del self._free[job]
            return handle

    def put_back(self, job: str, handle: Handle) -> None:
        """See HandleStore."""
        with self._lock:
            self._free.setdefault(job, []).append(handle)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._free = {}


def new_handle() -> Handle:
    """For a request that is about to be asked."""
    return Handle(str(uuid.uuid4()))


def caller_of(identity: Identity) -> str:
    """Who asks, by what stays the same from call to call: a token's subject, and who acts; a key of one's own; or the
    profile of keys that do not last."""
    if not isinstance(identity, AwsIdentity):
        token = identity.token()
        claims = read_token_claims(token)
        return f"token {[claims.issuer, claims.subject, claims.actor] if claims else token}"
    keys = identity.credentials()
    return f"profile {identity.named}" if keys.token else f"key {keys.access_key}"


def job_of(
    *,
    endpoint: str,
    caller: str,
    reason: str | None,
    job: str | None = None,
    references: tuple[str, ...] = (),
    duration_seconds: int | None,
    subject_token: str | None,
) -> str:
    """The name of a job: the same for the same caller, subject, reason, references and duration, and for nothing else."""
    claims = read_token_claims(subject_token) if subject_token is not None else None
    subject = [claims.issuer, claims.subject] if claims else subject_token
    text = json.dumps([endpoint, caller, reason, job, sorted(references), duration_seconds, subject])
    return hashlib.sha256(text.encode()).hexdigest()
