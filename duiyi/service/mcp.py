"""The service for agents: the same six questions over the Model Context Protocol, on standard input and output."""

from __future__ import annotations

from duiyi import __version__
from duiyi.service.answers import Answers
from duiyi.service.http import questions
from tmx.errors import ToolError

INSTRUCTIONS = (
    "Terminology and translation memory for Chinese and English, read-only. Ask prompt_for or terms_for before "
    "translating a text, lookup_term for one term, fuzzy and concordance for earlier translations, and check for a "
    "finished translation of a segment."
)


def run(answers: Answers) -> None:
    """Answer on standard input and output until the client goes.

    Raises:
        ToolError: the extra ``mcp`` is not installed.
    """
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise ToolError("the Model Context Protocol needs one more library: pip install 'duiyi[mcp]'") from error
    server = MCPServer("duiyi", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    for name, question in questions(answers).items():
        server.add_tool(
            question,
            name=name,
            description=question.__doc__ or name,
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
            structured_output=False,
        )
    server.run("stdio")
