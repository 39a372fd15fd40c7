"""What GitLab's refusals mean for the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from gitlab.exceptions import GitlabError
from pydantic import ValidationError

from connectors.base import ConnectorError, Denied, Gone, Rejected, Unavailable
from connectors.transport import Moved, Refused


class Barred(Denied):
    """A denial that knows its mend; ``check`` shows the two apart."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}; {mend}")
        self.what = what
        self.mend = mend


class Forbidden(Barred):
    """The token is good, yet its account may not do this."""


def no_token() -> Barred:
    return Barred(
        "GitLab does not accept the token: it is wrong, expired or revoked",
        "make a new one with the scope api and put it where token_env or token_file says",
    )


def no_project(project: str) -> Barred:
    return Barred(
        f"GitLab shows no project {project} to this token",
        "write project as group/name or as its number, and make the token's account a member of it",
    )


def not_allowed(project: str, reason: str) -> Forbidden:
    if "insufficient_scope" in reason:
        return Forbidden("the token may not write: it lacks the scope api", "make a new token with the scope api")
    return Forbidden(
        f"GitLab does not allow this in {project} ({reason})",
        "give the token's account the role Planner or Reporter there, and see that the project is not archived",
    )


@contextmanager
def translated(project: str, *, missing: Callable[[], ConnectorError]) -> Iterator[None]:
    """Raises what the transport and the library raise as errors of the connector; ``missing`` is what a 404 means."""
    try:
        yield
    except Refused as error:
        raise _meaning(error, project, missing) from error
    except Moved as error:
        raise Barred(f"GitLab sends writes on to {_place(error.location)}", "set base_url to that address") from error
    except GitlabError as error:
        raise Unavailable(f"python-gitlab cannot read the answer ({type(error).__name__})") from error
    except ValidationError as error:
        raise Unavailable(f"the answer is not GitLab's: {what_is_wrong(error)}") from error


def what_is_wrong(error: ValidationError) -> str:
    """The first field that is missing or wrong, without its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'all of it'}: {first['msg']}"


def gone(project: str, number: int) -> Gone:
    return Gone(f"there is no issue #{number} in {project}")


def _meaning(error: Refused, project: str, missing: Callable[[], ConnectorError]) -> ConnectorError:
    match error.status:
        case 401:
            return no_token()
        case 403:
            return not_allowed(project, str(error))
        case 404 | 410:
            return no_project(project) if "Project" in error.reason else missing()
        case 408 | 425:
            return Unavailable(str(error))
        case _:
            return Rejected(f"GitLab refuses it: {error}")


def _place(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.hostname}" if parts.hostname else "another address"
