"""A thin, uniform face over issue trackers. Knows tickets, not findings; never imports ``bot``."""
