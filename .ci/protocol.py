"""Calls every tool of `PROGRAM mcp` in a tree by the protocol's own client library, in each way in which a session can begin: `protocol PROGRAM TREE`."""

import asyncio
import json
import sys

import jsonschema
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

PROGRAM, TREE = sys.argv[1:]
TOOLS = {
    "check": {},
    "instances": {"name": "production"},
    "explain": {"rule": "shared-data-space"},
    "facts": {"kind": "setting"},
}


def text(result):
    [content] = result.content
    assert content.type == "text" and not result.is_error, result
    return content.text


async def session(mode):
    server = StdioServerParameters(command=PROGRAM, args=["mcp"], cwd=TREE)
    async with Client(stdio_client(server), mode=mode) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(listed) == set(TOOLS), listed
        for name, arguments in TOOLS.items():
            jsonschema.Draft202012Validator.check_schema(listed[name].input_schema)
            jsonschema.validate(arguments, listed[name].input_schema)
        answers = {name: text(await client.call_tool(name, arguments)) for name, arguments in TOOLS.items()}
        found = json.loads(answers["check"])
        assert found["complete"] and found["errors"] == 2, found
        assert {one["rule"] for one in found["findings"]} == {"shared-data-space", "plaintext-private-key"}, found
        [production] = json.loads(answers["instances"])["instances"]
        assert production["kind"] == "production" and production["feeds"], production
        assert "## Use instead" in answers["explain"]
        facts = [json.loads(line) for line in answers["facts"].splitlines()]
        assert facts and all(fact["fact"] == "setting" for fact in facts), facts
        refused = await client.call_tool("check", {"path": "../.."})
        assert refused.is_error and "not in the folder" in refused.content[0].text, refused
        return client.session.protocol_version


def main():
    spoken = {mode: asyncio.run(session(mode)) for mode in ("legacy", "auto")}
    assert spoken == {"legacy": "2025-11-25", "auto": "2026-07-28"}, spoken
    print(f"mcp: {len(TOOLS)} tools in the revisions {' and '.join(spoken.values())}")


main()
