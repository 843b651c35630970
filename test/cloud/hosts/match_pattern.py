"""Prints, as JSON, which of the events on standard input a rule's pattern matches, by MiniStack's event bus."""

import json
import sys

from ministack.services import eventbridge

pattern = open(sys.argv[1], encoding="utf-8").read()
matches = [
    bool(
        eventbridge._matches_pattern(
            pattern,
            {
                "Source": "aws.sts",
                "DetailType": "AWS API Call via CloudTrail",
                "Detail": json.dumps(detail),
                "Account": "444455556666",
                "Region": "eu-central-1",
                "Time": 0,
                "Resources": [],
                "EventId": "1",
            },
        )
    )
    for detail in json.load(sys.stdin)
]
json.dump(matches, sys.stdout)
