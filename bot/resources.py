"""Where the data files that ship with the product lie (config/ in a checkout, inside the package when installed)."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def config_dir() -> Path:
    """The folder with the shipped config files and sample logs."""
    installed = _PACKAGE / "_config"
    return installed if installed.is_dir() else _PACKAGE.parent / "config"
