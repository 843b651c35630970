"""What the broker answers, read at the edge. Whatever is not of its form is a ForeignAnswer, whose text is not shown."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from postern.errors import PosternError, Reason, error_of

REQUEST_ID = re.compile(r"[a-z][a-z0-9_]{1,49}-[0-9A-HJKMNP-TV-Z]{26}")
STATUSES = frozenset(
    ["PENDING", "AWAITING_APPROVAL", "READY", "ISSUED", "APPLIED", "DENIED", "EXPIRED", "CANCELLED", "FAILED"]
)
_MOST_REASONS = 50


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body.decode("utf-8"))
        except (ValueError, RecursionError):
            return None

    @property
    def retry_after_seconds(self) -> float | None:
        """What `Retry-After` says, in seconds; None where it says nothing, or a date."""
        try:
            seconds = float(self.headers.get("retry-after", ""))
        except ValueError:
            return None
        return seconds if math.isfinite(seconds) and seconds >= 0 else None


@dataclass(frozen=True)
class RequestView:
    """A request, as its requester sees it."""

    request_id: str
    status: str
    #: Why it was decided as it was; empty while it is open.
    reasons: tuple[Reason, ...] = ()
    #: Seconds after which it makes sense to look again, where the broker says.
    retry_after_seconds: float | None = None


def _foreign(status: int) -> PosternError:
    detail = "The answer is not one of this API: check POSTERN_API, and that client and broker fit."
    return error_of("unexpected_answer", detail, status=status)


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _reasons(value: object) -> tuple[Reason, ...]:
    found = [_mapping(each) for each in cast("list[object]", value)] if isinstance(value, list) else []
    return tuple(
        Reason(each["code"], each["detail"])
        for each in found[:_MOST_REASONS]
        if isinstance(each.get("code"), str) and isinstance(each.get("detail"), str)
    )


def read_request(answer: Answer, expected_id: str | None = None) -> RequestView:
    """The request that an answer shows. Raises ForeignAnswer where it is none, or another than was looked at."""
    data = _mapping(answer.json())
    request_id, status = data.get("requestId"), data.get("status")
    if not (isinstance(request_id, str) and REQUEST_ID.fullmatch(request_id)) or status not in STATUSES:
        raise _foreign(answer.status)
    if expected_id is not None and request_id != expected_id:
        raise _foreign(answer.status)
    decision = _mapping(data.get("decision"))
    return RequestView(request_id, status, _reasons(decision.get("reasons")), answer.retry_after_seconds)


def read_sealed(answer: Answer) -> str:
    """The sealed session of a claim. Raises ForeignAnswer."""
    sealed = _mapping(answer.json()).get("sealed")
    if not isinstance(sealed, str):
        raise _foreign(answer.status)
    return sealed


def read_problem(answer: Answer) -> PosternError:
    """The error that an answer other than the expected one stands for."""
    data = _mapping(answer.json())
    code, detail, request_id = data.get("code"), data.get("detail"), data.get("requestId")
    if not (isinstance(code, str) and isinstance(detail, str)):
        said = f"What answered with {answer.status} is not a broker: check POSTERN_API."
        return error_of(
            "unexpected_answer", said, status=answer.status, retry_after_seconds=answer.retry_after_seconds
        )
    return error_of(
        code,
        detail,
        status=answer.status,
        request_id=request_id if isinstance(request_id, str) and REQUEST_ID.fullmatch(request_id) else None,
        reasons=_reasons(data.get("reasons")),
        retry_after_seconds=answer.retry_after_seconds,
    )
