"""A worker that reads a table again and again, for longer than one session lasts.

    python boto3_loop.py <how often> <seconds between two>
"""

import sys
import time

import postern
from boto3.dynamodb.conditions import Key

REASON = "The weekly report needs the operational metrics of this week."


def main(times: int, seconds: float) -> None:
    # Nothing is asked yet: the first call does, and a later one before the session ends.
    session = postern.session(REASON)
    metrics = session.resource("dynamodb").Table("bank_operational_metrics")
    for _ in range(times):
        answer = metrics.query(KeyConditionExpression=Key("metric").eq("payments_failed"))
        print(answer["Count"], flush=True)
        time.sleep(seconds)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), float(sys.argv[2]))
    except postern.PosternError as error:
        # One line that says what to do. What to catch apart: Denied, WaitTimedOut, LimitReached.
        sys.exit(f"{type(error).__name__}: {error}")
