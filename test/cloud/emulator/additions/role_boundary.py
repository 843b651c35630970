"""
A role's permissions boundary, as its template sets it; MiniStack's CloudFormation leaves it out, though its IAM knows it.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-role.html
"""

from ministack.services import iam
from ministack.services.cloudformation import provisioners


def add():
    handlers = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]
    create, update = handlers["create"], handlers["update"]

    def bound(made, props):
        role = iam._roles.get(made[0])
        if role is not None:
            role["PermissionsBoundary"] = props.get("PermissionsBoundary") or None
        return made

    def create_bound(logical_id, props, stack_name):
        return bound(create(logical_id, props, stack_name), props)

    def update_bound(physical_id, old_props, new_props, *more):
        return bound(update(physical_id, old_props, new_props, *more), new_props)

    handlers["create"], handlers["update"] = create_bound, update_bound
