"""What stands in for a tracker: a function from request to answer, behind ``responses`` or behind a real socket."""

import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import responses


@dataclass
class Request:
    method: str
    path: str  # decoded by the fake, where it matters
    query: dict  # name -> list of values
    headers: dict  # names in lower case
    body: bytes

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


@dataclass
class Answer:
    status: int = 200
    body: object = None  # JSON, or bytes that are sent as they are
    headers: dict = field(default_factory=dict)

    def content(self):
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None and self.status in (204, 304) else json.dumps(self.body).encode()


def mount(fake, base_url, *, watch=None):
    """A started ``responses`` mock that sends everything under ``base_url`` to ``fake.answer``.

    ``watch(prepared_request, answer)`` sees each exchange, to hold it against the vendor's description. An answer
    that is an exception is raised in the client, as a broken network does.
    """
    mock = responses.RequestsMock(assert_all_requests_are_fired=False)

    def call(prepared):
        parts = urlsplit(prepared.url)
        body = prepared.body or b""
        request = Request(
            method=prepared.method,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in prepared.headers.items()},
            body=body.encode() if isinstance(body, str) else body,
        )
        answer = fake.answer(request)
        if isinstance(answer, Exception):
            raise answer
        if watch:
            watch(prepared, answer)
        return answer.status, {"Content-Type": "application/json", **answer.headers}, answer.content()

    import re

    address = re.compile(re.escape(base_url) + ".*")
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        mock.add_callback(method, address, callback=call, content_type=None)
    mock.start()
    return mock


@contextmanager
def served(fake, *, port=0):
    """The fake on a real socket of this machine; gives its address. An answer that is an exception cuts the line."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def go(self):
            parts = urlsplit(self.path)
            request = Request(
                method=self.command,
                path=parts.path,
                query=parse_qs(parts.query, keep_blank_values=True),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
            with lock:
                answer = fake.answer(request)
            if isinstance(answer, Exception):
                self.close_connection = True
                return
            content = answer.content()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = go  # noqa: N815

        def handle(self):
            with suppress(ConnectionError):  # clients that are killed do not say good-bye
                super().handle()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
