"""Files of all formats, each turned into text columns for the engine."""
