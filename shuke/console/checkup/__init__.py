"""体检: the state of the data, in money, and the place to drop files."""
