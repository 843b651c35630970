"""Checks policies with parliament and cloudsplaining, and tells what they said and how long they took, as JSON.

Standard input has [{"name", "policy"}]; the argument says which of the two is asked. `cloudsplaining-account` takes what
GetAccountAuthorizationDetails answered, and tells the names of the roles that it says escalate.
"""

import json
import sys
import time


def parliament():
    from parliament import analyze_policy_string

    def ask(policy):
        found = analyze_policy_string(json.dumps(policy), include_community_auditors=True)
        return any(finding.issue == "PRIVILEGE_ESCALATION" for finding in found.findings)

    return ask


def cloudsplaining():
    from cloudsplaining.scan.policy_document import PolicyDocument

    return lambda policy: bool(PolicyDocument(policy).allows_privilege_escalation)


def escalating_roles(details):
    from cloudsplaining.scan.authorization_details import AuthorizationDetails

    results = AuthorizationDetails(details).results
    policies = {**results["inline_policies"], **results["customer_managed_policies"]}
    held = {
        role["name"]: [*role["inline_policies"], *role["customer_managed_policies"]]
        for role in results["roles"].values()
    }
    tells = lambda entry: bool(policies.get(entry, {}).get("PrivilegeEscalation", {}).get("findings"))
    return [name for name, entries in held.items() if any(tells(entry) for entry in entries)]


if sys.argv[1] == "cloudsplaining-account":
    json.dump(escalating_roles(json.load(sys.stdin)), sys.stdout)
    sys.exit()

ask = {"parliament": parliament, "cloudsplaining": cloudsplaining}[sys.argv[1]]()
answers = []
for case in json.load(sys.stdin):
    started = time.perf_counter()
    try:
        escalates, crashed = ask(case["policy"]), False
    except Exception:  # A crash of theirs is an answer to be counted.
        escalates, crashed = False, True
    took = (time.perf_counter() - started) * 1000
    answers.append({"escalates": escalates, "crashed": crashed, "ms": took})
json.dump(answers, sys.stdout)
