"""What an agent does with the package, step by step; each prints one line of JSON, and a refusal as class and line."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from typing import Any

import postern
from botocore.exceptions import ClientError


def balances(session: Any, *customers: str) -> list[str]:
    """The balance of each customer, or what AWS says instead."""
    database = session.client("dynamodb")

    def balance(customer: str) -> str:
        try:
            answer = database.get_item(TableName="bank_balances", Key={"user_id": {"S": customer}})
        except ClientError as error:
            return error.response["Error"]["Code"]
        return answer["Item"]["balance"]["N"]

    return [balance(customer) for customer in customers]


def read(reason: str, *customers: str) -> list[str]:
    return balances(postern.session(reason, subject_token=os.environ.get("SUBJECT_TOKEN")), *customers)


def read_async(reason: str, *customers: str) -> list[str]:
    access = asyncio.run(postern.aio.request(reason, subject_token=os.environ.get("SUBJECT_TOKEN")))
    return balances(access.session(), *customers)


def start(reason: str) -> str:
    return postern.start(reason).to_json()


def finish(kept: str) -> str:
    return postern.finish(postern.Pending.from_json(kept), timeout=0).request_id


def wait(reason: str, seconds: str) -> str:
    return postern.request(reason, timeout=float(seconds), on_progress=lambda view: print(view.request_id)).request_id


def metrics(reason: str) -> int:
    """By whatever the default session of boto3 would be, with Postern's in its place."""
    import boto3

    boto3.DEFAULT_SESSION = postern.session(reason)
    key = {":m": {"S": "payments_failed"}}
    answer = boto3.client("dynamodb").query(
        TableName="bank_operational_metrics", KeyConditionExpression="metric = :m", ExpressionAttributeValues=key
    )
    return answer["Count"]


STEPS = {step.__name__: step for step in (read, read_async, start, finish, wait, metrics)}

# Everything that is logged anywhere is told, so that a test sees whether a secret is in it.
logging.basicConfig(level=logging.DEBUG if os.environ.get("LOG_ALL") else logging.INFO, stream=sys.stderr)
for noisy in ("botocore", "urllib3", "boto3"):
    logging.getLogger(noisy).setLevel(logging.WARNING)
try:
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
except postern.PosternError as error:
    reasons = [reason.code for reason in error.reasons]
    print(json.dumps({"raised": type(error).__name__, "says": str(error), "reasons": reasons}))
