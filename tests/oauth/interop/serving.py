"""Applications that really listen, on a port of this computer."""

import ssl
import threading

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Keeps connections open, and no log."""

    protocol_version = "HTTP/1.1"

    def log(self, *_args: object) -> None:
        """What happened is seen at the client."""


class serving:
    """A WSGI application in threads of this process, until the end of the block."""

    def __init__(self, app: object, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._server: BaseWSGIServer = make_server(
            "localhost", port, app, threaded=True, request_handler=Quiet, ssl_context=tls
        )
        self._server.daemon_threads = True  # a browser keeps connections that it may need
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
