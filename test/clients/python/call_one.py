"""Makes the calls that it is named, one after the other, and prints what each came to on a line of its own."""
import sys

import boto3
from botocore.exceptions import ClientError

REGION = "eu-central-1"


def client(service):
    return boto3.client(service, region_name=REGION)


def machine(kind):
    return client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType=kind)


def read():
    """Reads an object of which the beginning is there at once."""
    body = client("s3").get_object(Bucket="bucket-one", Key="slow")["Body"]
    body.read(5)
    print("reading", flush=True)
    body.read()


PROFILES = "bank_customer_profiles"


def make_profile():
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName=PROFILES,
        KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "user_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName=PROFILES, Item={"user_id": {"S": "c-1042"}, "email": {"S": "ada@example.org"}})


def profile():
    item = client("dynamodb").get_item(TableName=PROFILES, Key={"user_id": {"S": "c-1042"}})["Item"]
    print(dict(sorted(item.items())))


CALLS = {
    "make profile": make_profile,
    "profile": profile,
    "read": read,
    "row": lambda: client("dynamodb").get_item(TableName="table-one", Key={"id": {"S": "one"}}),
    "p4d": lambda: machine("p4d.24xlarge"),
    "t3": lambda: machine("t3.micro"),
}
for name in sys.argv[1:]:
    try:
        CALLS[name]()
        print("works", flush=True)
    except ClientError as error:
        print(error.response["Error"]["Code"], flush=True)
    except Exception as error:  # noqa: BLE001 - what it is, is the answer
        print(type(error).__name__, flush=True)
