"""Options that commands share, and the desk that commands with a config work at."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bot.publishing.desk import Desk
    from bot.service import Stop
    from bot.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def now() -> datetime:
    return datetime.now(UTC)


def _start_logging(_ctx: click.Context, _param: click.Parameter, verbose: bool) -> bool:
    from bot.safety.logs import RedactingFilter

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(RedactingFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    for noisy in ("apscheduler", "filelock", "tzlocal", "urllib3", "requests", "github", "gitlab", "jira"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    root.setLevel(logging.DEBUG if verbose else logging.WARNING)
    return verbose


def mask(secrets: Sequence[str]) -> None:
    """From now on no log line shows these, whatever they look like."""
    from bot.safety.logs import RedactingFilter

    for handler in logging.getLogger().handlers:
        for one in handler.filters:
            if isinstance(one, RedactingFilter):
                one.mask(secrets)


def verbose_option(command: F) -> F:
    return click.option(
        "-v", "--verbose", is_flag=True, callback=_start_logging, expose_value=False, is_eager=True, help="Say more."
    )(command)


def config_option(command: F) -> F:
    place = click.Path(path_type=Path)
    return click.option("--config", type=place, help="Config file (default: LOOSE_ENDS_CONFIG, then loose-ends.yaml).")(
        command
    )


def format_option(*choices: str) -> Callable[[F], F]:
    """``--format``; the first choice is the default."""
    kinds = click.Choice(choices)
    return click.option("--format", "format_", type=kinds, default=choices[0], show_default=True, help="Output format.")


def learn_option(command: F) -> F:
    text = "Leave the thresholds as configured, whatever people's verdicts say."
    return click.option("--no-learn", "learn", is_flag=True, flag_value=False, default=True, help=text)(command)


def load(config: Path | None, *, learn: bool = True) -> Settings:
    from bot.settings import load_settings

    settings = load_settings(config, os.environ)
    check_formats(settings)
    check_semantic(settings)
    if not learn:
        off = settings.learning.model_copy(update={"enabled": False})
        return settings.model_copy(update={"learning": off})
    return settings


def check_formats(settings: Settings) -> None:
    """Readers come with packages, so that the config alone cannot tell whether a format is one."""
    wrong = {name: source.format for name, source in settings.sources.items() if source.format != "auto"}
    if not wrong:
        return
    from bot.logs.base import LogError
    from bot.logs.readers import reader_named
    from bot.settings import ConfigError

    for name, format_ in wrong.items():
        try:
            reader_named(format_)
        except LogError as error:
            raise ConfigError([f"sources.{name}.format: {error}"]) from error


def check_semantic(settings: Settings) -> None:
    """Whether a sentence model is there, is told before anything is done."""
    if settings.matching.semantic.model is None:
        return
    from bot.matching.embedders import check
    from bot.matching.semantic import SemanticError
    from bot.settings import ConfigError

    try:
        check(str(settings.matching.semantic.model))
    except SemanticError as error:
        raise ConfigError([f"matching.semantic.model: {error}"]) from error


@contextmanager
def desk(
    config: Path | None, command: str, *, wait: float = 0, stopping: Stop | None = None, learn: bool = True
) -> Iterator[Desk]:
    """Config read, state locked and open, targets connected."""
    settings = load(config, learn=learn)
    with desk_for(settings, command, wait=wait, stopping=stopping) as made:
        yield made


@contextmanager
def desk_for(settings: Settings, command: str, *, wait: float = 0, stopping: Stop | None = None) -> Iterator[Desk]:
    """State locked and open, targets connected."""
    from bot.store.lock import run_lock

    with run_lock(settings.state.path, command, now(), wait=wait), desk_on(settings, stopping) as made:
        yield made


@contextmanager
def desk_on(settings: Settings, stopping: Stop | None = None) -> Iterator[Desk]:
    """State open and targets connected, for who holds the lock or needs none."""
    from bot.publishing.connect import connect
    from bot.publishing.desk import Desk
    from bot.publishing.patience import sleep
    from bot.store.engine import open_state

    engine = open_state(settings.state.path)
    try:
        until = now() + settings.retries.deadline
        pause = stopping.wait if stopping else sleep
        targets = connect(settings, os.environ, now, pause=pause, mask=mask)

        def over() -> bool:
            return (stopping is not None and stopping()) or now() > until

        yield Desk(engine=engine, targets=targets, settings=settings, now=now, stopping=over, pause=pause)
    finally:
        engine.dispose()
