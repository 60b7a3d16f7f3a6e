"""The least that a page can be: a heading, a word, a menu and three rules of style.

What it costs on the phone is the network's and the machine's own share in every page's figures:
a round trip before anything is drawn, and a tap on a processor that is slower than this.
"""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Bare</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>body{font:1rem/1.5 sans-serif}summary{padding:1rem}h1{font-size:2rem}</style>
<header><details><summary>Menu</summary><p>Open</details></header>
<main><h1>Bare</h1><p>A word.</main>
"""


@contextlib.contextmanager
def bare() -> Iterator[str]:
    """The bare page's server, and its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bare)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Bare(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, *_: object) -> None:
        """The benchmark's lines are the output."""
