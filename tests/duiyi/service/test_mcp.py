"""The service as an agent meets it: a real client of the Model Context Protocol over standard input and output."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest

pytest.importorskip("mcp", reason="the extra duiyi[mcp] is not installed")

from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


def test_an_agent_finds_six_tools_and_uses_them(out: Path) -> None:
    server = StdioServerParameters(command=sys.executable, args=["-m", "duiyi", "serve", "--in", str(out), "--mcp"])

    async def talk() -> tuple[set[str], dict[str, object], bool]:
        async with Client(stdio_client(server)) as client:
            tools = (await client.list_tools()).tools
            answer = await client.call_tool("terms_for", {"text": "中国特色大国外交"})
            refused = await client.call_tool("fuzzy", {"text": "外交", "limit": 0})
            return {tool.name for tool in tools}, json.loads(answer.content[0].text), refused.is_error

    with ThreadPoolExecutor(1) as pool:  # a browser of another test may hold this thread's event loop
        names, answer, refused = pool.submit(anyio.run, talk).result()
    assert names == {"lookup_term", "concordance", "fuzzy", "terms_for", "prompt_for", "check"}
    assert [term["preferred"] for term in answer["terms"]] == ["major-country diplomacy"]
    assert refused
