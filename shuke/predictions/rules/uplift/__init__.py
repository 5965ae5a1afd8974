"""Uplift from randomised trials."""

from shuke.predictions.rules.uplift.estimate import BadTrial, Model, Uplift, estimate_uplift, uplift_of

__all__ = ["BadTrial", "Model", "Uplift", "estimate_uplift", "uplift_of"]
