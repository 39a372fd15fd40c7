"""Exit codes, and the one line that a user reads instead of a traceback."""

from __future__ import annotations

import logging
import sys

import click

FINE, FAILED, MISUSED, PARTLY = 0, 1, 2, 3


def explain(error: Exception) -> int:
    """Tells an expected error in a line each and returns the exit code; what is not expected is a bug and says so."""
    # Imported here: none of this is needed while all is well.
    from sqlalchemy.exc import DBAPIError

    from bot.logs.base import LogError
    from bot.matching.semantic import SemanticError
    from bot.pipeline import StalePlan
    from bot.publishing.held import NotHeld
    from bot.publishing.plan_file import PlanError
    from bot.settings import ConfigError
    from bot.store.engine import StateError
    from bot.store.lock import Locked

    match error:
        case ConfigError():
            return say(*error.problems, code=MISUSED)
        case SemanticError():
            return say(f"semantic model: {error}", code=MISUSED)
        case PlanError() | NotHeld():
            return say(str(error), code=MISUSED)
        case Locked():
            return say(f"nothing done: the state is {error}; try again, or wait with --wait SECONDS", code=FAILED)
        case StalePlan() | StateError() | LogError():
            return say(str(error), code=FAILED)
        case DBAPIError():
            return say(f"state: {error.orig}; mend that and run it again, nothing is lost", code=FAILED)
        case OSError(filename=name, strerror=str() as why):
            return say(f"{name or 'output'}: {why}", code=FAILED)
        case _:
            logging.getLogger(__name__).debug("unexpected error", exc_info=error, extra={"action": "exit"})
            name = type(error).__name__
            return say(f"internal error: {name}; run it again with --verbose and report what it prints", code=FAILED)


def say(*lines: str, code: int = FINE) -> int:
    """Prints lines to stderr, without what a terminal would obey, and hands the exit code on."""
    from bot.cli.output import printable

    for line in lines:
        click.echo(printable(line), file=sys.stderr)
    return code
