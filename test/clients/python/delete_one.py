"""Deletes a table through the gateway, with boto3's own settings; prints when it begins, and what it came to."""
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

dynamodb = boto3.client("dynamodb")
print("calling", flush=True)
try:
    dynamodb.delete_table(TableName=sys.argv[1])
    print("works", flush=True)
except ClientError as error:
    print(error.response["Error"]["Code"], flush=True)
except BotoCoreError as error:
    print(type(error).__name__, flush=True)
