"""Whose certificate it is: the one name that a client of tls_client_auth registers."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509

if TYPE_CHECKING:
    from idp.oauth.clients.metadata import ClientMetadata

UNNAMED = "\x00"  # no certificate has it
Name = tuple[str, str]  # a kind of name, and the name


def is_possible(member: str, value: str) -> bool:
    """Whether a certificate can have this name."""
    try:
        if member == "tls_client_auth_subject_dn":
            return bool(list(x509.Name.from_rfc4514_string(value)))
        if member == "tls_client_auth_san_ip":
            ip_address(value)
    except ValueError:
        return False
    return value.isascii() and value.isprintable()


def is_named(certificate: x509.Certificate, metadata: ClientMetadata) -> bool:
    """Section 2.1.2: for the one name that the client registered."""
    if metadata.tls_client_auth_subject_dn:
        expected = x509.Name.from_rfc4514_string(metadata.tls_client_auth_subject_dn)
        return expected == certificate.subject
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return _alternative(metadata) in _alternatives(extension.value)


def _alternative(metadata: ClientMetadata) -> Name:
    """The one that is registered; `checks` sees to it that there is one."""
    if metadata.tls_client_auth_san_ip:
        return "ip", str(ip_address(metadata.tls_client_auth_san_ip))
    if metadata.tls_client_auth_san_dns:
        return "dns", metadata.tls_client_auth_san_dns.lower()
    if metadata.tls_client_auth_san_uri:
        return "uri", metadata.tls_client_auth_san_uri
    return "email", metadata.tls_client_auth_san_email or UNNAMED


def _alternatives(names: x509.SubjectAlternativeName) -> set[Name]:
    return {
        *(("ip", str(each)) for each in names.get_values_for_type(x509.IPAddress)),
        *(("dns", each.lower()) for each in names.get_values_for_type(x509.DNSName)),
        *(("uri", each) for each in names.get_values_for_type(x509.UniformResourceIdentifier)),
        *(("email", each) for each in names.get_values_for_type(x509.RFC822Name)),
    }
