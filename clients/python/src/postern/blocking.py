"""Runs a flow by blocking calls."""

from __future__ import annotations

import time
from typing import TypeVar, cast

from postern.settings import Setting, SubjectToken
from postern.steps import Flow, NameJob, Pause, Send, Step, SubjectTokenNow

T = TypeVar("T")


def run(flow: Flow[T], setting: Setting) -> T:
    """Runs a flow to its end. Whatever a step raises, an interrupt too, is raised within the flow first."""
    try:
        step = next(flow)
        while True:
            try:
                answer = _perform(step, setting)
            except BaseException as error:
                step = flow.throw(error)
            else:
                step = flow.send(answer)
    except StopIteration as end:
        return cast("T", end.value)


def _perform(step: Step, setting: Setting) -> object:
    if isinstance(step, Send):
        return setting.broker.send(step.call)
    if isinstance(step, Pause):
        return time.sleep(step.seconds)
    if isinstance(step, SubjectTokenNow):
        return _token_of(setting)
    if isinstance(step, NameJob):
        return setting.name_job(_token_of(setting))
    return setting.on_progress(step.view) if setting.on_progress else None


def _token_of(setting: Setting) -> str | None:
    token = cast("SubjectToken | None", setting.subject_token)
    return token() if callable(token) else token
