"""The built site over http, on this machine only."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipelinekit.model.problem import SurroundingsMissing


class _Quiet(SimpleHTTPRequestHandler):
    """Without a line for each request, and without what a browser would keep of a site that is built anew."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Says nothing."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()


@contextmanager
def serving(folder: Path, port: int) -> Iterator[tuple[ThreadingHTTPServer, str]]:
    """A server of the folder and its address, closed at the end. port: 0 takes one that is free.

    Raises SurroundingsMissing where the port is taken.
    """
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    except OSError as problem:
        raise SurroundingsMissing(
            f"cannot serve on 127.0.0.1:{port} ({problem.strerror})", "name another port with --port, or 0 for one that is free"
        ) from problem
    with server:
        yield server, f"http://127.0.0.1:{server.server_address[1]}/"
