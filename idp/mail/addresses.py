"""E-mail addresses as they are shown to those who need not read them."""


def masked(address: str) -> str:
    """The first letter and the domain: `j***@example.com`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"
