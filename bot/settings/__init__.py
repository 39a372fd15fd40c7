"""The config: one YAML file, every key overridable by ``LOOSE_ENDS_...``, wrong ones told by file, line and key."""

from bot.settings.cron import cron_expression
from bot.settings.feedback import Deferrals, Learning, Sightings
from bot.settings.loading import DEFAULT_NAME, config_path, load_settings
from bot.settings.models import Caps, Filing, Labels, OwnCueEntry, Route, Schedule, Settings, Threshold, When
from bot.settings.problems import ConfigError
from bot.settings.scalars import NOWHERE
from bot.settings.sources import Source
from bot.settings.starters import TRACKERS, starter
from bot.settings.targets import LocalTarget, Target, connector_options, place_options
from bot.settings.tokens import resolve_secrets, resolve_token

__all__ = [
    "DEFAULT_NAME",
    "NOWHERE",
    "TRACKERS",
    "Caps",
    "ConfigError",
    "Deferrals",
    "Filing",
    "Labels",
    "Learning",
    "LocalTarget",
    "OwnCueEntry",
    "Route",
    "Schedule",
    "Settings",
    "Sightings",
    "Source",
    "Target",
    "Threshold",
    "When",
    "config_path",
    "connector_options",
    "cron_expression",
    "load_settings",
    "place_options",
    "resolve_secrets",
    "resolve_token",
    "starter",
]
