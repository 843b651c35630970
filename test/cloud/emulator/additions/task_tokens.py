"""
Tasks that wait for a token, where MiniStack does otherwise than Step Functions:

- a function that fails while it is to hand the token on fails the task at once; MiniStack waits on;
- `TimeoutSecondsPath` is read; MiniStack waits 99,999 seconds;
- it is remembered which state machine a token belongs to (for judged_request).

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

import threading

from ministack.services import stepfunctions

_here = threading.local()
_machines = {}


def machine_of(token):
    return _machines.get(token)


def _value_at(path, state_input):
    value = state_input
    for step in path.removeprefix("$").strip(".").split("."):
        value = value[step]
    return value


def add():
    execute, wait, call = (
        stepfunctions._execute_task,
        stepfunctions._invoke_with_callback,
        stepfunctions._call_lambda,
    )

    def execute_task(state_def, raw_input, execution, ctx):
        path = state_def.get("TimeoutSecondsPath")
        if path:
            try:
                seconds = _value_at(path, raw_input)
            except (KeyError, TypeError):
                seconds = None
            if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
                raise stepfunctions._ExecutionError("States.Runtime", f"{path} is no number of seconds")
            state_def = {**state_def, "TimeoutSeconds": seconds}
        _here.machine = (execution or {}).get("stateMachineArn")
        return execute(state_def, raw_input, execution, ctx)

    def invoke_with_callback(resource, input_data, token, state_def):
        _machines[token] = getattr(_here, "machine", None)
        _here.token = token
        try:
            return wait(resource, input_data, token, state_def)
        finally:
            _here.token = None

    def call_lambda(func_ref, event):
        token = getattr(_here, "token", None)
        try:
            return call(func_ref, event)
        except stepfunctions._ExecutionError as failed:
            waiting = stepfunctions._task_tokens.get(token)
            if waiting:
                waiting["error"] = {"Error": failed.error, "Cause": failed.cause}
                waiting["event"].set()
            raise

    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_with_callback = invoke_with_callback
    stepfunctions._call_lambda = call_lambda
