"""A tracker with a network that fails in every way that networks and trackers do, by a seeded schedule."""

from collections import Counter
from datetime import timedelta
from random import Random

import requests
from fake_http import Answer

SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
FAULTS = (
    "500", "502 after", "cut before", "cut after", "cut in the middle", "hang before", "hang after", "page", "half",
    "403", "429", "429 date", "503", "empty", "null", "moved", "edit",
)  # fmt: skip
NOT_DONE = {
    "500": Answer(500, {"message": "Server Error"}),
    "503": Answer(503, b"<html>down for maintenance</html>", {"Retry-After": "20"}),
    "403": Answer(403, SECONDARY, {"Retry-After": "30"}),
    "429": Answer(429, {"message": "Too many requests"}, {"Retry-After": "15"}),
    "429 date": Answer(429, {"message": "Too many requests"}, {"Retry-After": "Mon, 02 Mar 2026 09:00:30 GMT"}),
    "cut before": requests.ConnectionError("reset"),
    "hang before": requests.ReadTimeout("nothing"),
}


class Faulty:
    """Stands before a fake; about every third request goes wrong, until :meth:`heal`.

    ``rename`` gives the project another name; ``edit`` is what a person does between two requests.
    """

    def __init__(self, fake, seed, *, share=0.35, rename=lambda: None, edit=lambda: None):
        self.fake, self.random, self.share = fake, Random(seed), share
        self.rename, self.edit = rename, edit
        self.told = Counter()

    def heal(self):
        self.share = 0.0

    def answer(self, request):
        if self.random.random() >= self.share:
            return self.fake.answer(request)
        fault = self.random.choice(FAULTS)
        self.told[fault] += 1
        return self.failed(fault, request)

    def failed(self, fault, request):  # noqa: PLR0911
        if fault in NOT_DONE:
            return NOT_DONE[fault]
        {"moved": self.rename, "edit": self.edit}.get(fault, lambda: None)()
        answer = self.fake.answer(request)
        match fault:
            case "502 after":
                return Answer(502, b"<html>Bad gateway</html>")
            case "cut after" | "cut in the middle":
                return requests.exceptions.ChunkedEncodingError("cut")
            case "hang after":
                return requests.ReadTimeout("no answer")
            case "page":
                return Answer(200, b"<html>Sign in</html>")
            case "half":
                return Answer(answer.status, answer.content()[: len(answer.content()) // 2] or b"{")
            case "null":
                return Answer(answer.status, None if answer.status in (204, 304) else b"null")
            case "empty" if request.method == "GET" and isinstance(answer.body, list):
                return Answer(200, [])
            case "empty" if isinstance(answer.body, dict) and "issues" in answer.body:
                return Answer(200, {**answer.body, "issues": [], "total": 0})
        return answer


class Clock:
    """Time for a bot that waits: it moves when somebody waits, and a little with every look."""

    def __init__(self, start):
        self.time = start

    def __call__(self):
        self.time += timedelta(milliseconds=20)
        return self.time

    def pause(self, seconds):
        self.time += timedelta(seconds=seconds)
        return False
