"""Say in plain words what a browser calls itself: enough to recognise one's own phone."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from flask_babel import gettext as _

SITE = 3  # groups of an IPv6 address: the /48 network of a site (RFC 6177)

# The first that is found wins: most browsers also claim to be the ones below them.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """`Firefox on Windows`; what is not known is said to be unknown."""
    browser, system = parts_of(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("Unknown device")


def parts_of(user_agent: str) -> tuple[str, str]:
    """Browser and system, each empty where it is not known."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def approximate(address: str | IPv4Address | IPv6Address | None) -> str:
    """The network around an address, enough to recognise one's own: `192.0.2.…`; empty: unknown.

    The database gives addresses as objects.
    """
    if not address:
        return ""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return f"{str(found).rpartition('.')[0]}.…"
    groups = found.exploded.split(":")[:SITE]
    return ":".join(each.lstrip("0") or "0" for each in groups) + ":…"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
