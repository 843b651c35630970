"""Calls of the broker's API, signed or with a token."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from postern.answers import Answer, read_problem
from postern.errors import PosternError, error_of
from postern.http import Http
from postern.identity.aws import AwsIdentity
from postern.identity.choose import Identity
from postern.identity.tokens import TokenFile, read_token_claims
from postern.private_addresses import base_of, check_private

#: Seconds that a signature's time may be off; AWS refuses at 300.
_MOST_SECONDS_OFF = 300
_REGION_IN_HOST = re.compile(r"\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$")


@dataclass(frozen=True)
class Call:
    """One call of the API."""

    method: Literal["GET", "POST"]
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, object] | None = None
    #: The signed-in user's token; it goes into the body of what is asked, and into a header of all else.
    subject_token: str | None = field(default=None, repr=False)


class Broker:
    """A broker, and who calls it. Safe to be used by many threads."""

    def __init__(self, endpoint: str, identity: Identity) -> None:
        self.endpoint = base_of(endpoint)
        self.identity = identity
        self._http = Http()

    def send(self, call: Call) -> Answer:
        """The answer of a call that went well. Raises PosternError for every other."""
        url = self.endpoint + call.path + (f"?{urlencode(call.query)}" if call.query else "")
        headers = dict(call.headers)
        content = dict(call.body) if call.body is not None else None
        if call.subject_token is not None:
            check_private(url)
            if content is not None and call.path == "/requests":
                content["subjectToken"] = call.subject_token
            else:
                headers["X-Subject-Token"] = call.subject_token
        body = None if content is None else json.dumps(content).encode()
        if body is not None:
            headers["Content-Type"] = "application/json"
        token = None
        if isinstance(self.identity, AwsIdentity):
            headers = _signed(call.method, url, headers, body, self.identity)
        else:
            check_private(url)
            token = self.identity.token()
            headers["Authorization"] = f"Bearer {token}"
            proof = self.identity.proof(call.method, url, token)
            if proof is not None:
                headers["DPoP"] = proof
        answer = self._http.send(call.method, url, headers, body)
        if 200 <= answer.status < 300:
            return answer
        raise self._explained(read_problem(answer), answer, token)

    def _explained(self, error: PosternError, answer: Answer, token: str | None) -> PosternError:
        """What a refusal comes of, where that can be seen from here; else the refusal."""
        if error.code == "token_refused" and token is not None:
            return _explained_token(error, token, self.identity)
        if error.code == "signature_refused" and isinstance(self.identity, AwsIdentity):
            return _explained_signature(error, answer, self.endpoint, self.identity)
        return error


def _signed(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None, identity: AwsIdentity
) -> dict[str, str]:
    """Headers with an AWS Signature Version 4 for API Gateway."""
    region, keys = identity.region(), identity.credentials()
    request = AWSRequest(method, url, dict(headers), body)
    SigV4Auth(keys, "execute-api", region).add_auth(request)
    return {str(name): str(value) for name, value in request.headers.items()}


def _explained_token(error: PosternError, token: str, identity: Identity) -> PosternError:
    """The issuer's clock and this one may differ: that a token has ended is said only where the broker refused it."""
    claims = read_token_claims(token)
    if claims is None or claims.ends_at is None or claims.ends_at > time.time():
        return error
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(claims.ends_at))
    where = f" in {identity.path}" if isinstance(identity, TokenFile) else ""
    return error_of(
        "token_expired", f"The token{where} ended at {when}: get a fresh one there.", status=error.status
    )


def _explained_signature(
    error: PosternError, answer: Answer, endpoint: str, identity: AwsIdentity
) -> PosternError:
    off = _seconds_ahead(answer)
    if abs(off) > _MOST_SECONDS_OFF:
        side = "ahead of" if off > 0 else "behind"
        detail = f"This machine's clock is {abs(off)} s {side} the broker's: set it by NTP, since signatures of another time are refused."
        return error_of("clock_off", detail, status=error.status)
    found = _REGION_IN_HOST.search(urlsplit(endpoint).hostname or "")
    signed = identity.region()
    if found and found.group(1) != signed:
        detail = f"Calls are signed for {signed}, the broker is in {found.group(1)}: set AWS_REGION to it."
        return error_of("wrong_region", detail, status=error.status)
    return error


def _seconds_ahead(answer: Answer) -> int:
    try:
        return round(time.time() - parsedate_to_datetime(answer.headers["date"]).timestamp())
    except (KeyError, ValueError, TypeError):
        return 0
