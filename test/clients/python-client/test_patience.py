"""Waiting, asking again, taking up again, and renewing."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from typing import Any

import postern
import pytest
from conftest import ID, FakeBroker, as_token, sealed, shown

REASON = "The weekly report needs the operational metrics."
LATER = {"status": 503, "headers": {"retry-after": "3"}, "body": {"code": "unavailable", "detail": "Later."}}
CUT = {"status": 200, "cut": True}


def keys_of(broker: FakeBroker) -> list[str]:
    return [call["headers"]["idempotency-key"] for call in broker.calls if call["step"] == "ask"]


def test_a_request_is_told_at_once_and_waited_for(broker: FakeBroker, pauses: list[float]) -> None:
    broker.says("ask", shown("PENDING"))
    awaiting = {**shown("AWAITING_APPROVAL"), "headers": {"retry-after": "7"}}
    broker.says("look", shown("PENDING"), awaiting, LATER, awaiting, shown("READY"))
    told: list[postern.RequestView] = []
    access = postern.request(REASON, duration_seconds=900, on_progress=told.append)
    assert [(view.request_id, view.status) for view in told] == [(ID, each) for each in ("PENDING", "AWAITING_APPROVAL", "READY")]
    assert pauses == [1, 7, 3, 7]
    assert {call["query"] for call in broker.calls if call["step"] == "look"} == {"wait=20"}
    assert broker.calls[0]["body"] == {"reason": REASON, "durationSeconds": 900}
    assert (access.request_id, "secret" in repr(access)) == (ID, False)


def test_a_job_is_asked_for_by_its_name_alone(broker: FakeBroker) -> None:
    postern.request(job="nightly-report")
    postern.request(REASON, job="nightly-report")
    asyncio.run(postern.aio.request(job="nightly-report", duration_seconds=900))
    assert [call["body"] for call in broker.calls if call["step"] == "ask"] == [
        {"job": "nightly-report"},
        {"reason": REASON, "job": "nightly-report"},
        {"job": "nightly-report", "durationSeconds": 900},
    ]


def test_references_tell_one_request_from_another(broker: FakeBroker) -> None:
    postern.request(REASON, references=["OPS-12", "INC-9"])
    postern.request(REASON, references="OPS-12")
    asyncio.run(postern.aio.request(REASON))
    assert [call["body"] for call in broker.calls if call["step"] == "ask"] == [
        {"reason": REASON, "references": ["OPS-12", "INC-9"]},
        {"reason": REASON, "references": ["OPS-12"]},
        {"reason": REASON},
    ]


def test_a_lost_answer_is_asked_for_with_the_same_key(broker: FakeBroker) -> None:
    broker.says("ask", CUT, LATER, shown("READY"))
    broker.says("claim", CUT, sealed(seconds=900))
    assert postern.request(REASON).access_key_id == "ASIAEXAMPLE"
    assert len(keys_of(broker)) == 3 and len(set(keys_of(broker))) == 1
    claimed = [call["body"]["recipientKey"] for call in broker.calls if call["step"] == "claim"]
    assert len(claimed) == 2 and claimed[0] == claimed[1]


def test_each_claim_has_a_key_of_its_own(broker: FakeBroker) -> None:
    postern.request(REASON)
    postern.request(REASON)
    claimed = [call["body"]["recipientKey"]["x"] for call in broker.calls if call["step"] == "claim"]
    assert len(set(claimed)) == 2 and len(set(keys_of(broker))) == 2


def test_what_was_not_answered_is_taken_up_by_whoever_asks_the_same(broker: FakeBroker) -> None:
    handles = postern.MemoryHandles()
    broker.says("ask", shown("AWAITING_APPROVAL"))
    broker.says("look", shown("AWAITING_APPROVAL"))
    for _ in range(3):
        with pytest.raises(postern.WaitTimedOut):
            postern.request(REASON, timeout=0, handles=handles)
    assert broker.steps() == ["ask", "look", "look"]
    with pytest.raises(postern.WaitTimedOut):
        postern.request("Another job of the same agent.", timeout=0, handles=handles)
    with pytest.raises(postern.WaitTimedOut):
        postern.request(REASON, timeout=0, handles=handles, subject_token=as_token(iss="https://bank", sub="c-1"))
    assert broker.steps().count("ask") == 3
    broker.says("look", shown("READY"))
    assert postern.request(REASON, handles=handles)
    assert broker.steps().count("ask") == 3


def test_what_was_claimed_meanwhile_is_asked_anew(broker: FakeBroker) -> None:
    handles = postern.MemoryHandles()
    broker.says("ask", shown("AWAITING_APPROVAL"), shown("READY"))
    with pytest.raises(postern.WaitTimedOut):
        postern.request(REASON, timeout=0, handles=handles)
    taken = {"status": 409, "body": {"code": "already_claimed", "detail": "It was claimed already."}}
    broker.says("look", shown("READY"))
    broker.says("claim", taken, sealed(seconds=900))
    assert postern.request(REASON, handles=handles)
    assert len(set(keys_of(broker))) == 2


def test_an_interrupt_leaves_the_request_to_be_taken_up(broker: FakeBroker) -> None:
    handles = postern.MemoryHandles()
    broker.says("ask", shown("PENDING"))

    def interrupt(_: postern.RequestView) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        postern.request(REASON, handles=handles, on_progress=interrupt)
    assert postern.request(REASON, handles=handles)
    assert broker.steps() == ["ask", "look", "claim"]


def test_workers_side_by_side_each_have_a_request(broker: FakeBroker) -> None:
    handles = postern.MemoryHandles()
    threads = [threading.Thread(target=postern.request, args=(REASON,), kwargs={"handles": handles}) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys_of(broker))) == 5


def test_a_forked_process_takes_up_nothing_of_its_parent() -> None:
    handles = postern.MemoryHandles()
    handles.put_back("job", postern.Handle("key"))
    child = os.fork()
    if child == 0:
        os._exit(0 if handles.take("job") is None else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert handles.take("job") == postern.Handle("key")


def test_start_waits_for_no_people_and_check_claims_nothing(broker: FakeBroker) -> None:
    broker.says("ask", shown("PENDING"))
    broker.says("look", shown("AWAITING_APPROVAL"))
    pending = postern.start(REASON)
    assert (pending.status, postern.check(pending).status) == ("AWAITING_APPROVAL", "AWAITING_APPROVAL")
    assert postern.cancel(pending).status == "CANCELLED"
    assert "claim" not in broker.steps()
    broker.says("ask", shown("DENIED"))
    broker.says("claim", {"status": 403, "body": {"code": "request_denied", "detail": "No."}})
    with pytest.raises(postern.Denied):
        postern.start(REASON)


def test_a_session_asks_when_it_is_first_used_and_renews_itself(broker: FakeBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-somebody-else")
    broker.says("claim", sealed(seconds=900))
    session = postern.session(REASON)
    assert (broker.calls, session.region_name) == ([], "eu-central-1")
    found: Any = session.get_credentials()
    # Nine hundred seconds are the shortest: asked for once, not at every call.
    assert [found.get_frozen_credentials().access_key for _ in range(20)] == ["ASIAEXAMPLE"] * 20
    assert broker.steps().count("ask") == 1


@pytest.mark.parametrize("seconds", [30, 200])
def test_a_session_that_is_about_to_end_is_renewed(broker: FakeBroker, seconds: int) -> None:
    broker.says("claim", sealed(seconds=seconds), sealed(seconds=3600))
    found = postern.credentials(REASON)
    for _ in range(9):
        found.get_frozen_credentials()
    assert broker.steps().count("ask") == 2
    assert found.access and found.access.expiration.timestamp() > time.time() + 3000


def test_a_denied_renewal_is_told_once_nothing_works_any_more(broker: FakeBroker) -> None:
    denied = {"status": 403, "body": {"code": "request_denied", "detail": "No."}}
    broker.says("claim", sealed(seconds=200), denied)
    found = postern.credentials(REASON)
    assert [found.get_frozen_credentials().access_key for _ in range(9)] == ["ASIAEXAMPLE"] * 9
    assert broker.steps().count("ask") == 2
    broker.calls.clear()
    broker.says("claim", denied)
    none = postern.credentials(REASON, handles=postern.MemoryHandles())
    for _ in range(3):
        with pytest.raises(postern.Denied):
            none.get_frozen_credentials()
    assert broker.steps().count("ask") == 1


def test_a_call_of_a_client_raises_what_asking_raised(broker: FakeBroker) -> None:
    broker.says("claim", {"status": 403, "body": {"code": "request_denied", "detail": "No."}})
    with pytest.raises(postern.Denied):
        postern.session(REASON).client("dynamodb", endpoint_url=broker.url).list_tables()


def test_threads_of_a_session_share_one_request(broker: FakeBroker) -> None:
    found = postern.credentials(REASON)
    threads = [threading.Thread(target=found.get_frozen_credentials) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broker.steps().count("ask") == 1


def test_async_asks_side_by_side_and_blocks_nothing(broker: FakeBroker) -> None:
    both = threading.Barrier(2, timeout=20)

    def together(_: Any) -> dict[str, Any]:
        both.wait()
        return shown("READY")

    broker.says("ask", together)
    told: list[str] = []

    async def hear(view: postern.RequestView) -> None:
        told.append(view.status)

    async def token() -> str:
        return as_token(iss="https://bank", sub="c-1")

    async def main() -> list[postern.Access]:
        asking = [postern.aio.request(REASON, subject_token=token, on_progress=hear) for _ in range(2)]
        return await asyncio.gather(*asking)

    assert len(asyncio.run(main())) == 2
    assert told == ["READY", "READY"]


def test_a_cancelled_task_ends_at_once_and_leaves_its_request(broker: FakeBroker) -> None:
    handles = postern.MemoryHandles()
    held, let_go = threading.Event(), threading.Event()

    def hold(_: Any) -> dict[str, Any]:
        held.set()
        let_go.wait(20)
        return shown("READY")

    broker.says("ask", shown("PENDING"))
    broker.says("look", hold)

    async def main() -> None:
        task = asyncio.create_task(postern.aio.request(REASON, handles=handles))
        await asyncio.to_thread(held.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < 15
    let_go.set()
    broker.says("look", shown("READY"))
    assert postern.request(REASON, handles=handles)
    assert broker.steps().count("ask") == 1


def test_async_start_finish_check_cancel_and_session(broker: FakeBroker) -> None:
    broker.says("ask", shown("AWAITING_APPROVAL"))

    async def main() -> None:
        pending = await postern.aio.start(REASON)
        assert (await postern.aio.check(pending)).status == "READY"
        assert (await postern.aio.finish(pending)).request_id == ID
        assert (await postern.aio.cancel(pending)).status == "CANCELLED"
        broker.says("ask", shown("READY"))
        session = await postern.aio.session(REASON)
        asked = broker.steps().count("ask")
        found: Any = session.get_credentials()
        assert (found.get_frozen_credentials().access_key, broker.steps().count("ask")) == ("ASIAEXAMPLE", asked)

        async def token() -> str:
            return ""

        with pytest.raises(TypeError):
            await postern.aio.session(REASON, subject_token=token)

    asyncio.run(main())
