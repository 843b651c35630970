"""A Strands hook that gets each tool its access just before it runs, and lets no tool run without.

The model sees why there is none. Tools take the session that is theirs, and find no keys in the environment.
"""

from typing import Any

import postern
from strands import Agent, ToolContext, tool
from strands.hooks import BeforeToolCallEvent, HookProvider, HookRegistry
from strands.models import Model

#: What each tool is for, in the words that the broker and people read. A tool that is not here needs no access.
REASONS = {"count_failed_payments": "The weekly report needs the operational metrics of this week."}


class PosternHook(HookProvider):
    """One session a tool, which renews itself."""

    def __init__(self) -> None:
        self.sessions = {name: postern.session(reason, timeout=60) for name, reason in REASONS.items()}

    def register_hooks(self, registry: HookRegistry, **_: Any) -> None:
        registry.add_callback(BeforeToolCallEvent, self.before)

    def before(self, event: BeforeToolCallEvent) -> None:
        session = self.sessions.get(event.tool_use["name"])
        credentials = session.get_credentials() if session else None
        if credentials is None:
            return
        try:
            credentials.get_frozen_credentials()
        except postern.PosternError as error:
            event.cancel_tool = f"There is no access: {error}"
            return
        event.invocation_state["session"] = session


@tool(context=True)
def count_failed_payments(tool_context: ToolContext) -> int:
    """How many times payments failed this week."""
    database = tool_context.invocation_state["session"].client("dynamodb")
    answer = database.query(
        TableName="bank_operational_metrics",
        KeyConditionExpression="metric = :m",
        ExpressionAttributeValues={":m": {"S": "payments_failed"}},
    )
    return answer["Count"]


def make_agent(model: Model) -> Agent:
    """An agent with one tool."""
    return Agent(model=model, tools=[count_failed_payments], hooks=[PosternHook()], callback_handler=None)
