"""Pure decisions of intake: header recognition, the typing of cells, proposals for unknown files."""
