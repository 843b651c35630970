"""
CloudTrail's word of AssumeRole on the event bus, which a trail of management events brings about, and the state of a rule
that hears of calls which only read: MiniStack records calls, and delivers none.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

import contextvars
import json
import threading

from ministack.core.responses import new_uuid
from ministack.services import cloudtrail, eventbridge, sts

OF_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_delivering = threading.Lock()


def _role_arn(session_arn):
    """Of `arn:aws:sts::<account>:assumed-role/<role>/<session>`; no role of Postern's has a path."""
    account, name = session_arn.split(":")[4], session_arn.split("/")[1]
    return f"arn:aws:iam::{account}:role/{name}"


def _detail(session):
    caller, arn = session["SourcePrincipalArn"], session["Arn"]
    parameters = {
        "roleArn": _role_arn(arn),
        "roleSessionName": arn.split("/")[-1],
        "tags": [{"key": tag["Key"], "value": tag["Value"]} for tag in session.get("SessionTags") or []],
    }
    if session.get("SessionPolicies"):
        parameters["policy"] = "as it was given"
    issuer = {"sessionIssuer": {"arn": _role_arn(caller)}} if ":assumed-role/" in caller else {}
    return {
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "eventID": new_uuid(),
        "readOnly": True,
        "userIdentity": {"arn": caller, "sessionContext": issuer},
        "requestParameters": parameters,
    }


def _deliver(session):
    if not any(trail["IsLogging"] for trail in cloudtrail._trails.values()):
        return
    entry = {
        "Source": "aws.sts",
        "DetailType": "AWS API Call via CloudTrail",
        "Detail": json.dumps(_detail(session)),
    }
    with _delivering:
        heard = [rule for rule in eventbridge._rules.values() if rule.get("State") == OF_READS]
        for rule in heard:
            rule["State"] = "ENABLED"
        try:
            eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
        finally:
            for rule in heard:
                rule["State"] = OF_READS


def add():
    register = sts.register_session

    def register_and_tell(access_key, session, *args, **named):
        registered = register(access_key, session, *args, **named)
        if session.get("SourcePrincipalArn"):
            here = contextvars.copy_context()
            threading.Thread(target=here.run, args=(_deliver, session), daemon=True).start()
        return registered

    sts.register_session = register_and_tell
