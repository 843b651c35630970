"""Why there is no access. Each is one line that says what to do, and a class to catch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from postern.text import one_line

if TYPE_CHECKING:
    from postern.pending import Pending


@dataclass(frozen=True)
class Reason:
    """One reason of a decision: a stable code, and a sentence."""

    code: str
    detail: str


class PosternError(Exception):
    """Base of everything that this package raises. A problem of a code that it does not know is one itself."""

    #: The API's codes, or the client's own, that the class stands for.
    codes: ClassVar[tuple[str, ...]] = ()
    #: What to look at, beside what the broker says.
    hint: ClassVar[str] = ""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int = 0,
        request_id: str | None = None,
        reasons: Sequence[Reason] = (),
        retry_after_seconds: float | None = None,
    ) -> None:
        about = f"(request {request_id})" if request_id and request_id not in detail else ""
        super().__init__(one_line(" ".join(part for part in (detail, about, self.hint) if part)))
        self.code = code
        #: What the broker said, as it said it.
        self.detail = detail
        #: The HTTP status; 0 where no answer came.
        self.status = status
        self.request_id = request_id
        self.reasons = tuple(reasons)
        self.retry_after_seconds = retry_after_seconds

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), str(self), self.__dict__.copy()))


def _restore(kind: type[PosternError], message: str, fields: dict[str, Any]) -> PosternError:
    error = kind.__new__(kind, message)
    error.args = (message,)
    error.__dict__.update(fields)
    return error


class Denied(PosternError):
    """The broker, or people, said no; `reasons` says why. To ask the same again changes nothing."""

    codes = ("request_denied",)


class Suspended(PosternError):
    """The caller is suspended, or refused for a while after many denials (`retry_after_seconds`)."""

    codes = ("principal_suspended", "requests_suspended")


class LimitReached(PosternError):
    """The caller has asked, or holds, as much as it may for now."""

    codes = ("limit_reached",)


class NotRegistered(PosternError):
    """The broker knows who calls, and has no such principal."""

    codes = ("principal_unknown",)


class GatewayRequired(PosternError):
    """Sessions of this principal go to a gateway only."""

    codes = ("gateway_required",)


class InvalidRequest(PosternError):
    """What was asked is not as the API wants it."""

    codes = (
        "invalid_request",
        "invalid_json",
        "body_too_large",
        "grant_not_selectable",
        "idempotency_conflict",
        "recipient_key_invalid",
    )


class RequestNotFound(PosternError):
    """There is no such request for this caller and this signed-in user."""

    codes = ("request_not_found",)


class Expired(PosternError):
    """It was granted, and nobody claimed it in time."""

    codes = ("request_expired",)
    hint = "Ask again."


class Cancelled(PosternError):
    """Its requester cancelled it."""

    codes = ("request_cancelled",)


class AlreadyClaimed(PosternError):
    """Somebody claimed the session before: it opens for that one alone."""

    codes = ("already_claimed",)


class NotReady(PosternError):
    """It is still being decided."""

    codes = ("not_ready", "claim_in_progress")


class WaitTimedOut(PosternError):
    """Nobody has decided yet. `pending` still stands: `postern.finish` goes on with it, here or in another process."""

    codes = ("wait_timed_out",)
    pending: Pending


class SubjectTokenRefused(PosternError):
    """The signed-in user's token is missing, expired, or of somebody else."""

    codes = ("subject_token_invalid",)


class TokenRefused(PosternError):
    """The token that was to sign in was refused."""

    codes = ("token_refused", "token_only_asks", "token_only_redirects")
    hint = "POSTERN_API must be the door of the token’s issuer, and the token for that broker."


class TokenExpired(TokenRefused):
    """The token that was to sign in has ended: whatever writes it has stopped."""

    codes = ("token_expired",)
    hint = ""


class SignatureRefused(PosternError):
    """The signature was refused."""

    codes = ("signature_refused",)
    hint = "Check the region (AWS_REGION), and that the credentials are current."


class ClockOff(SignatureRefused):
    """This machine's clock is off by more than AWS takes."""

    codes = ("clock_off",)
    hint = ""


class WrongRegion(SignatureRefused):
    """Calls were signed for another region than the broker's."""

    codes = ("wrong_region",)
    hint = ""


class BrokerUnreachable(PosternError):
    """No answer came. Calls were tried again before."""

    codes = ("broker_unreachable",)
    hint = "Check POSTERN_API, the network, and a proxy in between."


class BrokerFailed(PosternError):
    """The broker, its reviewer or an issuer of tokens is down. It counts against nobody: try again later."""

    codes = (
        "unavailable",
        "internal_error",
        "request_failed",
        "reviewer_unavailable",
        "claim_timed_out",
        "subject_keys_unavailable",
        "token_keys_unavailable",
    )


class ForeignAnswer(PosternError):
    """What answered is no broker, or one of another version."""

    codes = ("unexpected_answer",)


class SealBroken(PosternError):
    """The sealed session does not open with this claim's key, or is of another request. Nothing of it is used."""

    codes = ("seal_broken",)


class SetupError(PosternError):
    """This machine lacks something that is needed to ask."""


class NoEndpoint(SetupError):
    """No broker is named, or by no address that tokens are sent to."""

    codes = ("no_endpoint",)


class NoCredentials(SetupError):
    """There is nothing to sign with."""

    codes = ("no_credentials", "sign_in_expired")


class NoProfile(SetupError):
    """The profile that is named is not there."""

    codes = ("no_profile",)


class NoRegion(SetupError):
    """There is no region to sign for."""

    codes = ("no_region",)


class NoCertificates(SetupError):
    """The certificates that AWS_CA_BUNDLE names cannot be read."""

    codes = ("no_certificates",)


class IdentityLoop(SetupError):
    """The profile gets its credentials from Postern itself, which would start itself again."""

    codes = ("identity_loop",)


class TokenUnreadable(SetupError):
    """There is no token where one is to be."""

    codes = ("token_unreadable",)


class LoginEnded(SetupError):
    """The login of this machine has ended, or others can read it."""

    codes = ("login_ended", "login_exposed", "not_logged_in")


def _classes(base: type[PosternError]) -> dict[str, type[PosternError]]:
    found = {code: base for code in base.codes}
    for kind in base.__subclasses__():
        found.update(_classes(kind))
    return found


_BY_CODE = _classes(PosternError)


def error_of(
    code: str,
    detail: str,
    *,
    status: int = 0,
    request_id: str | None = None,
    reasons: Sequence[Reason] = (),
    retry_after_seconds: float | None = None,
) -> PosternError:
    """The error that a code stands for."""
    return _BY_CODE.get(code, PosternError)(
        code,
        detail,
        status=status,
        request_id=request_id,
        reasons=reasons,
        retry_after_seconds=retry_after_seconds,
    )
