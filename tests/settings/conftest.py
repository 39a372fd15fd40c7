from pathlib import Path

import pytest

from bot.settings import ConfigError, load_settings

GOOD = """\
sources:
  notes: {path: ~/logs}
targets:
  my-inbox: {tracker: local}
"""


class Config:
    """A config file in a folder of its own, loaded with an environment of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.file = folder / "loose-ends.yaml"

    def load(self, text=GOOD, **environ):
        self.file.write_text(text, encoding="utf-8")
        return load_settings(self.file, {"HOME": "/home/ada", **environ})

    def problems(self, text=GOOD, **environ):
        with pytest.raises(ConfigError) as caught:
            self.load(text, **environ)
        return [line.replace(f"{self.folder}/", "") for line in caught.value.problems]


@pytest.fixture
def config(tmp_path):
    return Config(tmp_path)


@pytest.fixture
def good():
    return GOOD
