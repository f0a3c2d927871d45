"""The second extractor: a language model is asked, and what the text bears out of its answers are the facts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aigraph.errors import NotExtracted
from aigraph.extraction import FactExtractor
from aigraph.llm.answers import Broken, read_answer
from aigraph.llm.cache import Answer, Cache, key_of
from aigraph.llm.client import ChatClient
from aigraph.llm.grammar import Grammar, merged_claims, merged_deals, merged_statements
from aigraph.llm.options import LlmOptions
from aigraph.llm.passages import Passage, cut
from aigraph.llm.prompt import Message, messages, prompt_version, repair
from aigraph.llm.schema import Json, Schema
from aigraph.llm.verification import Verified, Verifier
from aigraph.llm.workers import Workers
from aigraph.ontology import Ontology
from aigraph.records import Document, Extractor, Facts, Mentions, Part, Rejection
from aigraph.resources import content_version
from aigraph.vocab import Iris, digest

_NAMES = {"statements": "llm/relation", "partnerships": "llm/partnership", "claims": "llm/claim"}
_FINDS = {"llm/relation": "relations", "llm/partnership": "deals", "llm/claim": "claims"}
_UNENDED = {
    "length": "the answer was cut off: raise llm_answer_size or lower llm_request_size",
    "content_filter": "the server's filter held the answer back",
    "refusal": "the model refused to answer",
}
"""Why an answer without a proper end is none, by what the protocol calls it; asking again would not help."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked about one passage, and the key of its answer."""

    passage: Passage
    messages: tuple[Message, ...]
    schema: Json
    key: str


class LlmExtractor(FactExtractor):
    """Asks a model about each passage of an article and verifies what it answers.

    Answers are kept on disk; a server is only needed, and httpx only loaded, for what is not there.
    """

    def __init__(
        self,
        ontology: Ontology,
        iris: Iris,
        options: LlmOptions,
        *,
        client: Callable[[LlmOptions], ChatClient] = ChatClient,
    ) -> None:
        self._ontology = ontology
        self._options = options
        self._cache = Cache(options.cache)
        self._names = {name: f"{extractor}/{options.model}" for name, extractor in _NAMES.items()}
        self._verifier = Verifier(ontology, Grammar(ontology, iris), self._names)
        self._make_client = client
        self._client: ChatClient | None = None
        self._workers: Workers | None = None
        self._begun: dict[str, list[tuple[_Request, Future[Answer]]]] = {}
        self.ahead = options.concurrency
        self.version = digest(
            "llm",
            content_version(Path(__file__).parent),
            prompt_version(),
            options.model,
            options.seed,
            options.request_size,
            options.answer_size,
        )

    @staticmethod
    def with_options(options: LlmOptions) -> Callable[[Ontology, Iris, frozenset[Part]], FactExtractor]:
        """What makes such extractors, as the pipeline takes it."""

        def make(ontology: Ontology, iris: Iris, _: frozenset[Part]) -> FactExtractor:
            return LlmExtractor(ontology, iris, options)

        return make

    def extractors(self) -> tuple[Extractor, ...]:
        """Its three components, sorted."""
        found = (described(name) for name in self._names.values())
        return tuple(sorted(each for each in found if each is not None))

    def begin(self, document: Document, mentions: Mentions) -> None:
        """Ask about an article; what is not kept yet is asked for in threads.

        Raises:
            NotExtracted: an answer is not kept, and none may be asked for.
            ExtractorMissing: httpx is needed and not installed.
        """
        passages, _ = cut(document, mentions, self._options.request_size)
        requests = [self._request(document, passage) for passage in passages]
        kept = [self._cache.get(request.key) for request in requests]
        missing = sum(answer is None for answer in kept)
        if missing and self._options.offline:
            raise NotExtracted(
                f"{missing} of {len(requests)} answers about the article {document.article.identifier} by "
                f"{self._options.model} are not in {self._options.cache}, and nothing is asked for with --llm-offline. "
                "Build once without it."
            )
        self._begun[document.article.identifier] = [
            (request, self._future(request, answer)) for request, answer in zip(requests, kept, strict=True)
        ]

    def find(self, document: Document, mentions: Mentions) -> Facts:
        """The facts that the article bears out, each once, in the order of the text.

        Raises:
            ServerAway: the server cannot be reached, or refuses to work for us.
            NotExtracted: the server refuses a request about this article.
            ExtractorError: answers cannot be kept.
        """
        if document.article.identifier not in self._begun:
            self.begin(document, mentions)
        found = Verified()
        for request, future in self._begun.pop(document.article.identifier):
            self._verify(document, mentions, request.passage, future.result(), found)
        _, too_long = cut(document, mentions, self._options.request_size)
        size = self._options.request_size
        found.rejections += (
            Rejection(self._names["claims"], place.span, f"the sentence is longer than a request may be ({size})")
            for place in too_long
        )
        return Facts(
            merged_statements(found.statements),
            merged_deals(found.partnerships),
            merged_claims(found.claims),
            tuple(dict.fromkeys(found.rejections)),
        )

    def close(self) -> None:
        """Break off what is still asked for, and let go of the server."""
        if self._client is not None:
            self._client.close()
        if self._workers is not None:
            self._workers.close()

    # --- asking --------------------------------------------------------------------------------------------

    def _request(self, document: Document, passage: Passage) -> _Request:
        options = self._options
        schema = Schema(self._ontology, passage).build()
        sent = messages(self._ontology, document.article, passage)
        key = key_of(
            {
                "prompt": prompt_version(),
                "messages": sent,
                "schema": schema,
                "model": options.model,
                "seed": options.seed,
                "temperature": 0,
                "answer_size": options.answer_size,
            }
        )
        return _Request(passage, sent, schema, key)

    def _future(self, request: _Request, kept: Answer | None) -> Future[Answer]:
        if kept is not None:
            ready: Future[Answer] = Future()
            ready.set_result(kept)
            return ready
        if self._client is None or self._workers is None:
            self._client = self._make_client(self._options)
            self._workers = Workers(self._options.concurrency)
        return self._workers.submit(partial(self._ask, self._client, request))

    def _ask(self, client: ChatClient, request: _Request) -> Answer:
        """The answer of the server, kept; one that is broken gets one chance to be put right."""
        answer = client.ask(request.messages, request.schema)
        if answer.ended not in _UNENDED:
            try:
                read_answer(answer.content)
            except Broken as broken:
                again = repair(request.messages, answer.content, str(broken))
                answer = client.ask(again, request.schema)
        self._cache.put(request.key, answer)
        return answer

    # --- verifying -----------------------------------------------------------------------------------------

    def _verify(
        self, document: Document, mentions: Mentions, passage: Passage, answer: Answer, found: Verified
    ) -> None:
        reason = _UNENDED.get(answer.ended)
        if reason is None:
            try:
                items = read_answer(answer.content)
            except Broken as broken:
                reason = f"the answer cannot be read, asked twice: {broken}"
        if reason is not None:
            found.rejections.append(Rejection(self._names["claims"], passage.span, reason))
            return
        verified = self._verifier.verify(document, mentions, passage, items)
        found.statements += verified.statements
        found.partnerships += verified.partnerships
        found.claims += verified.claims
        found.rejections += verified.rejections


def described(name: str) -> Extractor | None:
    """The description of an extractor by its name ("llm/relation/qwen2.5"); None for a name that is none of ours.

    The name says all, so that any build can describe what an earlier one with another model has found.
    """
    for extractor, finds in _FINDS.items():
        model = name.removeprefix(f"{extractor}/")
        if model != name and model:
            text = f"Answers of the language model {model!r} about {finds}, each verified against the text."
            return Extractor(name, text, model=model)
    return None
