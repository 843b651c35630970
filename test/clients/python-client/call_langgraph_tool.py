"""Calls the tool of the LangGraph example for each customer, as a model would, and prints what it answered."""

import json
import sys

sys.path.insert(0, "docs/examples/python")
from langchain_core.messages import AIMessage
from langgraph_tool import make_graph

token, *customers = sys.argv[1:]
calls = [{"name": "read_balance", "args": {"customer": each}, "id": each} for each in customers]
asked = AIMessage(content="", tool_calls=calls)
answer = make_graph().invoke({"messages": [asked]}, {"configurable": {"subject_token": token}})
print(json.dumps({message.tool_call_id: message.content for message in answer["messages"][1:]}))
