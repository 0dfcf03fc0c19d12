"""A process that orders a mail and forks workers, for a test that kills them. Not a test itself.

Orders a mail to as many learners as its argument says, in the home of the environment. Then each line of its input is a
word: ``work`` forks a worker and says its id, ``wait`` waits for its end, ``counts`` says what became of the mail.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from threading import Event, Thread

os.environ["DJANGO_SETTINGS_MODULE"] = "lykeion.settings"

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402  # models exist only after setup()
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from lykeion.accounts.models import User  # noqa: E402
from lykeion.catalog.models import Enrolment, Organization, Run  # noqa: E402
from lykeion.core.clock import now  # noqa: E402
from lykeion.jobs import api as jobs  # noqa: E402
from lykeion.jobs import claims  # noqa: E402
from lykeion.notices import sending  # noqa: E402
from lykeion.notices.models import Message, Recipient  # noqa: E402

KEY = "course-v1:Lyceum+PHIL1+2026"


def order(learners: int) -> None:
    """A mail to so many."""
    call_command("migrate", verbosity=0)
    org = Organization.objects.create(short_name="Lyceum", name="Lyceum")
    run = Run.objects.create(key=KEY, organization=org, org="Lyceum", number="PHIL1", title="Waters")
    names = [f"learner{number}" for number in range(learners)]
    User.objects.bulk_create(
        User(username=one, username_key=one, email=f"{one}@example.org", password="!") for one in names
    )
    people = list(User.objects.all())
    EmailAddress.objects.bulk_create(EmailAddress(user=u, email=u.email, primary=True, verified=True) for u in people)
    Enrolment.objects.bulk_create(
        Enrolment(user=u, run=run, mode="audit", name_key=u.username_key, created=now(), modified=now()) for u in people
    )
    bob = User.objects.create(username="bob", username_key="bob", email="bob@example.org", password="!", is_staff=True)
    message = Message.objects.create(
        run_id=run.pk, by_id=bob.pk, once="1", subject="News", html="<p>x</p>", groups=["learners"],
        created=now(), due=now(),
    )  # fmt: skip
    sending.order(message.pk, now())


def work() -> None:
    """Until the mail is over. Takes a dead worker's job over after two seconds instead of sixty."""
    lease = claims.LEASE = timedelta(seconds=2)
    for function in (claims.claim_next, claims.extend):
        function.__kwdefaults__["lease"] = lease  # type: ignore[index]
    stop = Event()

    def watch() -> None:
        while not Message.objects.filter(state="done").exists():
            time.sleep(0.05)
        stop.set()
        connection.close()

    Thread(target=watch, daemon=True).start()
    jobs.work_forever(stop, poll=0.05)


def fork() -> int:
    """Starts a worker; its id."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    work()
    os._exit(0)


def counts() -> dict[str, object]:
    """The state of the mail, and of each of its copies with the address it is for."""
    addresses = dict(User.objects.values_list("pk", "email"))
    rows = Recipient.objects.values_list("user_id", "state")
    return {"state": Message.objects.get().state, "rows": {addresses[user]: state for user, state in rows}}


if __name__ == "__main__":
    order(int(sys.argv[1]))
    worker = 0
    for line in sys.stdin:
        if line.strip() == "work":
            worker = fork()
            print(worker, flush=True)
        elif line.strip() == "wait":
            print(os.waitpid(worker, 0)[1], flush=True)
        else:
            print(json.dumps(counts()), flush=True)
