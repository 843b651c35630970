"""Credentials of boto3 that renew themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from postern.access import Access
from postern.errors import PosternError

if TYPE_CHECKING:
    from boto3.session import Session

#: Seconds before a session's end from which the next one is asked for. botocore's own fifteen minutes are as long as
#: the shortest session, which would be asked for anew at every call.
_EARLY_SECONDS = 5 * 60
#: From which a session is no longer used.
_LATE_SECONDS = 60
#: That a renewal of a session which still works may take.
_QUICK_SECONDS = 20.0
#: After a failure, in which nobody is asked again.
_QUIET_SECONDS = 30.0


class PosternCredentials(DeferredRefreshableCredentials):
    """Asks when it is first used, and again, with the same reason, before its session ends. Threads share one request.

    Where people have to decide, a session that still works is used meanwhile, and what was asked is gone on with.
    """

    _advisory_refresh_timeout = _EARLY_SECONDS
    _mandatory_refresh_timeout = _LATE_SECONDS

    def __init__(self, ask: Callable[[float | None], Access]) -> None:
        """`ask` is given the seconds that it may take, or None for as long as its caller wants to wait."""
        super().__init__(refresh_using=self._renew, method="postern")
        self._ask = ask
        self._failure: tuple[PosternError, float] | None = None
        #: The session in use; None before the first.
        self.access: Access | None = None

    def refresh_needed(self, refresh_in: int | None = None) -> bool:
        """As botocore has it, but that a failure is not repeated at every call while there is a session that works."""
        if self._has_failed() and not self._is_over():
            return False
        return super().refresh_needed(refresh_in)

    def _is_over(self) -> bool:
        return self.access is None or self.access.expiration.timestamp() - time.time() < _LATE_SECONDS

    def _has_failed(self) -> PosternError | None:
        return self._failure[0] if self._failure and time.monotonic() < self._failure[1] else None

    def _renew(self) -> dict[str, str]:
        if failure := self._has_failed():
            raise failure.with_traceback(None)
        try:
            access = self._ask(None if self._is_over() else _QUICK_SECONDS)
        except PosternError as error:
            self._failure = (error, time.monotonic() + _QUIET_SECONDS)
            raise
        self._failure, self.access = None, access
        return {
            "access_key": access.access_key_id,
            "secret_key": access.secret_access_key,
            "token": access.session_token,
            "expiry_time": access.expiration.isoformat(),
        }


class _Provider(CredentialProvider):
    METHOD = "postern"
    CANONICAL_NAME = "postern"

    def __init__(self, credentials: PosternCredentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> PosternCredentials:
        """The one set of credentials."""
        return self._credentials


def boto3_session(credentials: PosternCredentials, region: str | None) -> Session:
    """A boto3 session that has these credentials and no others, whatever stands in the environment."""
    try:
        import boto3.session
    except ImportError:
        raise ImportError("postern.session needs boto3: pip install 'postern[boto3]'") from None
    core: Any = botocore.session.Session()
    core.register_component("credential_provider", CredentialResolver([_Provider(credentials)]))
    return boto3.session.Session(botocore_session=core, region_name=region)
