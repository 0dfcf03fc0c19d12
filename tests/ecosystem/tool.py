"""A small LTI tool on loopback: it checks how it is launched, shows who came, and gives grades when told to.

It speaks LTI 1.1 (``/launch``) and LTI 1.3 with Advantage (``/login``, ``/launch13``, ``/keys``), as a tool elsewhere
would, and knows nothing of the site but what an operator was told.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from oauthlib.oauth1 import Client, RequestValidator, SignatureOnlyEndpoint

KEY, SECRET = "toolkey", "toolsecret"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"


class _Known(RequestValidator):
    enforce_ssl = False
    client_key_length, nonce_length = (3, 40), (20, 60)

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return client_key == KEY

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return SECRET

    def validate_timestamp_and_nonce(
        self, client_key: str, timestamp: str, nonce: str, request: Any, **more: Any
    ) -> bool:
        fresh = nonce not in self.seen
        self.seen.add(nonce)
        return fresh


class Tool:
    """What a tool knows and does. ``launches`` holds the parameters (1.1) or claims (1.3) of each launch that held."""

    def __init__(self) -> None:
        self.address = ""
        self.launches: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.platform = ""
        self.keyset = ""
        self.states: dict[str, str] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.endpoint = SignatureOnlyEndpoint(_Known())

    @property
    def public_key(self) -> str:
        """The tool's public key as PEM."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    # LTI 1.1

    def launched(self, path: str, headers: dict[str, str], body: str) -> str:
        """The page for a launch that is signed rightly."""
        holds, _request = self.endpoint.validate_request(f"{self.address}{path}", "POST", body, headers)
        if not holds:
            self.refused.append(body)
            return "<h1>Not signed by the platform</h1>"
        self.launches.append(dict(parse_qsl(body, keep_blank_values=True)))
        return self._page(self.launches[-1])

    # LTI 1.3

    def login(self, asked: dict[str, str]) -> str:
        """Where the browser goes to prove who it is (third-party initiated login)."""
        state, nonce = uuid.uuid4().hex, uuid.uuid4().hex
        self.states[state] = nonce
        sent = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": asked["client_id"],
            "redirect_uri": f"{self.address}/launch13",
            "login_hint": asked["login_hint"],
            "lti_message_hint": asked["lti_message_hint"],
            "state": state,
            "nonce": nonce,
        }
        return f"{self.platform}/api/lti_consumer/v1/launch/?{urlencode(sent)}"

    def launched13(self, form: dict[str, str]) -> str:
        """The page for a launch whose token the platform's published key has signed."""
        nonce = self.states.pop(form.get("state", ""), None)
        keys = jwt.PyJWKClient(self.keyset)
        token = form["id_token"]
        signer = keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, signer.key, algorithms=["RS256"], options={"verify_aud": False})
        if nonce is None or claims["nonce"] != nonce or claims["iss"] != self.platform:
            self.refused.append(token)
            return "<h1>Not a launch that was asked for</h1>"
        self.launches.append(claims)
        return self._page(claims)

    def token(self, url: str, client_id: str, scopes: list[str], key: Any = None) -> dict[str, Any]:
        """What the platform answers when the tool asks for an access token (client credentials, signed JWT)."""
        now = int(time.time())
        claims = {"iss": client_id, "sub": client_id, "aud": url, "iat": now, "exp": now + 60, "jti": uuid.uuid4().hex}
        assertion = jwt.encode(claims, key or self.key, algorithm="RS256")
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            "scope": " ".join(scopes),
        }
        _status, said, _headers = send(
            "POST", url, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        return json.loads(said)

    def _page(self, told: dict[str, Any]) -> str:
        lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in sorted(told.items()))
        return f"<!DOCTYPE html><title>Tool</title><h1>Welcome to the tool</h1><dl>{lines}</dl>"


def send(method: str, url: str, body: str, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
    """(status, text, headers) of an answer of the site."""
    request = Request(url, body.encode() or None, headers, method=method)
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


def outcome(url: str, sourcedid: str, score: str, *, action: str = "replaceResult", secret: str = SECRET) -> str:
    """What the outcome service of LTI 1.1 answers (XML)."""
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<imsx_POXEnvelopeRequest xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0">
<imsx_POXHeader><imsx_POXRequestHeaderInfo><imsx_version>V1.0</imsx_version>
<imsx_messageIdentifier>m-1</imsx_messageIdentifier></imsx_POXRequestHeaderInfo></imsx_POXHeader>
<imsx_POXBody><{action}Request><resultRecord><sourcedGUID><sourcedId>{escape(sourcedid)}</sourcedId></sourcedGUID>
<result><resultScore><language>en</language><textString>{score}</textString></resultScore></result>
</resultRecord></{action}Request></imsx_POXBody></imsx_POXEnvelopeRequest>"""
    client = Client(KEY, client_secret=secret)
    where, headers, body = client.sign(url, "POST", body, {"Content-Type": "application/xml"})
    return send("POST", where, body, headers)[1]


class _Hashing(Client):
    """Signs the hash of an empty body too, as LTI 2.0 asks; oauthlib leaves it out."""

    def get_oauth_params(self, request: Any) -> list[tuple[str, str]]:
        given = super().get_oauth_params(request)
        empty = ("oauth_body_hash", base64.b64encode(hashlib.sha1(b"").digest()).decode())
        return given if request.body else [*given, empty]


def result(method: str, url: str, body: dict[str, Any] | None = None, *, secret: str = SECRET) -> tuple[int, Any]:
    """What the result service of LTI 2.0 answers (JSON)."""
    text = None if body is None else json.dumps(body)
    kind = {"Content-Type": "application/vnd.ims.lis.v2.result+json"}
    where, headers, text = _Hashing(KEY, client_secret=secret).sign(url, method, text, kind)
    status, said, _headers = send(method, where, text or "", headers)
    return status, json.loads(said) if said else None


@contextmanager
def running() -> Iterator[Tool]:
    """A tool that answers until the block ends."""
    tool = Tool()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, body: str) -> None:
            path = urlsplit(self.path).path
            if path == "/launch":
                self._say(tool.launched(self.path, dict(self.headers), body))
            elif path == "/login":
                self.send_response(HTTPStatus.FOUND)
                self.send_header("Location", tool.login(dict(parse_qsl(urlsplit(self.path).query or body))))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif path == "/launch13":
                self._say(tool.launched13(dict(parse_qsl(body))))
            else:
                self.send_error(HTTPStatus.NOT_FOUND)

        def _say(self, page: str) -> None:
            said = page.encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        tool.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield tool
        finally:
            server.shutdown()
            thread.join()


def unsigned(token: str) -> str:
    """``token`` with the last bytes of its signature changed."""
    head, _, signature = token.rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[-1] ^= 1
    return f"{head}.{base64.urlsafe_b64encode(bytes(raw)).decode().rstrip('=')}"
