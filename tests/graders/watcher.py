"""A grader that fetches its work, as xqueue-watcher does: ``watcher.py SITE NAME PASSWORD QUEUE [WHAT]``.

Fetches one submission and says ``fetched``; then grades it (WHAT ``grade``), sends the reply twice (``twice``), or
waits to be killed (``hang``). A program is right when it greets; files are right when all of them can be read.
"""

from __future__ import annotations

import http.cookiejar
import json
import sys
import time
import urllib.request
from typing import Any
from urllib.parse import urlencode


class Watcher:
    """A session with the queue of a site."""

    def __init__(self, site: str, name: str, password: str) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.site = site
        self.post("/xqueue/login/", username=name, password=password)

    def get(self, path: str, **query: str) -> Any:
        with self.opener.open(f"{self.site}{path}?{urlencode(query)}", timeout=20) as answer:
            return json.load(answer)

    def post(self, path: str, **fields: str) -> Any:
        with self.opener.open(f"{self.site}{path}", data=urlencode(fields).encode(), timeout=20) as answer:
            return json.load(answer)

    def fetch(self, queue: str) -> dict[str, Any] | None:
        reply = self.get("/xqueue/get_submission/", queue_name=queue, block="true")
        return json.loads(reply["content"]) if reply["return_code"] == 0 else None

    def grade(self, package: dict[str, Any]) -> dict[str, Any]:
        body, files = json.loads(package["xqueue_body"]), json.loads(package["xqueue_files"])
        for address in files.values():
            with self.opener.open(address, timeout=20) as answer:
                assert answer.read()
        right = bool(files) or "hello" in body["student_response"]
        return {"correct": right, "score": 1 if right else 0, "msg": f"<p>{len(files)} files</p>"}

    def reply(self, package: dict[str, Any], result: dict[str, Any]) -> Any:
        return self.post("/xqueue/put_result/", xqueue_header=package["xqueue_header"], xqueue_body=json.dumps(result))


def main(site: str, name: str, password: str, queue: str, what: str = "grade") -> None:
    watcher = Watcher(site, name, password)
    package = watcher.fetch(queue)
    print("fetched" if package else "empty", flush=True)
    if package is None:
        return
    if what == "hang":
        time.sleep(60)
    for _ in range(2 if what == "twice" else 1):
        print(json.dumps(watcher.reply(package, watcher.grade(package))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
