"""
A bucket's Object Lock, as its template sets it; MiniStack's CloudFormation leaves it out, though its S3 knows it.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3-bucket.html
"""

from ministack.services import s3
from ministack.services.cloudformation import provisioners


def add():
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    create = handlers["create"]

    def create_with_lock(logical_id, props, stack_name):
        name, attributes = create(logical_id, props, stack_name)
        if props.get("ObjectLockEnabled") in (True, "true"):
            rule = (props.get("ObjectLockConfiguration") or {}).get("Rule") or {}
            s3._bucket_object_lock[name] = {
                "enabled": True,
                "default_retention": rule.get("DefaultRetention"),
            }
        return name, attributes

    handlers["create"] = create_with_lock
