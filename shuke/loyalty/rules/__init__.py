"""The rules of the room, by noun. `points` is the rule book; `books.post` the one place where a change arrives."""
