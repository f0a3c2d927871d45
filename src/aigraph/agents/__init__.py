"""The graph for language models and their agents, by the Model Context Protocol.

tools.py     what they can call: a tool per canned query, describe, search, explain, sparql; without the protocol
answers.py   rows and sources as data and as text, each with its sentences and permalinks
server.py    the protocol, over standard input and output or over HTTP; needs the extra `mcp`
"""

from aigraph.agents.answers import Reply
from aigraph.agents.tools import Tool, Toolbox

__all__ = ["Reply", "Tool", "Toolbox"]
