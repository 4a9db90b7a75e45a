"""E-mail addresses as they are shown to those who need not read them."""


def masked(address: str) -> str:
    """The first letter and the domain: `j***@example.com`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def hinted(address: str) -> str:
    """Enough to recognise one's own and to write to nobody: `m•••@e•••.com`."""
    local, _, domain = address.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{(name or ending)[:1]}•••{dot}{ending if name else ''}"
