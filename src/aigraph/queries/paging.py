"""Paging: the part of a query's answer that a client asks for."""

from __future__ import annotations

from aigraph.sparql import Kind, Token, keyword, tokens


def page_of(text: str, *, limit: int, offset: int = 0) -> str:
    """The query whose answer is `limit` rows of that query's answer after the first `offset`.

    What the query itself says about LIMIT and OFFSET holds on: its pages are pages of what it would give. Pages fit
    together only where the query orders its rows.
    """
    own: dict[str, int] = {}
    kept: list[str] = []
    done, tail = 0, len(text)
    depth = 0
    last: Token | None = None
    for token in tokens(text):
        if token.kind is Kind.COMMENT:
            continue
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(token.text, 0)
        if depth == 0 and keyword(token) == "VALUES":
            tail = token.start  # of a whole query, not of a pattern: it stands after LIMIT and OFFSET
        if depth == 0 and last and token.kind is Kind.NUMBER and (word := keyword(last)) in ("LIMIT", "OFFSET"):
            own[word] = int(token.text)
            kept.append(text[done : last.start])
            done = token.end
        last = token
    if "LIMIT" in own:
        limit = max(0, min(limit, own["LIMIT"] - offset))
    begin = "".join((*kept, text[done:tail])).rstrip()
    return f"{begin}\nLIMIT {limit} OFFSET {own.get('OFFSET', 0) + offset}\n{text[tail:]}"
