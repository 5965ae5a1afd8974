"""控制台: HTML pages, in folders named as the rooms they show."""
