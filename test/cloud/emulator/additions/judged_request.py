"""
What IAM judges a request by, where MiniStack leaves it out. One wrapper about its evaluator, since each is a part of the
same question:

- `states:SendTask*`: the state machine whose task waits on the token. AWS judges them so, although its reference lists no
  resource type for them (docs/adr names the reliance; `npm run smoke:aws` checks it at AWS).
- `dynamodb:LeadingKeys`: the partition keys that a request names.
  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
- `sts:SourceIdentity`, in the caller's policy and in the trust policy, and `sts:SetSourceIdentity`, which both must allow.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
- `aws:SecureTransport`: callers reach the emulator over loopback, where AWS would be reached over TLS.
"""

import contextvars
import dataclasses
import json
import sys
from urllib.parse import parse_qs

from ministack.core import iam_evaluator

from .leading_keys import leading_keys
from .task_tokens import machine_of

# MiniStack forgets the request once its signature has been checked.
_body = contextvars.ContextVar("postern_body", default=b"")


def _json_body():
    try:
        return json.loads(_body.get())
    except ValueError:
        return {}


def _source_identity():
    named = parse_qs(_body.get().decode("utf-8", "replace")).get("SourceIdentity")
    return named[0] if named else None


def _replace_everywhere(name, old, new):
    """Puts a function in the place of another in every module of MiniStack that has it, however it was imported."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("ministack") and getattr(module, name, None) is old:
            setattr(module, name, new)


def add():
    enforce, trust = iam_evaluator.enforce, iam_evaluator.evaluate_trust_policy
    pin_origin, pin_body_as_signed = iam_evaluator.pin_request_origin, iam_evaluator.pin_signed_body

    def enforce_wholly(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        context = dict(service_context or {})
        if iam_action.startswith("states:SendTask"):
            resource_arn = machine_of(_json_body().get("taskToken")) or resource_arn
        if iam_action.startswith("dynamodb:"):
            keys = leading_keys(iam_action.split(":", 1)[1], _json_body())
            if keys:
                context["dynamodb:LeadingKeys"] = keys
        if iam_action == "sts:AssumeRole" and _source_identity():
            context["sts:SourceIdentity"] = _source_identity()
            denied = enforce(access_key_id, "sts:SetSourceIdentity", service, region, resource_arn, context)
            if denied is not None:
                return denied
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, context)
        if denied is not None:
            who = getattr(denied, "principal_arn", None) or getattr(denied, "code", None)
            print(f"DENIED {iam_action} {resource_arn} to {who}", flush=True)
        return denied

    def trust_with_source_identity(document, caller_arn, ctx=None):
        identity = _source_identity()
        if ctx is None or identity is None:
            return trust(document, caller_arn, ctx)
        named = dataclasses.replace(
            ctx, service_context={**ctx.service_context, "sts:sourceidentity": identity}
        )
        setting = dataclasses.replace(named, action="sts:SetSourceIdentity")
        return trust(document, caller_arn, named) and trust(document, caller_arn, setting)

    def pin_secure_origin(source_ip, secure_transport):
        return pin_origin(source_ip, True)

    def pin_body(body):
        _body.set(body)
        return pin_body_as_signed(body)

    _replace_everywhere("pin_signed_body", pin_body_as_signed, pin_body)
    _replace_everywhere("enforce", enforce, enforce_wholly)
    _replace_everywhere("evaluate_trust_policy", trust, trust_with_source_identity)
    _replace_everywhere("pin_request_origin", pin_origin, pin_secure_origin)
