"""The command line: parses, calls, prints. Data goes to stdout, everything else to stderr."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import NoReturn

import click

from bot import __version__
from bot.cli.exits import FAILED, MISUSED, explain

# Commands are imported when they are called: a run with nothing to do starts fast.
_COMMANDS = {
    "init": "bot.cli.setup:init",
    "check": "bot.cli.setup:check",
    "demo": "bot.cli.setup:demo",
    "logs": "bot.cli.inspect:logs",
    "extract": "bot.cli.inspect:extract",
    "redact": "bot.cli.inspect:redact",
    "render": "bot.cli.render:render",
    "eval": "bot.cli.evaluate:evaluate",
    "match": "bot.cli.match:match",
    "plan": "bot.cli.runs:plan",
    "apply": "bot.cli.runs:apply",
    "run": "bot.cli.runs:run",
    "serve": "bot.cli.runs:serve",
    "undo": "bot.cli.runs:undo",
    "status": "bot.cli.state:status",
    "held": "bot.cli.state:held",
    "report": "bot.cli.report:report",
    "review": "bot.cli.review:review",
    "state": "bot.cli.care:state",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="loose-ends")
def cli() -> None:
    """Finds the bugs, TODOs and wishes left open in conversation logs and keeps them as tickets.

    Exit codes: 0 fine, 1 failed, 2 wrong usage or config, 3 partly done.
    """


def main() -> NoReturn:
    """The command ``loose-ends``."""
    for stream in (sys.stdout, sys.stderr):
        # A title that the terminal's encoding lacks is shown with marks, not with a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(prog_name="loose-ends", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        code = MISUSED
    except click.ClickException as error:
        error.show()
        code = FAILED
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        # The reader of our output has left; without this Python complains once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except Exception as error:  # noqa: BLE001 - the edge of the program: said in one line, raised when it is a bug
        code = explain(error)
    sys.exit(code if isinstance(code, int) else 0)
