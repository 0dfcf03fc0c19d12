"""Steps in which an alert's mail arrives: at a server of mail on this machine that wants TLS and a password.

Its certificate is by the authority that the steps of ACME made the box trust.
"""

from __future__ import annotations

import socket
import sys
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from subprocess import Popen

from bed import GATEWAY, STATE, WORK, Wrong, at, changes_nothing, play, run, wait
from steps_acme import FOLDER as SIGNED

FOLDER = WORK / "mail"
SINK = """
import ssl, sys
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

class Keeper:
    count = 0
    async def handle_DATA(self, server, session, envelope):
        Keeper.count += 1
        with open(f"{sys.argv[1]}/{Keeper.count:03}.eml", "wb") as file:
            file.write(envelope.content)
        return "250 kept"

def known(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"operators", b"a password of the ladder"))

tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(f"{sys.argv[3]}/server.pem", f"{sys.argv[3]}/server.key")
mail = Controller(Keeper(), hostname=sys.argv[2], port=2525, tls_context=tls, require_starttls=True,
                  authenticator=known, auth_required=True, auth_exclude_mechanism=["LOGIN"])
mail.start()
sys.stdin.read()
mail.stop()
"""
TOLD = f"""---
lykeion_alert_receivers: [operators@example.org]
lykeion_alert_smarthost: {GATEWAY}:2525
lykeion_alert_user: operators
lykeion_alert_password: a password of the ladder
lykeion_alert_pages: https://docs.example.org
"""


def alerts_arrive() -> str:
    """A unit fails, and is put right: a mail each, the first with the way to the alert's page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.eml"):
        old.unlink()
    variables = WORK / "box/group_vars/all/mail.yml"
    variables.write_text(TOLD)
    sink = server_of_mail()
    try:
        play("box", "site.yml", "-e", "lykeion_release=t1")
        nothing = changes_nothing("box")
        at("box", "systemd-run --unit=lykeion-of-the-ladder false")
        began = time.monotonic()
        wait("a mail that a unit failed", lambda: "FIRING" in "".join(mails("UnitFailed")), 420)
        fired = time.monotonic() - began
        at("box", "systemctl reset-failed lykeion-of-the-ladder")
        wait("a mail that all is well", lambda: "RESOLVED" in "".join(mails("UnitFailed")), 300)
    finally:
        sink.stdin.close()
        sink.wait(20)
        variables.unlink()
    first = mails("UnitFailed")[0]
    for wanted in ("lykeion-of-the-ladder", "https://docs.example.org/operators/deploy/alerts/unit-failed/"):
        if wanted not in first:
            raise Wrong(f"the mail does not say {wanted}: {first}")
    return f"that a unit failed, after {fired:.0f} s and with the way to its page; that it was put right; {nothing}"


def server_of_mail() -> Popen[bytes]:
    """It ends when its standard input does."""
    python = STATE / "mail" / "bin" / "python"
    if not python.exists():
        run(sys.executable, "-m", "venv", python.parents[1])
        run(python, "-m", "pip", "install", "-q", "aiosmtpd==1.4.6")
    program = FOLDER / "sink.py"
    program.write_text(SINK)
    with (FOLDER / "sink.log").open("w") as log:
        server = Popen([str(python), str(program), str(FOLDER), GATEWAY, str(SIGNED)], stdin=-1, stdout=log, stderr=log)
    wait("the server of mail", lambda: listens() or server.poll() is not None, 20)
    if server.poll() is not None:
        raise Wrong(f"the server of mail ended: {(FOLDER / 'sink.log').read_text()[-600:]}")
    return server


def listens() -> bool:
    with socket.socket() as wire:
        return wire.connect_ex((GATEWAY, 2525)) == 0


def mails(about: str) -> list[str]:
    """Subject and text of each mail of an alert, in the order in which they came."""
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(FOLDER.glob("*.eml"))]
    return [f"{mail['Subject']}\n{text(mail)}" for mail in read if about in str(mail["Subject"])]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""
