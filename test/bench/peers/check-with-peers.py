"""Checks policies with parliament and cloudsplaining, and tells what they said and how long they took, as JSON.

Standard input has [{"name", "policy"}]; the argument says which of the two is asked.
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
