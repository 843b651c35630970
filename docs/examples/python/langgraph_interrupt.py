"""A LangGraph graph that is interrupted while people decide, and resumed by another process.

    python langgraph_interrupt.py graph.db start     prints the request, and ends
    python langgraph_interrupt.py graph.db resume    once it was decided
"""

import sys
from typing import TypedDict

import postern
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

REASON = "The profile of customer c-1042 is needed to correct the address, ticket 881."


class State(TypedDict):
    pending: str
    name: str


# A node that is interrupted runs again from its start: asking is a node of its own, whose result is kept.
def ask(state: State) -> dict[str, str]:
    return {"pending": postern.start(REASON).to_json()}


def wait(state: State) -> dict[str, str]:
    pending = postern.check(postern.Pending.from_json(state["pending"]))
    while not pending.is_decided:
        interrupt({"requestId": pending.request_id, "status": pending.status})
        pending = postern.check(pending)
    return {"pending": pending.to_json()}


def read(state: State) -> dict[str, str]:
    # What was denied is raised here, with its reasons. The session itself is kept nowhere.
    access = postern.finish(postern.Pending.from_json(state["pending"]))
    database = access.session().client("dynamodb")
    found = database.get_item(TableName="bank_customer_profiles", Key={"user_id": {"S": "c-1042"}})
    return {"name": found.get("Item", {}).get("name", {}).get("S", "")}


def main(file: str, step: str) -> None:
    graph = StateGraph(State)
    graph.add_node("ask", ask)
    graph.add_node("wait", wait)
    graph.add_node("read", read)
    for edge in ((START, "ask"), ("ask", "wait"), ("wait", "read"), ("read", END)):
        graph.add_edge(*edge)
    with SqliteSaver.from_conn_string(file) as saver:
        given = State(pending="", name="") if step == "start" else Command(resume=True)
        state = graph.compile(saver).invoke(given, {"configurable": {"thread_id": "ticket-881"}})
        print([each.value for each in state.get("__interrupt__", [])] or state["name"])


if __name__ == "__main__":
    main(*sys.argv[1:])
