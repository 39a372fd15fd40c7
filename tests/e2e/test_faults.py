"""Whatever goes wrong between the bot and a tracker, every loose end ends up as one ticket."""

import os
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from fake_http import mount
from faults import Clock, Faulty
from mortal import FIRST, LATER, TALK, WANTED, WANTED_LATER

from bot import pipeline
from bot.publishing.connect import connect
from bot.publishing.desk import Desk
from bot.settings import load_settings
from bot.store import runs
from bot.store.engine import open_state

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SCHEDULES = range(int(os.environ.get("LOOSE_ENDS_SCHEDULES", "4")))  # `make torture` asks for more
CONFIG = """
sources: {{talks: {{path: logs}}}}
targets: {{inbox: {{{target}, token_env: TOKEN, create_labels: false}}}}
retries: {{settle: 0s, max_wait: 2m}}
"""


def github(seed):
    from fake_github import TOKEN, FakeGitHub

    fake = FakeGitHub()
    fake.people["bystander"] = 77
    names = iter(f"acme/shop{number}" for number in range(99))

    def edit():
        if fake.issues:
            fake.touch(Random(seed).choice(list(fake.issues.values())))
        else:
            fake.file("The door squeaks", "Every morning.", "ada")

    faulty = Faulty(fake, seed, rename=lambda: fake.rename(next(names)), edit=edit)
    return faulty, fake.api, "tracker: github, repo: acme/shop, seconds_between_writes: 0", TOKEN


def gitlab(seed):
    from fake_gitlab import ADA, TOKEN, FakeGitLab

    fake = FakeGitLab()
    fake.now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    names = iter(f"acme/shop{number}" for number in range(99))
    faulty = Faulty(
        fake, seed, rename=lambda: fake.rename(next(names)), edit=lambda: fake.file("The door squeaks", "Often.", ADA)
    )
    return faulty, fake.url, f"tracker: gitlab, project: acme/shop, base_url: '{fake.url}'", TOKEN


def jira(seed, *, cloud=True):
    from fake_jira import ADA, TOKEN, FakeJira, options

    fake = FakeJira(cloud=cloud)
    fake.time = datetime(2026, 3, 2, 8, tzinfo=UTC)
    email = f", email: {options(fake)['email']}" if cloud else ""
    faulty = Faulty(fake, seed, edit=lambda: fake.file("The door squeaks", "Often.", [], ADA))
    return faulty, fake.site, f"tracker: jira, project: OPS, base_url: '{fake.site}'{email}", TOKEN


def jira_datacenter(seed):
    return jira(seed, cloud=False)


TRACKERS = {"github": github, "gitlab": gitlab, "jira": jira, "jira-datacenter": jira_datacenter}


class Place:
    """A project folder whose only target is a tracker with a bad network."""

    def __init__(self, folder, tracker, seed):
        self.folder, self.random = folder, Random(seed)
        self.faulty, self.address, target, self.token = TRACKERS[tracker](seed)
        self.clock = Clock(START)
        (folder / "logs").mkdir()
        (folder / "loose-ends.yaml").write_text(CONFIG.format(target=target))

    def say(self, talks):
        for name, said in talks.items():
            with (self.folder / "logs" / name).open("a") as out:
                out.write("".join(TALK.format(text) for text in said))

    def run(self):
        settings = load_settings(self.folder / "loose-ends.yaml", {})
        engine = open_state(settings.state.path)
        targets = connect(settings, {"TOKEN": self.token}, self.clock, pause=self.clock.pause, random=self.random)
        desk = Desk(engine=engine, targets=targets, settings=settings, now=self.clock, pause=self.clock.pause)
        try:
            summary = pipeline.run(desk)
            with engine.begin() as db:
                return summary, len(runs.pending(db))
        finally:
            engine.dispose()
            self.clock.pause(600)

    def settle(self):
        for _ in range(5):
            self.run()
        self.faulty.heal()
        for _ in range(4):
            summary, pending = self.run()
            if not summary.errors and not pending and not summary.outcome.left:
                return
        raise AssertionError(summary.errors)

    def titles(self):
        filed = self.faulty.fake.issues.values()
        titles = [getattr(issue, "title", "") or issue.summary for issue in filed]
        return Counter(title for title in titles if title != "The door squeaks")


def live(place):
    """Both waves of talk, each under fire; says what is wrong in the end."""
    share = place.faulty.share
    for talks, wanted in ((FIRST, WANTED), (LATER, WANTED_LATER)):
        place.faulty.share = share
        place.say(talks)
        place.settle()
        titles = place.titles()
        assert set(titles) == wanted, "lost, or not known"
        assert max(titles.values()) == 1, f"twice: {titles}"


@pytest.mark.parametrize("seed", SCHEDULES)
@pytest.mark.parametrize("tracker", TRACKERS)
def test_nothing_is_lost_and_nothing_twice_on_a_network_that_fails(tmp_path, tracker, seed):
    place = Place(tmp_path, tracker, seed)
    mock = mount(place.faulty, place.address)
    try:
        live(place)
    finally:
        mock.stop(allow_assert=False)
    assert place.faulty.told, "nothing went wrong"
