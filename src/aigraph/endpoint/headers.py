"""Headers of every answer: readable from pages of other sites, harmless in a browser."""

from __future__ import annotations

from collections.abc import Iterable

POLICY_HEADER = "Content-Security-Policy"
_POLICY = "default-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
EDITOR_POLICY = f"{_POLICY}; style-src 'self' 'unsafe-inline'"
"""For the page of the query editor alone: its table and its charts write styles into the page. Scripts stay ours."""

COMMON: tuple[tuple[str, str], ...] = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Retry-After, Content-Location, Location, Link, X-Request-Id"),
    (POLICY_HEADER, _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)

PREFLIGHT: tuple[tuple[str, str], ...] = (
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
    ("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
)


def as_lines(headers: Iterable[tuple[str, str]]) -> bytes:
    """Headers as they are sent."""
    return "".join([f"{name}: {value}\r\n" for name, value in headers]).encode("latin-1")
