"""Plays the demo's scene at the gateway with nothing but environment variables; prints, a line each, all that it was answered."""
import json

import boto3

dynamodb = boto3.client("dynamodb")
sts = boto3.client("sts")
ROW = {"user_id": {"S": "c-1042"}}
batch = {"bank_balances": {"Keys": [ROW]}, "users_table": {"Keys": [{"id": {"S": "admin"}}]}}
role = "arn:aws:iam::111122223333:role/any"

calls = {
    "who": sts.get_caller_identity,
    "own row": lambda: dynamodb.get_item(TableName="bank_balances", Key=ROW),
    "another row": lambda: dynamodb.get_item(TableName="bank_balances", Key={"user_id": {"S": "c-2077"}}),
    "in a batch": lambda: dynamodb.batch_get_item(RequestItems=batch),
    "delete table": lambda: dynamodb.delete_table(TableName="support_drafts"),
    "profile": lambda: dynamodb.get_item(TableName="bank_customer_profiles", Key=ROW),
    "assume role": lambda: sts.assume_role(RoleArn=role, RoleSessionName="me"),
    "session token": sts.get_session_token,
    "federation token": lambda: sts.get_federation_token(Name="me"),
    "access key": lambda: boto3.client("iam").create_access_key(UserName="me"),
    "ecr token": boto3.client("ecr").get_authorization_token,
}
for name, call in calls.items():
    try:
        answer = call()
        code = "works"
    except dynamodb.exceptions.ClientError as error:
        answer = error.response
        code = answer["Error"]["Code"]
    print(json.dumps({"call": name, "code": code, "answer": answer}, default=str), flush=True)

keys = boto3.Session().get_credentials().get_frozen_credentials()
print(json.dumps({"call": "keys", "code": keys.access_key[:4], "answer": keys._asdict()}))
