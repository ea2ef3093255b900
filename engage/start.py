"""What a production deployment must have before it may start (T-28).

Pure functions over the values of the settings, so that each rule can be read and
tested alone. The settings ask once, when they are read.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

SHORTEST_KEY = 32


def refusals(
    *,
    debug: bool,
    keys: dict[str, Sequence[str]],
    known_keys: Sequence[str],
    hosts: Sequence[str],
    base_url: str,
    secure: bool,
    urls: dict[str, str],
) -> list[str]:
    """Everything that forbids the start, one sentence each; none is a good start.

    `keys` and `urls` go by the names of their variables in the environment;
    `known_keys` are those that anybody can read in the code.
    """
    found = ["DEBUG must be off."] if debug else []
    for name, values in keys.items():
        found += _about_keys(name, values, known_keys)
    if not hosts or "*" in hosts:
        found.append("ALLOWED_HOSTS must name the hosts of this portal.")
    wanted = "https://" if secure else "http"
    if not base_url.startswith(wanted):
        found.append(f"PORTAL_BASE_URL must be an address that starts {wanted}.")
    found += [f"{name} must be set." for name, url in urls.items() if not url]
    for name in ("CELERY_BROKER_URL", "CACHE_URL"):
        if is_open(urls.get(name, "")):
            found.append(
                f"{name} is open to the network: give it a password or use rediss://."
            )
    return found


def _about_keys(
    name: str, values: Sequence[str], known_keys: Sequence[str]
) -> Iterator[str]:
    if not values or not all(values):
        yield f"{name} must be set."
    elif any(value in known_keys for value in values):
        yield f"{name} must not be the key of the embedded default."
    elif any(len(value) < SHORTEST_KEY for value in values):
        yield f"{name} must have {SHORTEST_KEY} characters or more."


def is_open(url: str) -> bool:
    """Whether others on the network could use this Redis.

    With a password, TLS, a Unix socket or a loopback address they cannot.
    """
    parts = urlsplit(url)
    if parts.scheme != "redis" or parts.password:
        return False
    host = parts.hostname or "localhost"
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
