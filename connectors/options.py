"""Reads the options of a target as the config gives them; each complaint names its key."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from connectors.registry import BadOptions
from connectors.transport import Network

_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


class Options:
    """Takes keys out one by one; what nobody asked for is an error in the end (:meth:`done`)."""

    def __init__(self, tracker: str, options: Mapping[str, object]) -> None:
        self._tracker = tracker
        self._left = dict(options)

    def text(self, key: str, default: str = "") -> str:
        """A text, ``default`` where it is missing or empty.

        Raises:
            BadOptions: it is something else.
        """
        value = self._left.pop(key, None)
        if value is None or value == "":
            return default
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise self.wrong(key, "expected a text")
        return str(value)

    def required(self, key: str, what: str) -> str:
        """A text that must be there; ``what`` says what to write."""
        value = self.text(key)
        if not value:
            raise self.wrong(key, f"needed: {what}")
        return value

    def number(self, key: str, default: float) -> float:
        value = self._left.pop(key, None)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise self.wrong(key, "expected a number that is not negative")
        return float(value)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._left.pop(key, None)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "expected true or false")
        return value

    def mapping(self, key: str) -> dict[str, object]:
        value = self._left.pop(key, None)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.wrong(key, "expected keys with values")
        return {str(name): inner for name, inner in value.items()}

    def texts(self, key: str) -> list[str]:
        """A list of texts, empty where it is missing; one text alone is a list as well."""
        value = self._left.pop(key, None)
        if value is None:
            return []
        items = value if isinstance(value, list | tuple) else [value]
        if not all(isinstance(item, str) for item in items):
            raise self.wrong(key, "expected a list of texts")
        return [str(item) for item in items]

    def network(self, *, base_url: str, seconds_between_writes: float = 0.0) -> Network:
        """The keys that every tracker over HTTP has; the arguments are its defaults."""
        url = self.text("base_url", base_url).rstrip("/")
        if not url:
            raise self.wrong("base_url", "needed: the address of the tracker, such as https://tracker.example.com")
        self._check_url(url)
        ca_file = self._left.pop("ca_file", None)
        return Network(
            base_url=url,
            ca_file=str(ca_file) if ca_file else None,
            verify_tls=not self.flag("insecure_skip_tls_verify"),
            timeout=self.number("timeout", 30.0) or 30.0,
            seconds_between_writes=self.number("seconds_between_writes", seconds_between_writes),
        )

    def done(self) -> None:
        """Raises BadOptions when a key is left over."""
        for key in sorted(self._left):
            raise self.wrong(key, "this tracker has no such option")

    def wrong(self, key: str, why: str) -> BadOptions:
        return BadOptions(f"{self._tracker}: {key}: {why}")

    def _check_url(self, url: str) -> None:
        parts = urlsplit(url)
        allow_http = self.flag("allow_http")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise self.wrong("base_url", "expected an address such as https://tracker.example.com")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise self.wrong("base_url", "expected an address without user, password, query or fragment")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allow_http:
            raise self.wrong("base_url", "http would send the token in the clear; use https, or set allow_http: true")
