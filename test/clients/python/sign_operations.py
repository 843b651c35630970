"""Writes one signed request for each operation that botocore can serialise, with its required parameters, as JSON lines.

Nothing is sent. Usage: sign_operations.py <file> [service,service]
"""
import base64
import datetime
import json
import sys

import botocore.session
from botocore.config import Config

FILE, *ONLY = sys.argv[1:]
KEY = ("PSTNAAAAAAAAAAAAAAAA", "of-this-test-alone")


class NotSent(Exception):
    pass


def value_of(shape, signing_name, name="", depth=0):
    kind = shape.type_name
    if kind == "structure":
        members = [each for each in shape.members if each in shape.required_members]
        if getattr(shape, "is_tagged_union", False) and not members:
            members = list(shape.members)[:1]
        if depth > 8:
            return {}
        return {each: value_of(shape.members[each], signing_name, each, depth + 1) for each in members}
    if kind == "list":
        least = int(shape.metadata.get("min", 1) or 1)
        return [value_of(shape.member, signing_name, name, depth + 1)] * max(1, min(least, 3))
    if kind == "map":
        return {"key1": value_of(shape.value, signing_name, "", depth + 1)}
    if kind == "string":
        return text_of(shape, signing_name, name)
    if kind in ("integer", "long"):
        return int(shape.metadata.get("min", 1) or 1)
    values = {"float": 1.5, "double": 1.5, "boolean": True, "blob": b"blob"}
    return values.get(kind, datetime.datetime(2026, 1, 1) if kind == "timestamp" else "x")


def text_of(shape, signing_name, name):
    if shape.enum:
        return shape.enum[0]
    if name in ("Bucket", "BucketName"):
        return "bucket-one"
    if name == "AccountId":
        return "123456789012"
    if name.lower().endswith(("arn", "arns")):
        return f"arn:aws:{signing_name}:us-east-1:123456789012:thing/one"
    least = int(shape.metadata.get("min", 1) or 1)
    most = int(shape.metadata.get("max", 64) or 64)
    return ("abcdefghij" * 300)[: max(least, min(6, most))]


def catch_into(caught):
    def catch(request, **_):
        caught.append(request)
        raise NotSent()

    return catch


def bytes_of(body):
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else body or b""


def main():
    session = botocore.session.get_session()
    session.set_credentials(*KEY)
    config = Config(
        parameter_validation=False,
        retries={"max_attempts": 0},
        inject_host_prefix=False,
        s3={"addressing_style": "path"},
    )
    with open(FILE, "w", encoding="utf-8") as out:
        for service in session.get_available_services():
            if ONLY and service not in ONLY[0].split(","):
                continue
            client = session.create_client(
                service, region_name="us-east-1", endpoint_url="http://127.0.0.1:4782", config=config
            )
            caught = []
            client.meta.events.register_first("before-send", catch_into(caught))
            model = client.meta.service_model
            for operation in model.operation_names:
                shape = model.operation_model(operation).input_shape
                caught.clear()
                try:
                    client._make_api_call(operation, value_of(shape, model.signing_name) if shape else {})
                except Exception:  # noqa: BLE001 - what botocore cannot serialise is not counted
                    pass
                for request in caught[:1]:
                    headers = {
                        name: value.decode() if isinstance(value, bytes) else str(value)
                        for name, value in request.headers.items()
                    }
                    line = {
                        "service": service,
                        "operation": operation,
                        "method": request.method,
                        "url": request.url,
                        "headers": headers,
                        "body": base64.b64encode(bytes_of(request.body)).decode(),
                    }
                    out.write(json.dumps(line) + "\n")


main()
