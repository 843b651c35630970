"""Who calls: the order of docs/sign-in.md, one identity a call, and nobody who starts themselves."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import time
from pathlib import Path
from typing import Any

import postern
import pytest
from conftest import FakeBroker, as_token, shown
from joserfc import jwt
from joserfc.jwk import ECKey
from postern.identity.login import login_file_of

REASON = "The weekly report needs the operational metrics."


def headers_of(broker: FakeBroker, **more: Any) -> dict[str, str]:
    """The headers that a request is asked with."""
    postern.request(REASON, handles=postern.MemoryHandles(), **more)
    for call in broker.calls:
        assert ("x-amz-date" in call["headers"]) != call["headers"]["authorization"].startswith("Bearer ")
    return next(call["headers"] for call in broker.calls if call["step"] == "ask")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of AWS in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """No token file."""
    monkeypatch.delenv("POSTERN_WEB_IDENTITY_TOKEN_FILE")


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, broker: FakeBroker) -> None:
    """A job of GitHub Actions."""
    monkeypatch.setenv("POSTERN_TOKEN_AUDIENCE", "postern & co")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{broker.url}/github?version=2")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job")


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch, broker: FakeBroker, tmp_path: Path) -> Path:
    """A login to the broker, bound to a key."""
    file = Path(login_file_of(broker.url, os.environ) or "")
    file.parent.mkdir(parents=True)
    key = ECKey.generate_key("P-256")
    token = as_token(iss="https://login", sub="ann")
    end = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 300))
    text = {
        **{"version": 1, "endpoint": broker.url, "issuer": "https://login", "clientId": "cli"},
        **{"token": token, "expiresAt": end},
        "key": {"privateJwk": key.as_dict(private=True), "publicJwk": key.as_dict(private=False)},
    }
    file.write_text(json.dumps(text))
    file.chmod(0o600)
    return file


def test_a_token_file_goes_before_all_but_what_is_named(broker: FakeBroker, agent: Path, keys: None, job: None, login: Path) -> None:
    assert headers_of(broker)["authorization"] == f"Bearer {agent.read_text().strip()}"
    broker.calls.clear()
    signed = headers_of(broker, identity=postern.AwsIdentity(region_name="eu-west-1"))
    assert re.search(r"Credential=AKIAEXAMPLE/\d{8}/eu-west-1/execute-api/", signed["authorization"])


def test_a_file_is_read_anew_for_each_call(broker: FakeBroker, agent: Path) -> None:
    later = as_token(iss="https://issuer", sub="agent", jti="later")

    def write(_: Any) -> dict[str, Any]:
        agent.write_text(later)
        return shown("READY")

    broker.says("ask", write)
    postern.request(REASON)
    assert broker.calls[-1]["headers"]["authorization"] == f"Bearer {later}"


def test_a_job_of_github_mints_a_token_for_each_call(broker: FakeBroker, no_file: None, keys: None, job: None, login: Path) -> None:
    assert headers_of(broker)["authorization"].startswith("Bearer e30.")
    minted = [call for call in broker.calls if call["step"] == "mint"]
    assert len(minted) > len([call for call in broker.calls if call["step"] != "mint"]) - 1
    assert {call["query"] for call in minted} == {"version=2&audience=postern%20%26%20co"}
    assert {call["headers"]["authorization"] for call in minted} == {"Bearer of-the-job"}


@pytest.mark.parametrize("answer", [{"status": 403, "body": {}}, {"status": 200, "body": "hi"}, {"status": 200, "body": {"value": ""}}])
def test_a_job_without_the_permission_is_told_so(broker: FakeBroker, no_file: None, keys: None, job: None, answer: Any) -> None:
    broker.says("mint", answer)
    with pytest.raises(postern.TokenUnreadable, match="id-token: write"):
        postern.request(REASON)


def test_a_login_goes_before_keys_and_proves_its_key(broker: FakeBroker, no_file: None, keys: None, login: Path) -> None:
    kept = json.loads(login.read_text())
    headers = headers_of(broker)
    assert headers["authorization"] == f"Bearer {kept['token']}"
    proof = jwt.decode(headers["dpop"], ECKey.import_key(kept["key"]["publicJwk"]), algorithms=["ES256"])
    assert set(proof.header["jwk"]) == {"kty", "crv", "x", "y"} and proof.header["typ"] == "dpop+jwt"
    ath = base64.urlsafe_b64encode(hashlib.sha256(kept["token"].encode()).digest()).rstrip(b"=").decode()
    assert (proof.claims["htm"], proof.claims["htu"], proof.claims["ath"]) == ("POST", f"{broker.url}/requests", ath)
    proofs = [call["headers"]["dpop"] for call in broker.calls]
    assert len(set(proofs)) == len(proofs)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: file.chmod(0o644), "can be read by others"),
        (lambda file: file.write_text("half of"), "not logged in"),
        (lambda file: file.write_text(file.read_text().replace('"expiresAt": "20', '"expiresAt": "19')), "has ended"),
    ],
)
def test_a_login_that_cannot_be_used_makes_nobody_else_of_anybody(
    broker: FakeBroker, no_file: None, keys: None, login: Path, change: Any, said: str
) -> None:
    change(login)
    with pytest.raises(postern.LoginEnded, match=said):
        postern.request(REASON)
    assert broker.calls == []


def test_a_login_is_not_used_where_it_is_off(broker: FakeBroker, no_file: None, keys: None, login: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTERN_LOGIN", "off")
    assert headers_of(broker)["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_keys_sign_and_a_users_token_goes_beside_them(broker: FakeBroker, no_file: None, keys: None) -> None:
    tokens = iter(f"token-{number}" for number in range(9))
    broker.says("ask", shown("PENDING"))
    headers_of(broker, subject_token=lambda: next(tokens))
    ask, look, claim = broker.calls
    assert (ask["body"]["subjectToken"], "x-subject-token" in ask["headers"]) == ("token-1", False)
    assert [look["headers"]["x-subject-token"], claim["headers"]["x-subject-token"]] == ["token-2", "token-3"]


def test_nothing_to_sign_with_and_no_region(broker: FakeBroker, no_file: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(postern.NoCredentials, match="AWS_ACCESS_KEY_ID"):
        postern.request(REASON)
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(postern.NoProfile, match="There is no profile nobody"):
        postern.request(REASON)
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(postern.NoRegion, match="AWS_REGION"):
        postern.request(REASON)


@pytest.mark.parametrize(
    ("date", "endpoint", "kind", "said"),
    [
        ("Mon, 01 Jan 2024 00:00:00 GMT", None, postern.ClockOff, "s ahead of the broker's"),
        (None, None, postern.SignatureRefused, "Check the region"),
    ],
)
def test_a_refused_signature_says_what_it_comes_of(
    broker: FakeBroker, no_file: None, keys: None, date: str | None, endpoint: None, kind: Any, said: str
) -> None:
    body = {"code": "signature_refused", "detail": "The signature was refused."}
    broker.says("ask", {"status": 403, "headers": {"date": date} if date else {}, "body": body})
    with pytest.raises(kind, match=said):
        postern.request(REASON)


def write_profiles(tmp_path: Path, text: str) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(text)


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("the default profile", '[default]\ncredential_process = postern credential-process --reason "x"\n'),
        ("by npx", "[default]\ncredential_process = npx postern --profile other credential-process\n"),
        (
            "a profile that another takes its keys from",
            "[default]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n[profile base]\n"
            "credential_process = /opt/postern credential-process\n",
        ),
    ],
)
def test_a_profile_that_leads_back_here_starts_nothing(broker: FakeBroker, no_file: None, tmp_path: Path, name: str, config: str) -> None:
    write_profiles(tmp_path, config)
    with pytest.raises(postern.IdentityLoop, match="name another profile"):
        postern.request(REASON)
    assert broker.calls == []


def test_what_a_look_up_starts_sees_that_it_was_started_by_one(broker: FakeBroker, no_file: None, tmp_path: Path) -> None:
    script = tmp_path / "process.py"
    script.write_text(
        "import json, os, sys, postern\n"
        "try:\n    postern.request('who am I, once more')\n"
        "except postern.IdentityLoop as error:\n    sys.exit(str(error))\n"
    )
    import sys

    write_profiles(tmp_path, f"[profile own]\ncredential_process = {sys.executable} {script}\n")
    with pytest.raises(postern.NoCredentials, match="The credential_process of the profile own gave none"):
        postern.request(REASON, identity=postern.AwsIdentity("own"))
    assert "POSTERN_RESOLVING_IDENTITY" not in os.environ
    os.environ["POSTERN_RESOLVING_IDENTITY"] = "1"
    try:
        with pytest.raises(postern.IdentityLoop, match="was started to find out"):
            postern.request(REASON, identity=postern.AwsIdentity("own"))
    finally:
        del os.environ["POSTERN_RESOLVING_IDENTITY"]
