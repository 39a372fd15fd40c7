"""``python -m bot`` is ``loose-ends``."""

from bot.cli import main

main()
