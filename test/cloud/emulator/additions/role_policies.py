"""
A role is not deleted by its stack while it has an inline policy that somebody put there by a call: CloudFormation takes away
what its template made, and IAM refuses the rest. MiniStack deletes both.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
https://github.com/convox/rack/issues/2672
"""

from ministack.services import iam
from ministack.services.cloudformation import provisioners

_PUT = "PutByCall"


def add():
    put = iam._IAM_HANDLERS["PutRolePolicy"]
    handlers = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]
    delete = handlers["delete"]

    def put_and_remember(p):
        role = iam._roles.get(iam._p(p, "RoleName"))
        if role is not None:
            role[_PUT] = [*role.get(_PUT, []), iam._p(p, "PolicyName")]
        return put(p)

    def delete_without_others(physical_id, props):
        role = iam._roles.get(physical_id) or {}
        if any(name in role["InlinePolicies"] for name in role.get(_PUT, [])):
            raise ValueError("Cannot delete entity, must delete policies first.")
        return delete(physical_id, props)

    iam._IAM_HANDLERS["PutRolePolicy"] = put_and_remember
    handlers["delete"] = delete_without_others
