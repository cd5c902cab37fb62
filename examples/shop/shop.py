"""A shop that asks its visitors for their consents with Assent.

    BASE_URL=http://127.0.0.1:9000 API_KEY=ak_live_... PROJECT=... [TYPES="id id"] python3 shop.py [PORT]

It asks for the consent types that TYPES names, or for all.
It holds the API key, which no browser may see. A browser with scripts gets a session from it and calls Assent itself
(assent.js); for one without, the shop takes a plain form and calls Assent in the visitor's session.
"""

import html
import json
import os
import pathlib
import re
import secrets
import sys
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

API, KEY, PROJECT = os.environ["BASE_URL"].rstrip("/"), os.environ["API_KEY"], os.environ["PROJECT"]
TYPES = os.environ.get("TYPES", "")
SITE = f"{API}/site-v1/{PROJECT}"
FOLDER = pathlib.Path(__file__).parent
LARGEST = 64 * 1024
CHOICES = {"accepted": "Yes", "declined": "No"}
SIGNAL = "<p>Your browser asks for privacy (Global Privacy Control), so we have declined everything for you.</p>"
POLICY = (
    f"default-src 'none'; script-src {API}/assent.js; connect-src 'self' {SITE}/; style-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def call(path, body=None, **headers):
    """Calls Assent, and returns what it answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(SITE + path, data, {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def items(path, member, **headers):
    """All items of a list."""
    found, cursor = [], ""
    while cursor is not None:
        query = urllib.parse.urlencode({"limit": 200, **({"cursor": cursor} if cursor else {})})
        page = call(f"{path}?{query}", **headers)
        found, cursor = found + page[member], page["nextCursor"]
    return found


def session(visitor):
    """A session of the visitor, whom the shop knows by this id."""
    return call("/sessions", {"userId": visitor}, Authorization=f"Bearer {KEY}")["sessionToken"]


def types():
    """The consent types to ask for, which a visitor can accept and decline."""
    listed = [it for it in items("/consent-types", "consentTypes") if set(CHOICES) <= set(it["validStates"])]
    return [it for it in listed if not TYPES or it["id"] in TYPES.split()]


def record(token, choices, action):
    """Records choices: (consent type, version, state)."""
    listed = [
        {"consentType": consent_type, "version": version, "consentState": state, "consentAction": action}
        for consent_type, version, state in choices
    ]
    for start in range(0, len(listed), 25):
        call("/consent-events", {"items": listed[start : start + 25]}, **{"X-Session": token})


def answers(token):
    """The visitor's present choices, by consent type and version."""
    now = datetime.now(timezone.utc)
    events = items("/consent-state", "items", **{"X-Session": token})
    return {
        (it["consentType"], it["version"]): it["consentState"]
        for it in events
        if it["consentState"] in CHOICES and datetime.fromisoformat(it["expirationDate"].replace("Z", "+00:00")) > now
    }


def decline(token, asked, known):
    """Declines each version once for a visitor whose browser sends Global Privacy Control."""
    about = [(it["id"], it["latest"]["version"]) for it in asked]
    about = [it for it in about if known.get(it) != "declined"]
    events = items("/consent-events", "items", **{"X-Session": token}) if about else []
    signalled = {(it["consentType"], it["version"]) for it in events if it["consentAction"] == "implied"}
    fresh = [(*it, "declined") for it in about if it not in signalled]
    if fresh:
        record(token, fresh, "implied")
    known.update({it[:2]: "declined" for it in fresh})


def form(asked, known):
    """The plain form. Nothing is chosen beforehand."""
    parts = []
    for it in asked:
        about = (it["id"], it["latest"]["version"])
        name = html.escape("/".join(map(str, about)))
        present = f"<p>Your present choice: {CHOICES[known[about]]}</p>" if about in known else ""
        title = html.escape(it["title"])
        radios = " ".join(
            f'<label><input type="radio" name="{name}" value="{state}"> {label}</label>' for state, label in CHOICES.items()
        )
        parts.append(
            f"<fieldset><legend>{title}</legend><p>{html.escape(it['description'] or '')} "
            f'<a href="{html.escape(it["latest"]["url"])}" aria-label="Read the text: {title}">Read the text</a></p>'
            f'<input type="hidden" name="shown" value="{name}">{present}{radios}</fieldset>'
        )
    whole = (
        f'<form method="post" action="consent"><h2>Your choices</h2>{"".join(parts)}'
        '<button name="all" value="accepted">Accept all</button> <button name="all" value="declined">Decline all</button> '
        "<button>Save my choices</button></form>"
    )
    is_answered = all((it["id"], it["latest"]["version"]) in known for it in asked)
    return f"<details><summary>Change my choices</summary>{whole}</details>" if is_answered else whole


def chosen(fields):
    """What the visitor has chosen in the plain form: for each consent type, with the version that the form showed."""
    for name in fields.get("shown", []):
        state = fields.get("all", fields.get(name, [None]))[0]
        if state in CHOICES and re.fullmatch("[0-9a-f-]{36}/[1-9][0-9]{0,8}", name):
            consent_type, version = name.split("/")
            yield consent_type, int(version), state


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        self.or_fail(self.get)

    def do_POST(self):
        self.or_fail(self.post)

    def or_fail(self, respond):
        try:
            respond()
        except OSError as error:
            # Assent cannot be reached, or refuses the call.
            self.answer(502, str(error).encode())

    def get(self):
        if self.path == "/shop.css":
            return self.answer(200, (FOLDER / "shop.css").read_bytes(), "text/css")
        if self.path != "/":
            return self.answer(404, b"not found")
        asked, visitor = types(), self.visitor()
        token = session(visitor)
        known = answers(token)
        signal = ""
        if self.headers.get("sec-gpc") == "1":
            decline(token, asked, known)
            signal = SIGNAL if set(known.values()) == {"declined"} else ""
        page = (FOLDER / "page.html").read_text(encoding="utf-8")
        for name, value in {"api": API, "project": PROJECT, "types": TYPES, "form": signal + form(asked, known)}.items():
            page = page.replace("{{%s}}" % name, value)
        self.answer(200, page.encode(), "text/html; charset=utf-8", visitor)

    def post(self):
        # The page of another site must not choose for a visitor.
        if self.headers.get("sec-fetch-site", "same-origin") != "same-origin" or self.origin_is_foreign():
            return self.answer(403, b"forbidden")
        visitor = self.visitor()
        if self.path == "/consent/session":
            body = json.dumps({"sessionToken": session(visitor)}).encode()
            return self.answer(200, body, "application/json", visitor)
        length = int(self.headers.get("content-length") or 0)
        if self.path != "/consent" or not 0 <= length <= LARGEST:
            return self.answer(404, b"not found")
        choices = list(chosen(urllib.parse.parse_qs(self.rfile.read(length).decode(errors="replace"))))
        if choices:
            record(session(visitor), choices, "user_click")
        self.answer(303, b"", visitor=visitor, Location="/")

    def origin_is_foreign(self):
        origin = self.headers.get("origin")
        return origin is not None and origin != f"http://{self.headers.get('host')}"

    def visitor(self):
        """The shop's own id of the visitor: here of a cookie, and in a real shop of the account or the basket."""
        try:
            cookie = SimpleCookie(self.headers.get("cookie")).get("visitor")
        except CookieError:
            cookie = None
        return cookie.value if cookie and 0 < len(cookie.value) <= 64 else secrets.token_urlsafe(24)

    def answer(self, status, content, kind="text/plain", visitor=None, **headers):
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(content)), "Cache-Control": "no-store", **headers}
        headers.update({"X-Content-Type-Options": "nosniff", "Content-Security-Policy": POLICY})
        if visitor:
            headers["Set-Cookie"] = f"visitor={visitor}; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Not each request."""


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080), Shop)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
