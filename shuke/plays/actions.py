"""Putting the plays where the gate's SQL can read them."""

from collections.abc import Sequence

import pyarrow as pa

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.plays.values import Play, Policy


def write_channels(actor: Actor, *, run: Run, plays: Sequence[Play], policy: Policy) -> None:
    """Fills `play_channels`: one row a play and channel with the consent it needs and the clause that says so."""
    require(actor, Permission.IMPORT_FILES)
    rules = {
        channel: ("needed", policy.clause("channels_needing_consent")) for channel in policy.channels_needing_consent
    }
    rules |= {
        channel: ("own_contact", policy.clause("channels_own_contact")) for channel in policy.channels_own_contact
    }
    rules |= {channel: ("free", policy.clause("channels_free")) for channel in policy.channels_free}
    # A channel that the policy does not name needs consent: silence is not permission.
    silent = ("needed", policy.clause("channels_needing_consent"))
    rows = [
        {
            "play": play.code,
            "segment": play.segment,
            "priority": play.priority,
            "channel": channel,
            "place": place,
            "consent": rules.get(channel, silent)[0],
            "clause": rules.get(channel, silent)[1],
        }
        for play in plays
        for place, channel in enumerate(play.channels, start=1)
    ]
    run.write_arrow("play_channels", rows=pa.Table.from_pylist(rows))
