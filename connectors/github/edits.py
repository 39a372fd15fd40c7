"""The writes to one issue: what is not as it should be is made so, each step safe to do again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import quote

from connectors.base import Change, Denied, Gone, Problem, Rejected
from connectors.github.account import Account
from connectors.github.answers import STATE_REASONS, Issue
from connectors.github.comments import Comments
from connectors.github.repository import Repository, read_answer
from connectors.markdown import to_title
from connectors.section import with_section
from connectors.transport import Refused

TITLE_LIMIT = 256
BODY_LIMIT = 65_536


class Edits:
    """Edits issues of one repository; remembers which labels GitHub dropped."""

    def __init__(self, repository: Repository, account: Account, *, allow_public: bool) -> None:
        self._repository = repository
        self._account = account
        self._allow_public = allow_public
        self._without_labels: dict[str, list[str]] = {}  # by key of the ticket

    def allow(self) -> None:
        """Raises Denied before any write to a public repository that nobody allowed."""
        if not self._allow_public and self._repository.facts().is_public:
            name = self._repository.full_name
            raise Denied(f"{name} is public; set allow_public: true if everyone may read what is said in the logs")

    def read(self, number: str) -> Issue:
        _, data = self._repository.send("GET", f"/issues/{number}")
        issue = read_answer(Issue, data)
        if issue.pull_request:
            raise Gone(f"#{number} is a pull request")
        return issue

    def comments(self, number: str) -> Comments:
        """The bot's comments on an issue, before any is written."""
        self.allow()
        return Comments(self._repository, self._account, number)

    def write(self, number: str, issue: Issue, change: Change, comments: Comments | None = None) -> bool:
        """Does what is not done yet, each step safe to do again; True if there was anything to do."""
        present = {name.lower(): name for name in issue.label_names}
        adds = [name for name in dict.fromkeys(change.add_labels) if name.lower() not in present]
        removes = [present[name.lower()] for name in dict.fromkeys(change.remove_labels) if name.lower() in present]
        turn = change.state is not None and change.state != issue.state
        texts = self._texts(issue, change)
        if not (adds or removes or turn or texts or has_comment(change)):
            return False
        self.allow()
        if texts:
            self._repository.send("PATCH", f"/issues/{number}", body=texts)
        wrote = has_comment(change) and self._comment(number, issue, change, comments)
        if adds:
            _, data = self._repository.send("POST", f"/issues/{number}/labels", body={"labels": adds})
            kept = [str(one.get("name")) for one in data if isinstance(one, dict)] if isinstance(data, list) else []
            self.note_dropped(f"#{number}", adds, kept)
        for name in removes:
            self._remove_label(number, name)
        if turn:
            body: dict[str, object] = {"state": change.state}
            if change.state == "closed" and change.closed_as:
                body["state_reason"] = STATE_REASONS[change.closed_as]
            self._repository.send("PATCH", f"/issues/{number}", body=body)
        return bool(wrote or adds or removes or turn or texts)

    def _texts(self, issue: Issue, change: Change) -> dict[str, object]:
        """Title, and body with the bot's own section, as they are to be; nothing of what stands there already."""
        texts: dict[str, object] = {}
        if change.title is not None:
            texts["title"] = to_title(change.title, flavor="github", limit=TITLE_LIMIT)
        if change.own_section is not None:
            if not self._account.is_own(issue.user):
                raise Rejected(f"#{issue.number} was filed by somebody else")
            texts["body"] = with_section(issue.body or "", change.own_section, flavor="github", limit=BODY_LIMIT)
        there = {"title": issue.title, "body": issue.body}
        return {name: text for name, text in texts.items() if text != there[name]}

    def _comment(self, number: str, issue: Issue, change: Change, comments: Comments | None) -> bool:
        try:
            if comments is None:
                comments = Comments(self._repository, self._account, number, read=issue.comments > 0)
            return comments.write(change)
        except Refused as error:
            if issue.locked and error.status == 403:
                raise Rejected(f"#{number} is locked: nobody may comment on it") from error
            raise

    def _remove_label(self, number: str, name: str) -> None:
        try:
            self._repository.send("DELETE", f"/issues/{number}/labels/{quote(name, safe='')}")
        except Refused as error:
            if error.status != 404:  # else it is gone already, or the issue is, which the last look will tell
                raise

    def note_dropped(self, key: str, wanted: Sequence[str], kept: Collection[str]) -> None:
        """Compares the labels that were sent with those that came back."""
        there = {name.lower() for name in kept}
        missing = [name for name in wanted if name.lower() not in there]
        if missing:
            self._without_labels[key] = missing

    def dropped_labels(self) -> list[Problem]:
        if not self._without_labels:
            return []
        keys = f"{self._repository.full_name}: {', '.join(self._without_labels)}"
        names = ", ".join(sorted({name for names in self._without_labels.values() for name in names}))
        return [
            Problem(
                what=f"{keys}: GitHub dropped labels ({names}), so nobody can review these",
                mend="give the bot's account the role Triage or Write; then add the labels by hand",
                fatal=False,
            )
        ]


def has_comment(change: Change) -> bool:
    """Whether anything of the change is said in a comment."""
    return change.sightings is not None or change.note is not None
