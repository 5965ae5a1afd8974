"""熟客 Shuke: one customer, one ID; each week a short list of plays; proof of what changed.

`import shuke` is cheap: nothing is loaded until a verb is used. No room imports this module.
"""

__version__ = "0.1.0"
