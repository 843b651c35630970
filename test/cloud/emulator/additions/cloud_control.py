"""
Cloud Control over what the other services hold: MiniStack's answers only for what was made through it. Looks a resource up
by its service's own store, and removes it as CloudFormation does.
https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations.html
"""

import json

from ministack.services import (
    cloudcontrol,
    cloudtrail,
    cloudwatch,
    cognito,
    dynamodb,
    eventbridge,
    pipes,
    s3,
    secretsmanager,
    sqs,
)
from ministack.services.cloudformation import drift, provisioners
from ministack.core.responses import error_response_json, json_response

from .secret_reference import name_of


def is_there(type_name, identifier):
    if type_name == "AWS::Cognito::UserPool":
        return identifier in cognito._user_pools
    if type_name == "AWS::SecretsManager::Secret":
        return name_of(identifier) in secretsmanager._secrets
    if type_name == "AWS::SQS::Queue" and not identifier.startswith("http"):
        return any(url.endswith(f"/{identifier}") for url in sqs._queues.keys())
    if type_name == "AWS::Pipes::Pipe":
        return identifier in pipes._pipes
    if type_name == "AWS::Events::Rule":
        return _rule(identifier) is not None
    if type_name == "AWS::CloudTrail::Trail":
        return identifier in cloudtrail._trails
    if type_name == "AWS::CloudWatch::Alarm":
        return identifier in cloudwatch._alarms
    reader = drift._DRIFT_READERS.get(type_name)
    if reader is None:
        raise KeyError(type_name)
    return reader[0](identifier, {}) is not None


def _rule(arn):
    """By its ARN, as Cloud Control knows it."""
    return next((rule for rule in eventbridge._rules.values() if rule["Arn"] == arn), None)


def _properties(type_name, identifier):
    """As much of a resource as `npm run smoke:aws` looks at."""
    if type_name == "AWS::Pipes::Pipe":
        return {"CurrentState": pipes._pipes[identifier]["CurrentState"]}
    if type_name == "AWS::CloudWatch::Alarm":
        alarm = cloudwatch._alarms[identifier]
        return {key: alarm.get(key) for key in ("ActionsEnabled", "AlarmActions")}
    if type_name == "AWS::Events::Rule":
        rule = _rule(identifier)
        return {"State": rule["State"], "EventPattern": json.loads(rule.get("EventPattern") or "{}")}
    if type_name == "AWS::CloudTrail::Trail":
        return {"IsLogging": cloudtrail._trails[identifier]["IsLogging"]}
    lock = s3._bucket_object_lock.get(identifier) if type_name == "AWS::S3::Bucket" else None
    if lock:
        retention = {"Rule": {"DefaultRetention": lock["default_retention"]}}
        return {"ObjectLockEnabled": lock["enabled"], "ObjectLockConfiguration": retention}
    return {}


def _not_found(data):
    return error_response_json(
        "ResourceNotFoundException", f"{data['TypeName']} {data['Identifier']} was not found", 400
    )


def _done(operation, data):
    event = cloudcontrol._record_request(
        cloudcontrol._progress_event(
            operation, "SUCCESS", type_name=data["TypeName"], identifier=data["Identifier"]
        )
    )
    return json_response({"ProgressEvent": event})


def add():
    def get_resource(data):
        if not is_there(data["TypeName"], data["Identifier"]):
            return _not_found(data)
        properties = json.dumps(_properties(data["TypeName"], data["Identifier"]))
        described = {"Identifier": data["Identifier"], "Properties": properties}
        return json_response({"TypeName": data["TypeName"], "ResourceDescription": described})

    def list_resources(data):
        """Of trails; nothing else is asked for."""
        if data["TypeName"] != "AWS::CloudTrail::Trail":
            raise KeyError(data["TypeName"])
        listed = [{"Identifier": name, "Properties": "{}"} for name in cloudtrail._trails.keys()]
        return json_response({"TypeName": data["TypeName"], "ResourceDescriptions": listed})

    def update_resource(data):
        """Of a table, its protection from being deleted; nothing else is asked for."""
        if not is_there(data["TypeName"], data["Identifier"]):
            return _not_found(data)
        for change in json.loads(data["PatchDocument"]):
            if data["TypeName"] != "AWS::DynamoDB::Table" or change["path"] != "/DeletionProtectionEnabled":
                raise KeyError(change["path"])
            dynamodb._tables[data["Identifier"]]["DeletionProtectionEnabled"] = change["value"]
        return _done("UPDATE", data)

    def delete_resource(data):
        if not is_there(data["TypeName"], data["Identifier"]):
            return _not_found(data)
        provisioners._delete_resource(data["TypeName"], data["Identifier"], {})
        return _done("DELETE", data)

    cloudcontrol._get_resource = get_resource
    cloudcontrol._list_resources = list_resources
    cloudcontrol._update_resource = update_resource
    cloudcontrol._delete_resource = delete_resource
