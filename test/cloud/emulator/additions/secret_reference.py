"""
`Ref` of a secret is its ARN, which CloudFormation then knows it by; MiniStack answers its name, and knows it by that.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html
"""

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners


def name_of(arn):
    for name, secret in secretsmanager._secrets.items():
        if arn in (name, secret["ARN"]):
            return name
    return arn


def add():
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def create_with_arn(logical_id, props, stack_name):
        _, attributes = create(logical_id, props, stack_name)
        return attributes["Arn"], attributes

    def update_by_arn(physical_id, *args, **named):
        _, attributes = update(name_of(physical_id), *args, **named)
        return physical_id, attributes

    handlers["create"] = create_with_arn
    handlers["update"] = update_by_arn
    handlers["delete"] = lambda physical_id, props: delete(name_of(physical_id), props)
