"""
Prints what docs/examples/hosts/<name>.tf says, as JSON: each policy document's statements as IAM writes them, and for each
role, user and profile what it refers to. Strings lose the quotes that python-hcl2 leaves about them.
"""

import json
import sys

import hcl2


def plain(value):
    if isinstance(value, dict):
        return {plain(key): plain(inner) for key, inner in value.items() if key != "__is_block__"}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return json.loads(value)
    return value


def one_or_all(values):
    return values[0] if len(values) == 1 else values


def statement(block):
    written = {"Sid": block["sid"], "Effect": block["effect"], "Action": one_or_all(block["actions"])}
    for principals in block.get("principals", []):
        written["Principal"] = {principals["type"]: one_or_all(principals["identifiers"])}
    if "resources" in block:
        written["Resource"] = one_or_all(block["resources"])
    for condition in block.get("condition", []):
        operator = written.setdefault("Condition", {}).setdefault(condition["test"], {})
        operator[condition["variable"]] = one_or_all(condition["values"])
    return written


def by_name(blocks, kind):
    return {name: body for block in blocks for name, body in block.get(kind, {}).items()}


with open(sys.argv[1], encoding="utf-8") as file:
    read = plain(hcl2.load(file))

resources = read["resource"]
json.dump(
    {
        "documents": {
            name: [statement(block) for block in body["statement"]]
            for name, body in by_name(read["data"], "aws_iam_policy_document").items()
        },
        "resources": {kind: by_name(resources, kind) for block in resources for kind in block},
        "variables": [name for block in read["variable"] for name in block],
    },
    sys.stdout,
)
