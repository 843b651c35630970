"""Each way to end without access: one class, one line, and no secret in it."""

from __future__ import annotations

import json
import pickle
import re
import socket
import time
from pathlib import Path
from typing import Any

import postern
import pytest
from conftest import ID, FakeBroker, as_token, seal, shown

CASES = json.loads(Path("test/cases/python-client/refusals.json").read_text())
REASON = "The weekly report needs the operational metrics."


def request(**more: Any) -> postern.Access:
    return postern.request(REASON, handles=postern.MemoryHandles(), **more)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_refusal(broker: FakeBroker, pauses: list[float], case: dict[str, Any]) -> None:
    broker.says(case["step"], case["answer"])
    with pytest.raises(postern.PosternError) as caught:
        request()
    error = caught.value
    assert type(error).__name__ == case["raises"]
    assert re.search(case["says"], str(error)) and "\n" not in str(error)
    assert broker.steps().count(case["step"]) == case.get("calls", 1)
    assert pauses == case.get("pauses", [])
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code) == (type(error), str(error), error.code)


def test_a_denial_says_why(broker: FakeBroker) -> None:
    broker.says("claim", CASES[0]["answer"])
    with pytest.raises(postern.Denied) as caught:
        request()
    assert caught.value.request_id == ID
    assert caught.value.reasons == (postern.Reason("review_not_approved", "The reviewer did not approve it."),)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("of another request", {"header": {"requestId": "analyst1-01JABCDEFGHJKMNPQRSTVWXYZ9"}}),
        ("of another key", {"header": {"kid": "another"}}),
        ("packed, which could grow", {"header": {"zip": "DEF"}}),
        ("without an end", {"payload": {"expiration": "never"}}),
        ("without a secret", {"payload": {"secretAccessKey": None}}),
    ],
)
def test_a_seal_that_opens_is_believed_only_whole(broker: FakeBroker, name: str, how: dict[str, Any]) -> None:
    sealed = lambda call: {"status": 200, "body": {"sealed": seal(call["body"]["recipientKey"], **how)}}  # noqa: E731
    broker.says("claim", sealed)
    with pytest.raises(postern.SealBroken) as caught:
        request()
    assert "secret-of-the-session" not in repr(caught.value)


def test_a_seal_that_was_altered(broker: FakeBroker) -> None:
    def altered(call: dict[str, Any]) -> dict[str, Any]:
        parts = seal(call["body"]["recipientKey"]).split(".")
        parts[3] = ("B" if parts[3][0] == "A" else "A") + parts[3][1:]
        return {"status": 200, "body": {"sealed": ".".join(parts)}}

    broker.says("claim", altered)
    with pytest.raises(postern.SealBroken):
        request()


def test_a_look_that_shows_another_request(broker: FakeBroker) -> None:
    broker.says("ask", shown("PENDING"))
    broker.says("look", {"status": 200, "body": {"requestId": ID[:-1] + "9", "status": "READY"}})
    with pytest.raises(postern.ForeignAnswer):
        request()


def test_a_broker_that_is_down(monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("POSTERN_API", f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(postern.BrokerUnreachable):
            request()
    assert pauses == [1, 1]


def test_a_timeout_while_people_decide_leaves_what_another_process_goes_on_with(broker: FakeBroker) -> None:
    broker.says("ask", shown("AWAITING_APPROVAL"))
    with pytest.raises(postern.WaitTimedOut) as caught:
        request(timeout=0)
    assert "postern.finish(error.pending)" in str(caught.value) and ID in str(caught.value)
    kept = pickle.loads(pickle.dumps(caught.value)).pending.to_json()
    pending = postern.Pending.from_json(kept)
    assert (pending.request_id, pending.status, pending.is_decided) == (ID, "AWAITING_APPROVAL", False)
    assert postern.finish(pending).access_key_id == "ASIAEXAMPLE"


def test_a_token_file_that_has_ended(broker: FakeBroker, agent: Path) -> None:
    agent.write_text(as_token(iss="https://issuer", sub="agent", exp=time.time() - 60))
    broker.says("ask", {"status": 401, "body": {"code": "token_refused", "detail": "The token was refused."}})
    with pytest.raises(postern.TokenExpired) as caught:
        request()
    assert re.fullmatch(rf"The token in {agent} ended at [\d: -]+ UTC: get a fresh one there\.", str(caught.value))


@pytest.mark.parametrize("content", ["", "two tokens", "x" * 9000, "töken", "a\x00b"])
def test_a_token_file_without_a_token(broker: FakeBroker, agent: Path, content: str) -> None:
    agent.write_text(content)
    with pytest.raises(postern.TokenUnreadable):
        request()
    assert broker.calls == []


def test_a_token_file_that_is_not_there(
    broker: FakeBroker, agent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.unlink()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-somebody-else")
    with pytest.raises(postern.TokenUnreadable):
        request()
    assert broker.calls == []


@pytest.mark.parametrize(
    "endpoint",
    ["", "broker.example", "http://broker.example", "https://user@broker.example", "https://a.example/?x", "ftp://a"],
)
def test_an_address_that_no_token_is_sent_to(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("POSTERN_API", endpoint)
    with pytest.raises(postern.NoEndpoint):
        request()


def test_certificates_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(postern.NoCertificates):
        request()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[" * 100_000, '{"version":2}', json.dumps({"version": 1, "requestId": "../x", "status": "READY", "endpoint": ""})],
)
def test_text_that_is_no_pending_request(text: str) -> None:
    with pytest.raises(postern.InvalidRequest):
        postern.Pending.from_json(text)


def test_a_pending_request_names_no_broker_to_send_tokens_to(broker: FakeBroker) -> None:
    kept = json.dumps({"version": 1, "requestId": ID, "status": "PENDING", "endpoint": "https://elsewhere.example"})
    with pytest.raises(postern.NoEndpoint):
        postern.finish(postern.Pending.from_json(kept))
    assert broker.calls == []
