"""Calls fifteen services and more with boto3 as it is and nothing but environment variables; prints every answer as JSON.

What no two runs have in common (times, ids of requests) is left out, so that two runs can be compared.
"""
import datetime
import hashlib
import json
import re
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from boto3.s3.transfer import TransferConfig

REGION = "eu-central-1"
LARGE = bytes(range(256)) * 49152  # 12 MB: two parts and a bit.
answers = {}


def client(service, **more):
    return boto3.client(service, region_name=REGION, **more)


def clean(value, key=""):
    if isinstance(value, dict):
        return {each: clean(part, each) for each, part in value.items() if each != "ResponseMetadata"}
    if isinstance(value, list):
        return [clean(part, key) for part in value]
    if isinstance(value, datetime.datetime) or re.search(r"(?i)(date|time|timestamp|sequencetoken)$", key):
        return "a time"
    if hasattr(value, "read"):
        return "sha256 " + hashlib.sha256(value.read()).hexdigest()
    if isinstance(value, (bytes, bytearray)):
        return "bytes " + hashlib.sha256(value).hexdigest()
    if isinstance(value, str):
        return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "an id", value)
    return value


def call(name, run):
    try:
        answers[name] = clean(run())
    except ClientError as error:
        answers[name] = ["error", error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return answers[name]


s3 = client("s3")
call("s3 create", lambda: s3.create_bucket(Bucket="bucket-one", CreateBucketConfiguration={"LocationConstraint": REGION}))
call("s3 versions", lambda: s3.put_bucket_versioning(Bucket="bucket-one", VersioningConfiguration={"Status": "Suspended"}))
call("s3 put", lambda: s3.put_object(Bucket="bucket-one", Key="a//b c+d/é.txt", Body=b"text", Metadata={"one": "two"}))
call("s3 get", lambda: s3.get_object(Bucket="bucket-one", Key="a//b c+d/é.txt"))
call("s3 range", lambda: s3.get_object(Bucket="bucket-one", Key="a//b c+d/é.txt", Range="bytes=1-2"))
call("s3 head", lambda: s3.head_object(Bucket="bucket-one", Key="a//b c+d/é.txt"))
call("s3 absent", lambda: s3.get_object(Bucket="bucket-one", Key="absent"))
call("s3 head absent", lambda: s3.head_object(Bucket="bucket-one", Key="absent"))
call("s3 copy", lambda: s3.copy_object(Bucket="bucket-one", Key="copy", CopySource={"Bucket": "bucket-one", "Key": "a//b c+d/é.txt"}))
parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
with open("large", "wb") as file:
    file.write(LARGE)
s3.upload_file("large", "bucket-one", "large", Config=parts)
s3.download_file("bucket-one", "large", "again", Config=parts)
with open("again", "rb") as file:
    answers["s3 multipart"] = hashlib.sha256(file.read()).hexdigest() == hashlib.sha256(LARGE).hexdigest()
call("s3 list", lambda: [each["Key"] for each in s3.list_objects_v2(Bucket="bucket-one")["Contents"]])
call("s3 delete many", lambda: s3.delete_objects(Bucket="bucket-one", Delete={"Objects": [{"Key": "copy"}, {"Key": "large"}]}))
url = client("s3", config=Config(signature_version="s3v4")).generate_presigned_url(
    "get_object", Params={"Bucket": "bucket-one", "Key": "a//b c+d/é.txt"}
)
answers["s3 presigned"] = urllib.request.urlopen(url).read().decode()

dynamodb = client("dynamodb")
KEY = {"id": {"S": "one"}}
call(
    "dynamodb create",
    lambda: dynamodb.create_table(
        TableName="table-one",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    ),
)
ITEM = {**KEY, "number": {"N": "1.50"}, "bytes": {"B": b"\x00\xff"}, "list": {"L": [{"S": "ü"}]}}
call("dynamodb put", lambda: dynamodb.put_item(TableName="table-one", Item=ITEM))
call("dynamodb get", lambda: dynamodb.get_item(TableName="table-one", Key=KEY))
call("dynamodb batch", lambda: dynamodb.batch_get_item(RequestItems={"table-one": {"Keys": [KEY]}}))
call("dynamodb transact", lambda: dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": "table-one", "Item": {"id": {"S": "two"}}}}]))
call("dynamodb statement", lambda: dynamodb.execute_statement(Statement="SELECT * FROM \"table-one\" WHERE id = 'one'"))
call("dynamodb query", lambda: dynamodb.query(TableName="table-one", KeyConditionExpression="id = :id", ExpressionAttributeValues={":id": {"S": "one"}}))
call("dynamodb condition", lambda: dynamodb.put_item(TableName="table-one", Item=ITEM, ConditionExpression="attribute_not_exists(id)"))
call("dynamodb absent", lambda: dynamodb.get_item(TableName="absent", Key=KEY))

sqs = client("sqs")
queue = "/123456789012/queue-one"
call("sqs create", lambda: sqs.create_queue(QueueName="queue-one")["QueueUrl"].endswith(queue))
QUEUE = f"https://sqs.{REGION}.amazonaws.com{queue}"
call("sqs send", lambda: sqs.send_message(QueueUrl=QUEUE, MessageBody="<a> & ü")["MD5OfMessageBody"])
call("sqs receive", lambda: [each["Body"] for each in sqs.receive_message(QueueUrl=QUEUE)["Messages"]])

sns = client("sns")
topic = sns.create_topic(Name="topic-one")["TopicArn"]
answers["sns create"] = topic
call("sns publish", lambda: sns.publish(TopicArn=topic, Message="text & more"))
call("sns attributes", lambda: sns.get_topic_attributes(TopicArn=topic)["Attributes"]["TopicArn"])

kms = client("kms")
key = kms.create_key(Description="one")["KeyMetadata"]["KeyId"]
secret = kms.encrypt(KeyId=key, Plaintext=b"text")["CiphertextBlob"]
call("kms decrypt", lambda: kms.decrypt(CiphertextBlob=secret)["Plaintext"])

secrets = client("secretsmanager")
call("secretsmanager create", lambda: secrets.create_secret(Name="secret-one", SecretString="value")["Name"])
call("secretsmanager get", lambda: secrets.get_secret_value(SecretId="secret-one")["SecretString"])

ssm = client("ssm")
call("ssm put", lambda: ssm.put_parameter(Name="/one/two", Value="three", Type="String"))
call("ssm get", lambda: ssm.get_parameter(Name="/one/two"))

logs = client("logs")
call("logs group", lambda: logs.create_log_group(logGroupName="/one"))
call("logs stream", lambda: logs.create_log_stream(logGroupName="/one", logStreamName="two"))
NOW = int(datetime.datetime.now().timestamp() * 1000)
call("logs put", lambda: logs.put_log_events(logGroupName="/one", logStreamName="two", logEvents=[{"timestamp": NOW, "message": "text"}]))
call("logs get", lambda: [each["message"] for each in logs.get_log_events(logGroupName="/one", logStreamName="two")["events"]])

cloudwatch = client("cloudwatch")
call("cloudwatch put", lambda: cloudwatch.put_metric_data(Namespace="One", MetricData=[{"MetricName": "Two", "Value": 3.5}]))
call("cloudwatch list", lambda: cloudwatch.list_metrics(Namespace="One"))

ec2 = client("ec2")
vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
call("ec2 subnet", lambda: ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")["Subnet"]["CidrBlock"])
call("ec2 vpcs", lambda: sorted(each["CidrBlock"] for each in ec2.describe_vpcs()["Vpcs"]))
call("ec2 absent", lambda: ec2.describe_instances(InstanceIds=["i-0123456789abcdef0"]))

iam = client("iam")
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
call("iam role", lambda: iam.create_role(RoleName="one", AssumeRolePolicyDocument=POLICY)["Role"]["Arn"])
call("iam get", lambda: iam.get_role(RoleName="one")["Role"]["RoleName"])
call("iam absent", lambda: iam.get_role(RoleName="absent"))

kinesis = client("kinesis")
call("kinesis create", lambda: kinesis.create_stream(StreamName="one", ShardCount=1))
call("kinesis put", lambda: kinesis.put_record(StreamName="one", Data=b"text", PartitionKey="a")["ShardId"])

events = client("events")
call("events rule", lambda: events.put_rule(Name="one", ScheduleExpression="rate(5 minutes)"))
call("events put", lambda: events.put_events(Entries=[{"Source": "one", "DetailType": "two", "Detail": "{}"}])["FailedEntryCount"])

route53 = client("route53")
call("route53 zone", lambda: route53.create_hosted_zone(Name="example.org.", CallerReference="one")["HostedZone"]["Name"])
call("route53 list", lambda: [each["Name"] for each in route53.list_hosted_zones()["HostedZones"]])

ecr = client("ecr")
call("ecr create", lambda: ecr.create_repository(repositoryName="one")["repository"]["repositoryArn"])
call("ecr list", lambda: [each["repositoryName"] for each in ecr.describe_repositories()["repositories"]])

ecs = client("ecs")
call("ecs create", lambda: ecs.create_cluster(clusterName="one")["cluster"]["clusterArn"])
call("ecs list", lambda: ecs.list_clusters())

functions = client("lambda")
call("lambda list", lambda: functions.list_functions())
call("lambda absent", lambda: functions.get_function(FunctionName="absent"))

efs = client("efs")
call("efs list", lambda: efs.describe_file_systems())

json.dump(answers, sys.stdout)
