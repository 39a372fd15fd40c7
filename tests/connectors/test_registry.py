"""Connectors found by name."""

from datetime import UTC, datetime

import pytest

from connectors.local import LocalTracker
from connectors.registry import BadOptions, UnknownTracker, connector_for, trackers


def now():
    return datetime(2026, 3, 1, tzinfo=UTC)


def test_the_local_tracker_is_there(tmp_path):
    assert "local" in trackers()
    assert isinstance(connector_for("local", {"path": tmp_path}, now=now), LocalTracker)


@pytest.mark.parametrize(
    ("name", "hint"), [("locl", "did you mean 'local'"), ("Local", "'local'"), ("zzz", "there are: ")]
)
def test_an_unknown_tracker_is_told_with_the_nearest_name(name, hint):
    with pytest.raises(UnknownTracker, match=hint):
        connector_for(name, {}, now=now)


@pytest.mark.parametrize("options", [{}, {"path": ""}, {"path": 5}])
def test_a_missing_folder_is_told(options):
    with pytest.raises(BadOptions, match="'path'"):
        connector_for("local", options, now=now)
