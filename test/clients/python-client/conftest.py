"""A broker that answers what a test scripts, and an agent's environment that names it and nothing else."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

ID = "analyst1-01JABCDEFGHJKMNPQRSTVWXYZ0"
REGISTRY = jwe.JWERegistry(
    header_registry={"requestId": HeaderParameter("of a request", "str")},
    algorithms=["ECDH-ES", "A256GCM", "DEF"],
)


def as_token(**claims: Any) -> str:
    """A token that nobody verifies here."""
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{part}.c2lnbmF0dXJl"


def seal(key: dict[str, str], *, seconds: float = 900, header: Any = None, payload: Any = None) -> str:
    """A session of so many seconds, sealed to a key as the broker seals it."""
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
    opened = {
        "accessKeyId": "ASIAEXAMPLE",
        "secretAccessKey": "secret-of-the-session",
        "sessionToken": "token-of-the-session",
        "expiration": end,
        "assumedRoleArn": "arn:aws:sts::123456789012:assumed-role/postern/analyst1",
    }
    public = ECKey.import_key(key)
    headers = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": public.thumbprint(), "requestId": ID}
    text = json.dumps({**opened, **(payload or {})})
    return jwe.encrypt_compact({**headers, **(header or {})}, text, public, registry=REGISTRY)


class FakeBroker:
    """Answers `ask`, `look` and `claim` by what is scripted for each, in order; the last answer stays."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.scripts: dict[str, list[Any]] = {}
        self.lock = threading.Lock()
        self.url = ""

    def says(self, step: str, *answers: Any) -> None:
        """Scripts a step. An answer is a dict with `status`, `headers` and `body`, or a function of the call."""
        self.scripts[step] = list(answers)

    def steps(self) -> list[str]:
        """What was called, in order."""
        return [call["step"] for call in self.calls]

    def answer(self, call: dict[str, Any]) -> dict[str, Any]:
        """The next answer."""
        with self.lock:
            self.calls.append(call)
            script = self.scripts.get(call["step"]) or [DEFAULTS[call["step"]]]
            found = script.pop(0) if len(script) > 1 else script[0]
        return found(call) if callable(found) else found


def shown(status: str, **more: Any) -> dict[str, Any]:
    """A request of this status."""
    return {"status": 200, "body": {"requestId": ID, "status": status, **more}}


def sealed(**how: Any) -> Any:
    """A claim's answer."""
    return lambda call: {"status": 200, "body": {"sealed": seal(call["body"]["recipientKey"], **how)}}


DEFAULTS: dict[str, Any] = {
    "ask": shown("READY"),
    "look": shown("READY"),
    "cancel": shown("CANCELLED"),
    "claim": sealed(seconds=3600),
    "mint": {"status": 200, "body": {"value": as_token(iss="https://github", sub="repo:bank/releases")}},
}


def step_of(method: str, path: str) -> str:
    """Which operation a call is of."""
    if path.startswith("/github"):
        return "mint"
    if path.endswith("/credentials"):
        return "claim"
    if path.endswith("/cancel"):
        return "cancel"
    return "ask" if method == "POST" else "look"


class Handler(BaseHTTPRequestHandler):
    """One connection to the fake."""

    protocol_version = "HTTP/1.1"
    broker: FakeBroker

    def do_GET(self) -> None:
        self.respond()

    def do_POST(self) -> None:
        self.respond()

    def respond(self) -> None:
        text = self.rfile.read(int(self.headers.get("content-length") or 0))
        path, _, query = self.path.partition("?")
        call = {
            "step": step_of(self.command, path),
            "path": path,
            "query": query,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": json.loads(text) if text else None,
        }
        answer = self.broker.answer(call)
        if answer.get("cut"):
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{")
            self.close_connection = True
            return
        body = answer.get("body", "")
        content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else json.dumps(body).encode()
        content *= answer.get("times", 1)
        self.send_response_only(answer["status"])
        for name, value in {"content-length": str(len(content)), **answer.get("headers", {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def broker() -> Iterator[FakeBroker]:
    """A broker on a port of its own."""
    fake = FakeBroker()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"broker": fake}))
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def agent(broker: FakeBroker, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """An agent's environment: the region, one token file, and where the broker is."""
    import os

    for name in list(os.environ):
        if name.startswith(("AWS_", "POSTERN_", "ACTIONS_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    file = tmp_path / "token"
    file.write_text(as_token(iss="https://issuer", sub="agent", exp=time.time() + 600) + "\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("POSTERN_API", broker.url)
    monkeypatch.setenv("POSTERN_WEB_IDENTITY_TOKEN_FILE", str(file))
    return file


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of which takes any time."""
    made: list[float] = []
    monkeypatch.setattr("postern.blocking.time.sleep", made.append)

    async def no_time(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr("postern.aio.asyncio.sleep", no_time)
    return made
