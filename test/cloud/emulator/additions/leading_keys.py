"""The partition keys that a DynamoDB request names; `None` where it names none (a Scan, a statement of PartiQL)."""

import re

from ministack.services import dynamodb

_PAIR = re.compile(r"([#\w.-]+)\s*=\s*(:\w+)")


def _key_name(table_name, index_name=None):
    table = dynamodb._tables.get((table_name or "").split("/")[-1]) or {}
    schema = table.get("KeySchema", [])
    if index_name:
        indexes = table.get("GlobalSecondaryIndexes", []) + table.get("LocalSecondaryIndexes", [])
        schema = next((index["KeySchema"] for index in indexes if index["IndexName"] == index_name), [])
    return next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), None)


def _text(value):
    return None if not value else str(next(iter(value.values())))


def _queried(body):
    key = _key_name(body.get("TableName"), body.get("IndexName"))
    names = body.get("ExpressionAttributeNames") or {}
    values = body.get("ExpressionAttributeValues") or {}
    for name, value in _PAIR.findall(body.get("KeyConditionExpression", "")):
        if names.get(name, name) == key:
            return [_text(values.get(value))]
    return []


def _batched(body):
    found = []
    for table, asked in (body.get("RequestItems") or {}).items():
        key = _key_name(table)
        if isinstance(asked, dict):
            found += [_text(named.get(key)) for named in asked.get("Keys", [])]
        else:
            for write in asked:
                put, delete = write.get("PutRequest"), write.get("DeleteRequest")
                found.append(_text((put["Item"] if put else delete["Key"]).get(key)))
    return found


def leading_keys(operation, body):
    if operation in ("GetItem", "UpdateItem", "DeleteItem"):
        found = [_text((body.get("Key") or {}).get(_key_name(body.get("TableName"))))]
    elif operation == "PutItem":
        found = [_text((body.get("Item") or {}).get(_key_name(body.get("TableName"))))]
    elif operation == "Query":
        found = _queried(body)
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        found = _batched(body)
    else:
        found = []
    return [key for key in found if key is not None] or None


def add():
    """A part of judged_request."""
