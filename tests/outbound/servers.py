"""Other hosts: real servers on this computer's loopback, with certificates of a test authority."""

import datetime
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behaviour = Callable[[BaseHTTPRequestHandler], None]
NAME = "keys.example"
LOOPBACK = "127.0.0.1"


@dataclass
class Host:
    """A running server: its port, what it was asked, and what it does about it."""

    port: int
    behave: Behaviour
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)

    def url(self, path: str = "/", *, name: str = NAME, scheme: str = "https") -> str:
        return f"{scheme}://{name}:{self.port}{path}"


def saying(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """An ordinary answer; header names are written with underscores."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def one_after_the_other(*behaviours: Behaviour) -> Behaviour:
    """The first for the first request, and so on."""
    following = iter(behaviours)

    def behave(handler: BaseHTTPRequestHandler) -> None:
        next(following)(handler)

    return behave


@contextmanager
def running(
    behave: Behaviour, directory: Path | None, *, address: str = LOOPBACK
) -> Iterator[Host]:
    """A server; with TLS if `directory` has a certificate."""
    host = Host(port=0, behave=behave)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append((self.command, self.path, dict(self.headers.items())))
            host.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            host.behave(self)

        do_POST = do_GET

        def log_message(self, *_args: Any) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: Any) -> None:
            """The other side hung up."""

    server = Server((address, 0), Handler)
    host.port = server.server_port
    if directory is not None:
        server.socket = _secured(server.socket, directory, host)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _secured(listening: Any, directory: Path, host: Host) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "host.pem")
    context.sni_callback = lambda _socket, name, _context: host.server_names.append(name)
    return context.wrap_socket(listening, server_side=True, do_handshake_on_connect=False)


def certify(directory: Path, *names: str) -> Path:
    """Write `host.pem` for these names and the authority behind it; returns the latter's file."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), None
    authority = _certificate("Test authority", authority_key, authority_key, (), None)
    key = ec.generate_private_key(ec.SECP256R1())
    host = _certificate("host", key, authority_key, names, authority)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "host.pem").write_bytes(private + host.public_bytes(pem))
    (directory / "authority.pem").write_bytes(authority.public_bytes(pem))
    return directory / "authority.pem"


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    issuer: x509.Certificate | None,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        builder = builder.add_extension(alternative, critical=False)
    return builder.sign(signer, hashes.SHA256())
