"""
AWS's addresses and the internet's are found where `outside.mjs` says, by each deployed function too (a function's own
NODE_OPTIONS would hide a `--import`), and an API answers at its own, `<id>.execute-api.<region>.amazonaws.com`, which
MiniStack knows under a host of its own.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
"""

import re
from pathlib import Path

from ministack import app
from ministack.core import lambda_runtime

_OUTSIDE = Path(__file__).parent.parent / "outside.mjs"


def add():
    app._EXECUTE_API_RE = re.compile(r"^([a-f0-9]{8})\.execute-api\.[a-z0-9-]+\.amazonaws\.com$")
    lambda_runtime._NODEJS_WORKER_SCRIPT = (
        f"require({str(_OUTSIDE)!r});\n{lambda_runtime._NODEJS_WORKER_SCRIPT}"
    )
