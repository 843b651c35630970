"""Runs the agent of the Strands example with a model that calls its tool once, and prints what the tool answered."""

import json
import sys
from collections.abc import AsyncIterable
from typing import Any

sys.path.insert(0, "docs/examples/python")
from strands.models import Model
from strands_hook import make_agent

CALL = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockStart": {"start": {"toolUse": {"toolUseId": "call-1", "name": "count_failed_payments"}}}},
    {"contentBlockDelta": {"delta": {"toolUse": {"input": "{}"}}}},
    {"contentBlockStop": {}},
    {"messageStop": {"stopReason": "tool_use"}},
]
DONE = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"text": "Done."}}},
    {"contentBlockStop": {}},
    {"messageStop": {"stopReason": "end_turn"}},
]


class ScriptedModel(Model):
    """Calls the tool, then ends."""

    def update_config(self, **model_config: Any) -> None:
        """It has none."""

    def get_config(self) -> dict[str, Any]:
        return {}

    def structured_output(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    async def stream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterable[Any]:
        for event in CALL if len(messages) == 1 else DONE:
            yield event


agent = make_agent(ScriptedModel())
agent("How many payments failed?")
results = [part["toolResult"] for message in agent.messages for part in message["content"] if "toolResult" in part]
print(json.dumps([[result["status"], result["content"][0]["text"]] for result in results]))
