"""Definitions of this room, and the Chinese calendar."""

from shuke.reference.adapters.definitions import goods_parameters, store_words
from shuke.reference.adapters.festivals import BadCalendar, festivals
from shuke.reference.adapters.lunar import (
    LunarDay,
    OutsideCalendar,
    lunar_day,
    same_lunar_day_last_year,
    same_lunar_week_last_year,
    solar_day,
)

__all__ = [
    "BadCalendar",
    "LunarDay",
    "OutsideCalendar",
    "festivals",
    "goods_parameters",
    "lunar_day",
    "same_lunar_day_last_year",
    "same_lunar_week_last_year",
    "solar_day",
    "store_words",
]
