"""Writes a ticket through the gateway, which a rule leaves to people, with boto3's own settings; prints what it came to."""
import sys

import boto3

dynamodb = boto3.client("dynamodb", region_name="eu-central-1")
item = {"user_id": {"S": "c-1042"}, "ticket_id": {"S": sys.argv[1]}, "subject": {"S": sys.argv[2]}}
try:
    dynamodb.put_item(TableName="support_requests", Item=item)
    print("works")
except dynamodb.exceptions.ClientError as error:
    print(error.response["Error"]["Code"], error.response["Error"]["Message"])
