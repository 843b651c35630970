"""Calls AWS through the gateway with nothing but environment variables, and prints what each call came to, as JSON."""
import json

import boto3
from botocore.config import Config

REGION = "eu-central-1"
ROW = {"user_id": {"S": "c-1042"}}
dynamodb = boto3.client("dynamodb", region_name=REGION)
sts = boto3.client("sts", region_name=REGION)
s3 = boto3.client("s3", region_name=REGION)


def code_of(run):
    try:
        run()
    except Exception as error:  # noqa: BLE001 - what it is, is the answer
        return getattr(error, "response", {}).get("Error", {}).get("Code") or type(error).__name__
    return "works"


def presigned(signature_version):
    client = boto3.client("s3", region_name=REGION, config=Config(signature_version=signature_version))
    url = client.generate_presigned_url("get_object", Params={"Bucket": "bucket-one", "Key": "key"})
    import urllib.error
    import urllib.request

    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.headers.get('x-amzn-errortype')}"
    return "works"


batch = {"bank_balances": {"Keys": [ROW]}, "users_table": {"Keys": [{"id": {"S": "admin"}}]}}
put = [{"Put": {"TableName": "users_table", "Item": {"id": {"S": "me"}}}}]
answers = {
    "who": sts.get_caller_identity()["Arn"],
    "row": dynamodb.get_item(TableName="bank_balances", Key=ROW)["Item"]["user_id"]["S"],
    "own row again": code_of(lambda: dynamodb.get_item(TableName="bank_balances", Key=ROW)),
    "another row": code_of(lambda: dynamodb.get_item(TableName="bank_balances", Key={"user_id": {"S": "c-2077"}})),
    "in a batch": code_of(lambda: dynamodb.batch_get_item(RequestItems=batch)),
    "in a transaction": code_of(lambda: dynamodb.transact_write_items(TransactItems=put)),
    "in a statement": code_of(lambda: dynamodb.execute_statement(Statement='SELECT * FROM "users_table"')),
    "delete table": code_of(lambda: dynamodb.delete_table(TableName="bank_balances")),
    "assume role": code_of(
        lambda: sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/any", RoleSessionName="me")
    ),
    "session token": code_of(sts.get_session_token),
    "access key": code_of(lambda: boto3.client("iam", region_name=REGION).create_access_key(UserName="me")),
    "ecr token": code_of(boto3.client("ecr", region_name=REGION).get_authorization_token),
    "s3 object": code_of(lambda: s3.get_object(Bucket="bucket-one", Key="a//../b c")),
    "s3 upload": code_of(lambda: s3.put_object(Bucket="bucket-one", Key="key", Body=b"x" * 2_000_000)),
    "ec2": code_of(boto3.client("ec2", region_name=REGION).describe_instances),
    "lambda": code_of(lambda: boto3.client("lambda", region_name=REGION).get_function(FunctionName="pay")),
    "cloudwatch": code_of(lambda: boto3.client("cloudwatch", region_name=REGION).list_metrics()),
    "presigned": presigned("s3v4"),
    "presigned, SigV2": presigned("s3"),
}
print(json.dumps(answers))
