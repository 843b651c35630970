"""An MCP client over standard input and output: asks for what needs a person, and prints what it saw as one line of JSON."""

import asyncio
import json
import os
import sys
import time

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

REASON = "The profile of customer c-4444 is needed to correct the address."


async def main() -> None:
    server = StdioServerParameters(command=sys.argv[1], args=["mcp"], env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        hello = await session.initialize()
        tools = await session.list_tools()

        async def call(name, arguments, **more):
            began = time.monotonic()
            answer = await session.call_tool(name, arguments, **more)
            return json.loads(answer.content[0].text), time.monotonic() - began

        first, seconds = await call("request_access", {"reason": REASON})
        again, _ = await call("request_access", {"reason": REASON, "waitSeconds": 1})
        heard = []

        async def progress(_progress, _total, message):
            heard.append((time.monotonic(), message))

        _, followed = await call(
            "request_access", {"reason": REASON, "waitSeconds": 24}, progress_callback=progress
        )
        listed, _ = await call("list_requests", {})
        gaps = [later - earlier for (earlier, _), (later, _) in zip(heard, heard[1:])]
        print(
            json.dumps(
                {
                    "instructions": hello.instructions,
                    "tools": sorted(tool.name for tool in tools.tools),
                    "first": first,
                    "seconds": seconds,
                    "again": again["requestId"],
                    "followed": followed,
                    "heard": [message for _, message in heard],
                    "longestGap": max(gaps, default=None),
                    "listed": [request["requestId"] for request in listed["requests"]],
                }
            )
        )


asyncio.run(main())
