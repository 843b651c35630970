"""
A Node.js function's error keeps its name: Lambda answers `errorType` with it, and Step Functions matches `ErrorEquals`
against it. MiniStack answers `Runtime.HandlerError` for every one.
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
"""

import threading

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_here = threading.local()

_SETTLED = 'status: "error", error: String(err.message || err)'
_THROWN = 'status: "error", error: e.message, trace: e.stack'


def add():
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    if _SETTLED not in script or _THROWN not in script:
        raise RuntimeError("MiniStack's worker for Node.js reads otherwise than this addition expects")
    script = script.replace(_SETTLED, f'errorType: String(err.name || "Error"), {_SETTLED}')
    script = script.replace(_THROWN, f'errorType: String(e.name || "Error"), {_THROWN}')
    lambda_runtime._NODEJS_WORKER_SCRIPT = script

    invoke, execute = lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm

    def invoke_and_keep_type(self, *args, **named):
        result = invoke(self, *args, **named)
        _here.error_type = result.get("errorType") if isinstance(result, dict) else None
        return result

    def execute_with_type(*args, **named):
        _here.error_type = None
        result = execute(*args, **named)
        body = result.get("body")
        if result.get("error") and _here.error_type and isinstance(body, dict):
            body["errorType"] = _here.error_type
            body["trace"] = []
        return result

    lambda_runtime.Worker.invoke = invoke_and_keep_type
    lambda_svc._execute_function_warm = execute_with_type
