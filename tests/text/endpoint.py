"""接口 a real HTTP server on this computer that speaks as an OpenAI-compatible endpoint does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server:
    """An OpenAI-compatible endpoint that does what the test tells it, and keeps the bytes it was sent."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.does: list[Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]] = []
        outer = self

        class Talk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                act = outer.does.pop(0) if outer.does else well
                act(self, json.loads(body))

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    @property
    def asked(self) -> list[list[str]]:
        """The texts of each question."""
        return [json.loads(json.loads(body)["messages"][-1]["content"])["texts"] for _, body in self.got]


def reply(talk: BaseHTTPRequestHandler, body: bytes, code: int = 200, **headers: str) -> None:
    talk.send_response(code)
    for name, value in headers.items():
        talk.send_header(name.replace("_", "-"), value)
    talk.send_header("Content-Length", str(len(body)))
    talk.end_headers()
    talk.wfile.write(body)


def completion(content: object, tokens: int | None = 100) -> bytes:
    said = {"choices": [{"message": {"content": content}}]} | (
        {"usage": {"total_tokens": tokens}} if tokens is not None else {}
    )
    return json.dumps(said).encode()


def well(talk: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    """Answers as it should: what asks how large is of size, what asks for less is of price, all else fits none."""
    texts = json.loads(asked["messages"][-1]["content"])["texts"]
    answers = ["size" if "多大" in one else "price" if "便宜" in one else None for one in texts]
    reply(talk, completion(json.dumps({"answers": answers})))
