"""The word groups of `words.yaml`, and patterns that name them in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aigraph.errors import DataError
from aigraph.records import BODY, TECHNOLOGY
from aigraph.resources import parse_yaml

_HERE = Path(__file__).resolve().parent


@cache
def read_data(name: str) -> Any:
    """The content of a YAML file of this package, read once; nobody may change it.

    Raises:
        DataError: it is missing or no YAML.
    """
    path = _HERE / name
    try:
        return parse_yaml(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DataError(f"{path}: cannot be read as YAML ({error}); install aigraph again or correct it.") from error


@cache
def groups() -> Mapping[str, str]:
    """Each word group as one alternation, the longest words first; and the marks that stand for names."""
    found = {}
    for name, words in read_data("words.yaml").items():
        ordered = sorted(words, key=lambda word: (-len(word), word))
        found[name] = "(?:" + "|".join(re.escape(word) for word in ordered) + ")"
    return found | _MARKS


@cache
def words(group: str) -> frozenset[str]:
    """The words of one group, in lower case."""
    return frozenset(word.casefold() for word in read_data("words.yaml")[group])


_MARKS = {
    # what stands for a name in a masked sentence (see `masked.py`)
    "company": f"<(?:{'|'.join(sorted(BODY))}|Name)>",
    "body": f"<(?:{'|'.join(sorted(BODY))})>",
    "person": "<(?:Person|Name)>",
    "place": "<Place>",
    "tech": f"<(?:{'|'.join(sorted(TECHNOLOGY))})>",
    "any": r"<\w+>",
    # a word with a capital and small letters, in any Latin spelling
    "capitalised": r"(?:[^\W\d_a-z](?:[^\W\d_A-Z]|['-])+)",
    # what opens an apposition: "a", "the company's"
    "determiner": r"(?:an?|the|its|their|another|one of the|(?:the|its) [\w-]+'s|<\w+>'s)",
    # the end of a noun phrase: nothing follows that could be its head
    "end": (
        r"(?=[.,;:!?()\u2013\u2014\"\u201d|]|$| [-\u2013\u2014] |'s?(?:\W|$)| (?:of|for|from|in|inside|at|with|that"
        r"|which|who|whose|based|founded|led|headed|run|to|by|on|and|or|but|has|have|had|is|are|was|were|will|would|can"
        r"|could|may|might|should|must|backed|made|built|designed|developed|owned|when|where|while|as|now|near|outside"
        r"|named|called|than|said|says|told|after|before|until|over|under|into|through|during|since|because|if|not|it"
        r"|he|she|they|<\w+>|behind|within|between|against|using|capable|known|aimed|meant|listed|announced|launched"
        r"|unveiled|due|set|expected|available|bought|sold|paid|put|held|spent|took|won|cut|began|got|came|went|lost|saw"
        r"|fell|rose|grew|chose|did|also|already|still|then|alone|plan|need|want|make|have|go|compete|connect|fill|run|use|cost|ship|come|draw|sell|beat|offer|reach|contain"
        r"|hold|match|follow|deliver|arrive|sit|work|support|remain|[a-z]+(?:ed|es|ing|s))(?!\w))"
    ),
    "adjectives": r"(?:(?!(?:of|for|from|by|with|that|and|in|to|at|on) )[\w'\u2019.$%/<>&-]+ ){0,5}?",
    "list": r"(?:(?:<\w+>, )*<\w+>,? (?:and|or) |(?:<\w+>, )*)",
}


@cache
def compile_pattern(pattern: str, *, ends: bool = False, fold: bool = True) -> re.Pattern[str]:
    """A pattern with its groups put in; `ends` anchors it at the end of the text, otherwise at the beginning;
    `fold` ignores case.

    Raises:
        DataError: a group is unknown or the pattern is no regular expression.
    """
    try:
        full = re.sub(r"\{([a-z_]+)\}", lambda match: groups()[match[1]], pattern)
        return re.compile(f"(?:{full})\\Z" if ends else f"(?:{full})", re.IGNORECASE if fold else 0)
    except (KeyError, re.error) as error:
        raise DataError(
            f"mentions: the pattern {pattern!r} is wrong ({error}); see words.yaml for the groups."
        ) from error
