"""建议: this week's plays, their evidence and their review."""
