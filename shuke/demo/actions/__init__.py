
from shuke.demo.actions.exports import write_bulk, write_exports

__all__ = ["write_bulk", "write_exports"]
