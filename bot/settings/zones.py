"""Names of time zones, checked without loading the zones themselves."""

from __future__ import annotations

from difflib import get_close_matches


def check_zone(name: str) -> None:
    """Raises ValueError, with the nearest known name, when this machine knows no such time zone."""
    if name == "UTC":  # also known where no zone data is installed
        return
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # not found, not a zone file, a folder of zones
        known = {zone.lower(): zone for zone in sorted(available_timezones())}
        near = get_close_matches(name.lower().replace(" ", "_"), known, n=1, cutoff=0.6)
        hint = f"; did you mean '{known[near[0]]}'?" if near else ", such as Europe/Berlin"
        raise ValueError(f"expected a known time zone{hint}") from None
