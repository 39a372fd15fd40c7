"""A tracker for runs that are killed: a fake behind a real socket, which can be saved, loaded and looked at."""

import pickle
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from fake_http import Answer, served

QUICK = {"token_env": "TRACKER_TOKEN", "seconds_between_writes": 0, "timeout": 10, "create_labels": False}


class GitHub:
    def __init__(self):
        from fake_github import FakeGitHub

        self.fake = FakeGitHub()
        self.fake.time = datetime.now(UTC).replace(microsecond=0)

    def moved_to(self, address):
        self.fake.api = address

    def config(self, address):
        from fake_github import TOKEN

        return {"tracker": "github", "repo": "acme/shop", "base_url": address, **QUICK}, TOKEN

    def titles(self):
        return [issue.title for issue in self.fake.issues.values()]


class GitLab:
    def __init__(self):
        from fake_gitlab import FakeGitLab

        self.fake = FakeGitLab()
        self.fake.now = datetime.now(UTC)

    def moved_to(self, address):
        self.fake.url = address

    def config(self, address):
        from fake_gitlab import TOKEN

        return {"tracker": "gitlab", "project": "acme/shop", "base_url": address, **QUICK}, TOKEN

    def titles(self):
        return [issue.title for issue in self.fake.issues.values()]


class Jira:
    cloud = True

    def __init__(self):
        from fake_jira import FakeJira

        self.fake = FakeJira(cloud=self.cloud)
        self.fake.time = datetime.now(UTC).replace(microsecond=0)

    def moved_to(self, address):
        self.fake.site = address

    def config(self, address):
        from fake_jira import options

        given = options(self.fake)
        token = given.pop("token")
        return {"tracker": "jira", **given, "base_url": address, **QUICK}, token

    def titles(self):
        return [issue.summary for issue in self.fake.issues.values()]


class JiraDataCenter(Jira):
    cloud = False


KINDS = {"github": GitHub, "gitlab": GitLab, "jira": Jira, "jira-datacenter": JiraDataCenter}


class Host:
    """Answers for the tracker, and to orders under ``/_control``."""

    def __init__(self, kind):
        self.kind, self.address = kind, ""

    def answer(self, request):
        if request.path == "/_control":
            order, *given = request.json
            return Answer(200, getattr(self, order)(*given))
        return self.kind.fake.answer(request)

    def config(self):
        return self.kind.config(self.address)

    def save(self, place):
        Path(place, "tracker.pickle").write_bytes(pickle.dumps(vars(self.kind.fake)))

    def load(self, place):
        vars(self.kind.fake).clear()
        vars(self.kind.fake).update(pickle.loads(Path(place, "tracker.pickle").read_bytes()))

    def titles(self):
        return self.kind.titles()


def main():
    host = Host(KINDS[sys.argv[1]]())
    with served(host) as address:
        host.address = address
        host.kind.moved_to(address)
        print(address, flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
