"""HTTP as botocore does it: `HTTPS_PROXY`, `NO_PROXY` and `AWS_CA_BUNDLE` count."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, SSLError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from postern.answers import Answer
from postern.errors import error_of

_CONNECT_SECONDS = 10
#: The broker holds an answer for at most 25 seconds.
_READ_SECONDS = 40
#: In which a whole answer has to be there.
_WHOLE_SECONDS = 60
_MOST_BYTES = 1 << 20
_CHUNK = 1 << 16


class _BrokenOff(Exception):
    """An answer ended before its end, or came too slowly."""


class Http:
    """Sends requests as they are. Redirects are not followed: a signature, and a token, is for one host."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[tuple[tuple[str, str], ...], URLLib3Session] = {}

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """The whole answer. Raises BrokerUnreachable, ForeignAnswer for one over 1 MiB, NoCertificates."""
        proxies: dict[str, str] = get_environ_proxies(url)
        session = self._session_for(proxies)
        request = AWSRequest(method, url, dict(headers), body, stream_output=True).prepare()
        try:
            response: Any = session.send(request)
            try:
                return Answer(
                    response.status_code,
                    {str(name).lower(): str(value) for name, value in response.headers.items()},
                    _read(response),
                )
            finally:
                response.raw.close()
        except SSLError:
            detail = f"The certificate of {_host(url)} is not trusted here: AWS_CA_BUNDLE names others."
            raise error_of("broker_unreachable", detail) from None
        except (BotoCoreError, _BrokenOff):
            way = " through the proxy that the environment names" if proxies else ""
            raise error_of("broker_unreachable", f"{_host(url)} cannot be reached{way}.") from None

    def _session_for(self, proxies: dict[str, str]) -> URLLib3Session:
        bundle = os.environ.get("AWS_CA_BUNDLE")
        if bundle and not os.path.exists(bundle):
            raise error_of("no_certificates", f"The certificates of {bundle} cannot be read: check AWS_CA_BUNDLE.")
        key = (*sorted(proxies.items()), ("", bundle or ""))
        with self._lock:
            if key not in self._sessions:
                # Its stubs do not know that it takes a path, and two times.
                options: dict[str, Any] = {
                    "verify": bundle or True,
                    "timeout": (_CONNECT_SECONDS, _READ_SECONDS),
                }
                self._sessions[key] = URLLib3Session(proxies=proxies, **options)
            return self._sessions[key]


def _host(url: str) -> str:
    return "/".join(url.split("/")[:3])


def _read(response: Any) -> bytes:
    """The body. One that breaks off may come whole the next time."""
    until = time.monotonic() + _WHOLE_SECONDS
    body = bytearray()
    try:
        while chunk := response.raw.read(_CHUNK):
            body += chunk
            if len(body) > _MOST_BYTES:
                detail = "The answer is far longer than any of this API: check POSTERN_API."
                raise error_of("unexpected_answer", detail, status=response.status_code)
            if time.monotonic() > until:
                raise _BrokenOff
    # urllib3 has kinds of its own, which botocore does not translate here.
    except (OSError, HTTPError) as error:
        raise _BrokenOff from error
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(body) < int(length):
        raise _BrokenOff
    return bytes(body)
