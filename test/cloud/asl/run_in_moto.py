"""
Runs prepared cases on moto's interpreter of the Amazon States Language: python run_in_moto.py cases.json courses.json.
Functions are the cases' scripts, in the place of moto's client of Lambda, which would want Docker.
"""

import io
import json
import os
import sys
import threading
import time
from collections import defaultdict

os.environ.update(
    AWS_ACCESS_KEY_ID="moto", AWS_SECRET_ACCESS_KEY="moto", AWS_DEFAULT_REGION="eu-central-1"
)

import boto3  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from moto import mock_aws  # noqa: E402
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils  # noqa: E402
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (  # noqa: E402, F401
    state_task_service_lambda,
)
from moto.stepfunctions.parser.asl.utils import boto_client  # noqa: E402

LONGEST_SECONDS = 60
STARTS = 5

with open(sys.argv[1]) as file:
    CASES = {case["name"]: case for case in json.load(file)}
calls = defaultdict(lambda: defaultdict(int))
lock = threading.Lock()


def settle(then, token, execution):
    time.sleep(1)
    states = boto3.client("stepfunctions")
    if "stop" in then:
        states.stop_execution(executionArn=execution, error=then["stop"][0], cause=then["stop"][1])
    elif "fail" in then:
        states.send_task_failure(taskToken=token, error=then["fail"][0], cause=then["fail"][1])
    else:
        states.send_task_success(taskToken=token, output=json.dumps(then["succeed"]))


def answer(payload, **more):
    return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(payload).encode()), **more}


class ScriptedLambda:
    def invoke(self, FunctionName, Payload=b"{}", **_):
        given = json.loads(Payload.read() if hasattr(Payload, "read") else Payload)
        name, function = given.get("state", given)["case"], FunctionName.split(":")[-1]
        with lock:
            calls[name][function] += 1
            steps = CASES[name]["functions"][function]
            step = steps[min(calls[name][function], len(steps)) - 1]
        time.sleep(step.get("afterSeconds", 0))
        if "throws" in step:
            error = {"errorType": step["throws"], "errorMessage": f"{step['throws']} happened", "trace": []}
            return answer(error, FunctionError="Unhandled")
        if "then" in step:
            arguments = (step["then"], given["taskToken"], given["executionArn"])
            threading.Thread(target=settle, args=arguments, daemon=True).start()
        return answer(step["answers"], ExecutedVersion="$LATEST")


def scripted_client(service, region, state_credentials):
    if service != "lambda":
        raise ValueError(service)
    return ScriptedLambda()


for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith("moto.stepfunctions") and hasattr(module, "boto_client_for"):
        module.boto_client_for = scripted_client
boto_client.boto_client_for = scripted_client
lambda_eval_utils.boto_client_for = scripted_client


def course_of(states, name, arn):
    described = states.describe_execution(executionArn=arn)
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    entered = [
        event["stateEnteredEventDetails"]
        for page in pages
        for event in page["events"]
        if event["type"].endswith("StateEntered")
    ]
    return {
        "status": described["status"],
        "error": described.get("error"),
        "output": json.loads(described["output"]) if described.get("output") else None,
        "entered": [{"state": one["name"], "input": json.loads(one.get("input") or "null")} for one in entered],
        "calls": dict(calls[name]),
    }


def start(states, role, name, case):
    """Starts an execution. moto now and then fails at that while others run in its threads; then it has run nothing."""
    for attempt in range(STARTS):
        try:
            machine = states.create_state_machine(
                name=f"{name}-{attempt}", definition=json.dumps(case["definition"]), roleArn=role
            )["stateMachineArn"]
            return states.start_execution(
                stateMachineArn=machine, name="one", input=json.dumps(case["input"])
            )["executionArn"]
        except ClientError:
            if attempt == STARTS - 1:
                raise
            time.sleep(0.5)


def run():
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        role = boto3.client("iam").create_role(RoleName="states", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        states = boto3.client("stepfunctions")
        courses, running = {}, {}
        for number, (name, case) in enumerate(CASES.items()):
            try:
                running[name] = start(states, role, f"case-{number}", case)
            except ClientError as error:
                courses[name] = {"status": f"not started: {error}", "entered": [], "calls": {}}
        end = time.time() + LONGEST_SECONDS
        while running and time.time() < end:
            time.sleep(0.5)
            for name, arn in list(running.items()):
                if states.describe_execution(executionArn=arn)["status"] != "RUNNING":
                    del running[name]
                    courses[name] = course_of(states, name, arn)
        for name, arn in running.items():
            courses[name] = course_of(states, name, arn)
        return courses


with open(sys.argv[2], "w") as file:
    json.dump(run(), file)
# Threads of executions that never end would keep the process.
os._exit(0)
