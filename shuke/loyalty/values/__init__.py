"""Values of the room, by noun; `ledger` and `commands` are those that other rooms speak in."""
