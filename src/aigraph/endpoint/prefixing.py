"""Addresses where the service stands below a prefix of a proxy: "/sparql" is told as "/graph/sparql".

Pages and headers are written with addresses that begin at the service; the prefix is put before them here, once.
"""

from __future__ import annotations

import re

from flask import Response, request

# in texts and values of attributes quotes are escaped, so this is found in tags alone
_ATTRIBUTE = re.compile(rb'( (?:href|action|src|data-[a-z-]+)=")(/(?!/))')
_LINK = re.compile(r"<(/(?!/)[^>]*)>")


def prefixed(response: Response) -> None:
    """Puts the prefix before the addresses of a page and of its headers."""
    root = request.script_root
    if not root:
        return
    for name in ("Location", "Content-Location"):
        if (address := response.headers.get(name, "")).startswith("/"):
            response.headers[name] = root + address
    if "Link" in response.headers:
        response.headers["Link"] = _LINK.sub(rf"<{root}\1>", response.headers["Link"])
    if response.mimetype == "text/html" and not response.direct_passthrough and response.status_code != 304:
        response.set_data(_ATTRIBUTE.sub(rb"\1" + root.encode() + rb"\2", response.get_data()))
