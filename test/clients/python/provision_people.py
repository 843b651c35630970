"""An identity provider, by scim2-client: tries the whole of a SCIM server with scim2-tester, then brings people.

Usage: provision_people.py check | join <user> <group> | leave <user>; where and with what is in SCIM_URL and SCIM_TOKEN.
"""

import os
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SearchRequest
from scim2_tester import Status, check_server

http = httpx2.Client(
    base_url=os.environ["SCIM_URL"],
    headers={"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"},
    timeout=60,
)
scim = SyncSCIMClient(http)
scim.discover()


def check() -> int:
    """Every check of the tester; names those that the server does not pass."""
    results = check_server(scim)
    failed = [result for result in results if result.status in (Status.ERROR, Status.CRITICAL)]
    for result in failed:
        print(f"{result.status.name}: {result.title}: {result.reason}", file=sys.stderr)
    print(f"{len(results)} checked, {len(failed)} failed")
    return 1 if failed else 0


def find(model: type, attribute: str, value: str):
    found = scim.query(model, query_parameters=SearchRequest(filter=f'{attribute} eq "{value}"'))
    return found.resources[0] if found.resources else None


def join(name: str, group_name: str) -> int:
    """As providers do: looks whether they are there, makes them, and adds them to the group."""
    user_model, group_model = scim.get_resource_model("User"), scim.get_resource_model("Group")
    user = find(user_model, "userName", name)
    if user is None:
        email = {"value": f"{name}@bank.example", "primary": True}
        user = scim.create(user_model(user_name=name, active=True, emails=[email]))
    group = find(group_model, "displayName", group_name)
    if group is None:
        group = scim.create(group_model(display_name=group_name))
    patch = PatchOp[group_model](
        operations=[PatchOperation(op="add", path="members", value=[{"value": user.id}])]
    )
    scim.modify(group_model, group.id, patch)
    print(user.id)
    return 0


def leave(name: str) -> int:
    user_model = scim.get_resource_model("User")
    user = find(user_model, "userName", name)
    patch = PatchOp[user_model](operations=[PatchOperation(op="replace", path="active", value=False)])
    print(scim.modify(user_model, user.id, patch).active)
    return 0


_, what, *rest = sys.argv
sys.exit({"check": check, "join": join, "leave": leave}[what](*rest))
