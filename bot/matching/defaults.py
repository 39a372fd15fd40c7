"""The thresholds where none are configured; fitted so that `same` is wrong at most once in fifty."""

from bot.matching.decision import Thresholds

MENTIONS = Thresholds(same=0.78, possible=0.05, lead=1.0)
TICKETS = Thresholds(same=0.9, possible=0.3, lead=1.0)
