"""A score for a response's headers, counted as MDN's HTTP Observatory counts.

Our own writing of its published table (SEC-5): a page begins with 100, loses points
for what is missing, and gains extra ones only where it had 90 or more before.
"""

from http.cookies import SimpleCookie

HALF_A_YEAR = 15_768_000
EXTRA_FROM = 90


def score(headers, cookies=()):
    """The score of a response over https: its headers, and its cookies as morsels."""
    headers = {name.lower(): value for name, value in dict(headers).items()}
    policy = directives(headers.get("content-security-policy", ""))
    points = [
        _policy(policy),
        _cookies(cookies),
        _transport(headers.get("strict-transport-security", "")),
        _frames(policy, headers.get("x-frame-options", "")),
        _no_sniffing(headers.get("x-content-type-options", "")),
        _referrer(headers.get("referrer-policy", "")),
        _resource(headers.get("cross-origin-resource-policy", "")),
    ]
    lost = 100 + sum(each for each in points if each < 0)
    extra = sum(each for each in points if each > 0)
    return max(lost, 0) + (extra if lost >= EXTRA_FROM else 0)


def directives(policy):
    """A content security policy, taken apart."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {part[0].lower(): part[1:] for part in parts}


def morsels(*set_cookies):
    """The cookies of Set-Cookie headers."""
    found = SimpleCookie()
    for each in set_cookies:
        found.load(each)
    return list(found.values())


def _policy(policy):
    if not policy:
        return -25
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    styles = policy.get("style-src", policy.get("default-src", ["*"]))
    unsafe = {"'unsafe-inline'", "'unsafe-eval'", "data:", "*", "http:", "https:"}
    if unsafe & set(scripts) or unsafe & set(policy.get("object-src", ["'none'"])):
        return -20
    if unsafe & set(styles):
        return 0
    strict = policy.get("default-src") == ["'none'"] and "form-action" in policy
    return 10 if strict and "base-uri" in policy else 5


def _cookies(cookies):
    worst = 5 if cookies else 0
    for each in cookies:
        if not each["secure"]:
            return -40 if "session" in each.key else -20
        if not each["httponly"] and "csrf" not in each.key:
            return -30
        if not each["samesite"]:
            worst = 0
    return worst


def _transport(value):
    ages = [
        int(part.partition("=")[2])
        for part in value.replace(" ", "").split(";")
        if part.startswith("max-age=")
    ]
    if not ages:
        return -20
    return -10 if ages[0] < HALF_A_YEAR else 0


def _frames(policy, option):
    if "frame-ancestors" in policy:
        return 5
    return 0 if option in {"DENY", "SAMEORIGIN"} else -20


def _no_sniffing(value):
    return 0 if value == "nosniff" else -5


def _referrer(value):
    private = {"no-referrer", "same-origin", "strict-origin"}
    private.add("strict-origin-when-cross-origin")
    if value in {"unsafe-url", "origin", "origin-when-cross-origin"}:
        return -5
    return 5 if value in private else 0


def _resource(value):
    if value == "cross-origin":
        return -5
    return 10 if value in {"same-origin", "same-site"} else 0
