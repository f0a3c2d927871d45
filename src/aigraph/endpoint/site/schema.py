"""Things and articles in the words of schema.org, for search engines: JSON-LD inside the pages."""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from aigraph.endpoint.site.texts import ArticleText
from aigraph.endpoint.site.things import Thing
from aigraph.vocab import AIG

_TYPES = (
    (AIG.Company, "Corporation"),
    (AIG.Organization, "Organization"),
    (AIG.Person, "Person"),
    (AIG.AIModel, "SoftwareApplication"),
    (AIG.Software, "SoftwareApplication"),
    (AIG.Technology, "Product"),
    (AIG.Event, "Event"),
    (AIG.Place, "Place"),
)


def of_thing(thing: Thing, url: str) -> Markup:
    """A thing as JSON-LD, ready for a script element."""
    kind = next((name for cls, name in _TYPES if cls in thing.type_iris), "Thing")
    return _script(
        {
            "@context": "https://schema.org",
            "@id": thing.iri,
            "@type": kind,
            "name": thing.label,
            "alternateName": list(thing.aliases),
            "description": thing.definition,
            "sameAs": list(thing.links),
            "mainEntityOfPage": url,
        }
    )


def of_article(article: ArticleText, url: str) -> Markup:
    """An article as JSON-LD, without its text."""
    return _script(
        {
            "@context": "https://schema.org",
            "@id": article.iri,
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": article.issued,
            "publisher": {"@type": "Organization", "name": article.publisher} if article.publisher else None,
            "author": [{"@type": "Person", "name": name} for name in article.authors],
            "isBasedOn": article.source,
            "mainEntityOfPage": url,
        }
    )


def _script(content: Mapping[str, object]) -> Markup:
    """JSON that cannot end the element that it stands in."""
    told = {name: value for name, value in content.items() if value}
    text = json.dumps(told, ensure_ascii=False)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028")):
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - the signs that could end the element are escaped above
