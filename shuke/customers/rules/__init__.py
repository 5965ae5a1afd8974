"""Pure decisions of matching, by noun."""

from shuke.customers.rules.minting import NOTHING, Before, mint
from shuke.customers.rules.partitions import partition

__all__ = ["NOTHING", "Before", "mint", "partition"]
