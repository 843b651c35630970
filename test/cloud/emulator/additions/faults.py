"""
What an account refuses, and MiniStack grants:

- a name that something has already: a table, log group, secret, queue, role or bucket left behind blocks the next of its
  name, as at AWS;
- to delete a table that is protected from it, by CloudFormation too
  (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html);
- reserved concurrency that leaves fewer than 100 unreserved
  (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html);
- whatever type the file that POSTERN_EMULATOR_FAULTS names lists: how a test has a deployment fail.
"""

import json
import os

from ministack.services.cloudformation import drift, provisioners, stacks
from ministack.services import dynamodb, lambda_svc

from .cloud_control import is_there

_NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::SQS::Queue": "QueueName",
    "AWS::IAM::Role": "RoleName",
    "AWS::S3::Bucket": "BucketName",
}
_UNRESERVED_LEAST = 100


def _refused_types():
    file = os.environ.get("POSTERN_EMULATOR_FAULTS", "")
    return json.loads(open(file).read()) if os.path.exists(file) else []


_reservations = {}


def _reserved_elsewhere(name):
    standing = {other for other in _reservations if other != name and other in lambda_svc._functions}
    return sum(_reservations[other] for other in standing)


def _check_concurrency(props):
    reserved = props.get("ReservedConcurrentExecutions")
    if reserved is None:
        return
    name = props["FunctionName"]
    limit = int(os.environ.get("LAMBDA_ACCOUNT_CONCURRENCY", "1000"))
    if limit - _reserved_elsewhere(name) - int(reserved) < _UNRESERVED_LEAST:
        raise ValueError(
            f"Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{_UNRESERVED_LEAST}]."
        )
    _reservations[name] = int(reserved)


def add():
    provision = provisioners._provision_resource

    def provision_as_an_account_does(resource_type, logical_id, props, stack_name):
        if resource_type in _refused_types():
            raise ValueError(f"{resource_type} is refused: the test has it so")
        name = props.get(_NAMES.get(resource_type, ""))
        if name and is_there(resource_type, name):
            raise ValueError(f"{resource_type} with identifier {name} already exists.")
        if resource_type == "AWS::Lambda::Function":
            _check_concurrency(props)
        return provision(resource_type, logical_id, props, stack_name)

    provisioners._provision_resource = provision_as_an_account_does
    stacks._provision_resource = provision_as_an_account_does

    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    delete = handlers["delete"]

    def delete_unprotected(physical_id, props):
        if (dynamodb._tables.get(physical_id) or {}).get("DeletionProtectionEnabled"):
            raise ValueError(f"Table {physical_id} cannot be deleted: deletion protection is enabled.")
        return delete(physical_id, props)

    handlers["delete"] = delete_unprotected
