"""Sign-in, language, people and the journal."""
