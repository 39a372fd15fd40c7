"""Whose issues and comments are the bot's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.base import Denied
from connectors.github.answers import Answer, User
from connectors.github.graphql import viewer
from connectors.github.repository import read_answer
from connectors.transport import Moved, Refused

if TYPE_CHECKING:
    from github.Requester import Requester

_UNKNOWN = "GitHub does not tell whose token this is; set bot_login to the login that its issues show"


class AppPage(Answer):
    slug: str


class Account:
    """The bot's account, asked for once, when something first needs it; each create tells it for nothing.

    ``app`` logs in as the GitHub App itself, if there is one: what it files is by ``slug[bot]``.
    """

    def __init__(self, requester: Requester, *, app: Requester | None, login: str) -> None:
        self._requester = requester
        self._app = app
        self._login = login
        self._id: int | None = None
        self.expected = login

    @property
    def login(self) -> str:
        """Raises Denied when GitHub does not tell."""
        if not self._login:
            self._login, self._id = self._ask()
        return self._login

    def learn(self, user: User | None) -> None:
        """``user`` is the author of what the bot has just written."""
        if user is not None:
            self._login, self._id = user.login, user.id

    def is_own(self, user: User | None) -> bool:
        """By number where it is known: logins can be renamed and taken by others."""
        if user is None:
            return False
        login = self.login
        return user.id == self._id if self._id is not None else user.login.lower() == login.lower()

    def _ask(self) -> tuple[str, int | None]:
        try:
            if self._app is not None:
                _, page = self._app.requestJsonAndCheck("GET", "/app")
                return f"{read_answer(AppPage, page).slug}[bot]", None
            _, data = self._requester.requestJsonAndCheck("GET", "/user")
        except Refused as error:
            if error.status == 401:
                raise Denied(f"GitHub does not accept the token ({error.reason}); make a new one") from error
            # Tokens of installations and of Actions have no user, but the other API tells whom they act as.
            login = viewer(self._requester)
            if login is None:
                raise Denied(_UNKNOWN) from error
            return login, None
        except Moved as error:
            raise Denied(_UNKNOWN) from error
        user = read_answer(User, data)
        return user.login, user.id
