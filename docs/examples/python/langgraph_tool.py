"""A LangGraph tool that reads the balance of the customer who is signed in, and of nobody else.

The model may name any customer: the session was granted for the one whose token the graph was started with, and IAM
refuses every other row.
"""

from typing import Annotated

import postern
from botocore.exceptions import ClientError
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import InjectedToolArg, tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.prebuilt import ToolNode

REASON = "The customer asks for the balance of their account."


@tool
def read_balance(customer: str, config: Annotated[RunnableConfig, InjectedToolArg]) -> str:
    """The balance of a customer's account."""
    # From whoever runs the graph, never from the model: the token of the customer who is signed in.
    token: str = config.get("configurable", {})["subject_token"]
    try:
        database = postern.session(REASON, subject_token=token).client("dynamodb")
        answer = database.get_item(TableName="bank_balances", Key={"user_id": {"S": customer}})
    except postern.WaitTimedOut as error:
        return f"Somebody has to approve it first: request {error.request_id}. Ask again in some minutes."
    except postern.PosternError as error:
        return f"There is no access: {error}"
    except ClientError as error:
        return f"AWS refused it: {error.response.get('Error', {}).get('Code')}"
    return answer.get("Item", {}).get("balance", {}).get("N", "There is no such account.")


def make_graph() -> "CompiledStateGraph[MessagesState, None, MessagesState, MessagesState]":
    """The tool alone. In an agent the node that calls the model stands before it."""
    graph = StateGraph(MessagesState)
    graph.add_node("tools", ToolNode([read_balance]))
    graph.add_edge(START, "tools")
    return graph.compile()
