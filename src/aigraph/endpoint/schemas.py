"""The schemas of what the service answers with, as OpenAPI 3.1 (JSON Schema 2020-12) wants them."""

from __future__ import annotations

from typing import Any

from aigraph.endpoint.problems import PROBLEMS, TYPES
from aigraph.search import KINDS

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
COUNT: Json = {"type": "integer", "minimum": 0}
TERM: Json = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode", "triple"]},
        "value": {},
        "datatype": TEXT,
        "xml:lang": TEXT,
    },
}
SCHEMAS: Json = {
    "Problem": {
        "description": f"What went wrong (RFC 9457). The types are told at {TYPES}.",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "enum": [TYPES + one.name for one in PROBLEMS] + ["about:blank"]},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What happened, where, and what to do."},
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1},
            "limit": {"type": "string", "description": "The limit that was hit."},
            "allowed": {"type": "number"},
        },
    },
    "Rows": {
        "description": "The answer to a SELECT (SPARQL 1.1 Query Results JSON Format).",
        "type": "object",
        "required": ["head", "results"],
        "properties": {
            "head": {
                "type": "object",
                "required": ["vars"],
                "properties": {"vars": {"type": "array", "items": TEXT}},
            },
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {
                    "bindings": {
                        "type": "array",
                        "items": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Term"}},
                    }
                },
            },
        },
    },
    "Truth": {
        "description": "The answer to an ASK.",
        "type": "object",
        "required": ["head", "boolean"],
        "properties": {"head": {"type": "object"}, "boolean": {"type": "boolean"}},
    },
    "Term": TERM,
    "Query": {
        "type": "object",
        "required": ["name", "summary", "description", "tags", "form", "parameters", "path"],
        "properties": {
            "name": TEXT,
            "summary": TEXT,
            "description": TEXT,
            "tags": {"type": "array", "items": TEXT},
            "form": {"enum": ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]},
            "parameters": {"type": "array", "items": {"type": "object", "required": ["name", "type", "required"]}},
            "path": TEXT,
        },
    },
    "Search": {
        "description": "What holds some words, the best first.",
        "type": "object",
        "required": [
            *("query", "words", "corrected", "partial", "total", "more", "counts"),
            *("limit", "offset", "snapshot", "results"),
        ],
        "properties": {
            "query": TEXT,
            "words": {"type": "array", "items": TEXT, "description": "The words that were looked for."},
            "corrected": {
                "type": "object",
                "additionalProperties": TEXT,
                "description": "Words that nothing has, with those that were taken instead.",
            },
            "partial": {"type": "boolean", "description": "Whether nothing has all words, and this has some."},
            "total": COUNT,
            "more": {"type": "boolean", "description": "Whether there are more than `total`, which were not ranked."},
            "counts": {"type": "object", "additionalProperties": COUNT, "description": "How many of each kind."},
            "limit": COUNT,
            "offset": COUNT,
            "snapshot": TEXT,
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
        },
    },
    "Result": {
        "type": "object",
        "required": [
            *("kind", "iri", "page", "label", "type", "text"),
            *("article", "title", "published", "articles", "score"),
        ],
        "properties": {
            "kind": {"enum": [str(kind) for kind in KINDS]},
            "iri": TEXT,
            "page": {"type": "string", "description": "The address of its page here."},
            "label": {"type": "string", "description": "Name, title, clause of a claim, sentence of a deal."},
            "type": {"type": ["string", "null"], "description": "The class of an entity or deal."},
            "text": {
                "type": ["string", "null"],
                "description": "Other names of an entity; the sentences of a claim; a passage of an article, where "
                "texts are shown.",
            },
            "article": {"type": ["string", "null"], "description": "The IRI of the article that says so."},
            "title": {"type": ["string", "null"], "description": "Its title."},
            "published": {"type": ["string", "null"], "description": "The day of its publication."},
            "articles": {"type": ["integer", "null"], "description": "How many articles mention an entity."},
            "score": {"type": "number", "description": "Comparable within one kind of one answer."},
        },
    },
    "Suggestions": {
        "type": "object",
        "required": ["query", "snapshot", "suggestions"],
        "properties": {
            "query": TEXT,
            "snapshot": TEXT,
            "suggestions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": [
                        *("kind", "label", "name", "type", "typeLabel", "iri", "page"),
                        *("articles", "title", "published"),
                    ],
                    "properties": {
                        "kind": {"enum": [str(kind) for kind in KINDS]},
                        "label": TEXT,
                        "name": {"type": "string", "description": "The name of it that fits what was typed."},
                        "type": {"type": ["string", "null"]},
                        "typeLabel": {"type": ["string", "null"], "description": "What people call that class."},
                        "iri": TEXT,
                        "page": TEXT,
                        "articles": {"type": ["integer", "null"]},
                        "title": {"type": ["string", "null"], "description": "Of the article that says so."},
                        "published": {"type": ["string", "null"]},
                    },
                },
            },
        },
    },
    "Offered": {
        "type": "object",
        "required": ["parameter", "closed", "more", "values"],
        "properties": {
            "parameter": TEXT,
            "closed": {"type": "boolean", "description": "Whether nothing else may be given."},
            "more": {"type": "boolean", "description": "Whether the graph has more of them."},
            "values": {"type": "array", "items": TEXT},
            "suggestions": {
                "type": "array",
                "description": "With q: what goes on from it, the best first.",
                "items": {
                    "type": "object",
                    "required": ["label", "name", "type", "typeLabel", "articles"],
                    "properties": {
                        "label": TEXT,
                        "name": {"type": "string", "description": "The name of it that fits what was typed."},
                        "type": {"type": ["string", "null"]},
                        "typeLabel": {"type": ["string", "null"]},
                        "articles": {"type": ["integer", "null"]},
                    },
                },
            },
        },
    },
}
