"""Reads a table so many times, by the ordinary chain of boto3, as any program would."""

import sys

import boto3

client = boto3.Session().client("dynamodb")
counts = [
    client.query(
        TableName="bank_operational_metrics",
        KeyConditionExpression="metric = :m",
        ExpressionAttributeValues={":m": {"S": "payments_failed"}},
    )["Count"]
    for _ in range(int(sys.argv[1]))
]
print(*counts)
