"""Changes calls after botocore has signed them, and prints how each was refused: status, code as boto3 reads it, kind of body.

Each is sent once, and none may reach AWS.
"""
import datetime
import json

import boto3
import botocore.auth
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-central-1"


def client(service, **more):
    return boto3.client(service, region_name=REGION, config=Config(retries={"total_max_attempts": 1}, **more))


# One call of each protocol, and of S3.
CALLS = {
    "dynamodb": lambda c: c.get_item(TableName="table-one", Key={"id": {"S": "one"}}),
    "sts": lambda c: c.get_session_token(),
    "iam": lambda c: c.get_role(RoleName="one"),
    "ec2": lambda c: c.describe_instances(),
    "lambda": lambda c: c.get_function(FunctionName="one"),
    "cloudwatch": lambda c: c.list_metrics(),
    "s3": lambda c: c.put_object(Bucket="bucket-one", Key="one", Body=b"text"),
    "route53": lambda c: c.create_hosted_zone(Name="example.org", CallerReference="one"),
}


def body(request):
    text = request.body.read() if hasattr(request.body, "read") else (request.body or b"")
    text = text.encode() if isinstance(text, str) else text
    request.body = (text[:-1] + bytes([text[-1] ^ 1])) if text else b"more"
    request.headers["Content-Length"] = str(len(request.body))


def query(request):
    request.url += ("&" if "?" in request.url else "?") + "added=one"


def path(request):
    request.url = request.url.rstrip("/") + "/added"


def header(request):
    request.headers["x-amz-added"] = "one"


def unsigned(request):
    del request.headers["Authorization"]


def method(request):
    request.method = "DELETE"


def version_two(request):
    request.headers["Authorization"] = "AWS PSTNAAAAAAAAAAAAAAAA:c2lnbmF0dXJl"


def other_service(request):
    signed = request.headers["Authorization"]
    signed = signed.decode() if isinstance(signed, bytes) else signed
    request.headers["Authorization"] = signed.replace("/aws4_request", "x/aws4_request")


def token(request):
    request.headers["X-Amz-Security-Token"] = "postern1." + "A" * 64


ATTACKS = [body, query, path, header, unsigned, method, version_two, other_service, token]
answers = {}


def try_call(service, name, changes=None):
    c = client(service)

    def change(request, **_):
        if changes:
            changes(request)

    c.meta.events.register("before-send", change)
    try:
        CALLS[service](c)
        outcome = "works"
    except ClientError as error:
        meta = error.response["ResponseMetadata"]
        outcome = f"{meta['HTTPStatusCode']} {error.response['Error']['Code']} {meta['HTTPHeaders'].get('content-type', '')}"
    except Exception as error:  # noqa: BLE001 - what it is, is the answer
        outcome = type(error).__name__
    answers[f"{service} {name}"] = outcome


for service in CALLS:
    for attack in ATTACKS:
        try_call(service, attack.__name__, attack)

# Signed as it should be, six minutes ago.
now = botocore.auth.get_current_datetime
botocore.auth.get_current_datetime = lambda *given, **more: now(*given, **more) - datetime.timedelta(minutes=6)
for service in CALLS:
    try_call(service, "stale")

print(json.dumps(answers))
