"""Values of this room: what models are fitted on, what they give, and what pages show."""

from shuke.predictions.values.fitted import (
    BgNbd,
    Floats,
    GammaGamma,
    Level,
    Outlook,
    Panel,
    Prediction,
    PurchaseClock,
    Purchases,
    Window,
)
from shuke.predictions.values.named import Recommendation
from shuke.predictions.values.shown import CustomerValue, ModelCard, Reason, Score, ScoreLine

__all__ = [
    "BgNbd",
    "CustomerValue",
    "Floats",
    "GammaGamma",
    "Level",
    "ModelCard",
    "Outlook",
    "Panel",
    "Prediction",
    "PurchaseClock",
    "Purchases",
    "Reason",
    "Recommendation",
    "Score",
    "ScoreLine",
    "Window",
]
