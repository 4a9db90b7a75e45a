"""Applications that really listen, on a port of this computer."""

import socket
import ssl
import threading
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler


class Quiet(WSGIRequestHandler):
    """Keeps connections open, and no log."""

    protocol_version = "HTTP/1.1"

    def log(self, *_args: object) -> None:
        """What happened is seen at the client."""


class Server(ThreadedWSGIServer):
    """Ends when all that was asked is answered, and hears nothing more: a browser keeps connections
    that it may need, and would ask an application whose database is gone."""

    daemon_threads = False

    def __init__(self, app: Any, port: int, tls: ssl.SSLContext | None) -> None:
        self._open: WeakSet[socket.socket] = WeakSet()
        super().__init__("localhost", port, app, Quiet, ssl_context=tls)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Answer on this connection for as long as it is open."""
        self._open.add(request)
        super().finish_request(request, client_address)

    def server_close(self) -> None:
        """Wait for the last answers."""
        for connection in list(self._open):
            with suppress(OSError):
                # Not that of TLS, which would break off what is being answered.
                socket.socket.shutdown(connection, socket.SHUT_RD)
        super().server_close()


class serving:
    """A WSGI application in threads of this process, until the end of the block, which is given its
    address. Without a port, at one that is free."""

    def __init__(self, app: object, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._server = Server(app, port, tls)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        scheme = "https" if self._server.ssl_context else "http"
        return f"{scheme}://localhost:{self._server.server_port}"

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
