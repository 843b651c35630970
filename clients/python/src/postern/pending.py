"""A request that is not answered yet, in a form that another process can go on with."""

from __future__ import annotations

import json
from dataclasses import dataclass

from postern.answers import REQUEST_ID, STATUSES, RequestView
from postern.errors import error_of

_VERSION = 1


@dataclass(frozen=True)
class Pending:
    """A request that was asked. It holds no secret: whoever goes on with it signs in as the same principal, and brings
    the same signed-in user's token where it was asked on behalf of one."""

    request_id: str
    #: As it was last seen: `PENDING`, `AWAITING_APPROVAL`, `READY`, or how it ended.
    status: str
    #: The broker that it was asked of.
    endpoint: str

    @property
    def is_decided(self) -> bool:
        """Whether there is no more to wait for. What was denied is told by `finish`."""
        return not is_open(self.status)

    def to_json(self) -> str:
        """Text to keep, for `from_json`."""
        return json.dumps(
            {
                "version": _VERSION,
                "requestId": self.request_id,
                "status": self.status,
                "endpoint": self.endpoint,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Pending:
        """What `to_json` wrote. Raises InvalidRequest for anything else: it may come from where others write."""
        try:
            data: object = json.loads(text)
        except (ValueError, RecursionError, TypeError):
            data = None
        match data:
            case {"version": 1, "requestId": str(request_id), "status": str(status), "endpoint": str(endpoint)}:
                if REQUEST_ID.fullmatch(request_id) and status in STATUSES:
                    return cls(request_id, status, endpoint)
            case _:
                pass
        raise error_of("invalid_request", "This text is no pending request: give what Pending.to_json wrote.")


def is_open(status: str) -> bool:
    """Whether a request of this status is still being decided."""
    return status in ("PENDING", "AWAITING_APPROVAL")


def pending_of(view: RequestView, endpoint: str) -> Pending:
    """A request as it was just seen."""
    return Pending(view.request_id, view.status, endpoint)
