"""Which server and model are asked, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from aigraph.errors import SettingsError

_LONGEST_NAME = 200


class Secret:
    """A key that never shows itself: not in `repr`, in messages or in logs. Only `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself, for the header of a request."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(…)" if self._text else "Secret()"

    def without(self, text: str) -> str:
        """A text of somebody else, with the key blotted out where it stands in it."""
        return text.replace(self._text, "…") if self._text else text


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """What an LLM extractor needs to know.

    `url` is that of the server's API ("http://127.0.0.1:8080/v1"), `cache` the folder of its answers. `timeout` are the
    seconds that one answer may take, all in all; `retries` how often a request is repeated that met a busy server or a
    broken connection; `concurrency` how many requests run at once; `request_size` how many characters of an article
    one request holds; `answer_size` how many tokens an answer may have. With `offline` the cache alone is asked.
    """

    url: str
    model: str
    cache: Path
    key: Secret = field(default_factory=Secret)
    timeout: float = 120.0
    retries: int = 4
    concurrency: int = 2
    request_size: int = 6000
    answer_size: int = 8000
    seed: int = 0
    offline: bool = False

    def __post_init__(self) -> None:
        _check_url(self.url)
        if not self.model:
            raise SettingsError(
                "No model is named for the LLM extractor: give --llm-model NAME, as the server calls it "
                "(`curl URL/models` lists what it has)."
            )
        if len(self.model) > _LONGEST_NAME or not self.model.isprintable() or self.model != self.model.strip():
            raise SettingsError(f"llm_model is {self.model[:60]!r}: that is no name of a model.")
        for name in ("timeout", "concurrency", "request_size", "answer_size"):
            if getattr(self, name) <= 0:
                raise SettingsError(f"llm_{name} is {getattr(self, name)}: it must be greater than 0.")
        if self.retries < 0:
            raise SettingsError(f"llm_retries is {self.retries}: it must not be negative.")
        key = self.key.reveal()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise SettingsError("The key for the LLM server holds characters that no key has; check where it is kept.")

    @property
    def here(self) -> bool:
        """Is the server on this machine?"""
        return urlsplit(self.url).hostname in ("localhost", "127.0.0.1", "::1")

    @property
    def endpoint(self) -> str:
        """Where chat completions are asked for."""
        return f"{self.url.rstrip('/')}/chat/completions"


def read_key(environment: str | None, file: str) -> Secret:
    """The key from the environment, else the first line of a file, else none.

    Raises:
        SettingsError: the file cannot be read.
    """
    if environment:
        return Secret(environment.strip())
    if not file:
        return Secret()
    try:
        lines = Path(file).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"The key file {file} (llm_key_file) cannot be read: {reason}.") from None
    if not lines:
        raise SettingsError(f"The key file {file} (llm_key_file) is empty; put the key there.")
    return Secret(lines[0])


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(c.isspace() for c in url):
        raise SettingsError(
            f"llm_url is {url[:100]!r}: it must be the address of an OpenAI-compatible API, such as "
            "http://127.0.0.1:8080/v1 (llama.cpp, vLLM), http://127.0.0.1:11434/v1 (Ollama)."
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            "llm_url holds a user, a password or a query. Leave them out: a key comes from AIGRAPH_LLM_KEY or "
            "llm_key_file."
        )
