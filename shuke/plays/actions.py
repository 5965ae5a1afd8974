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
    needs = dict.fromkeys(policy.channels_needing_consent, ("needed", "channels_needing_consent"))
    needs |= dict.fromkeys(policy.channels_own_contact, ("own_contact", "channels_own_contact"))
    needs |= dict.fromkeys(policy.channels_free, ("free", "channels_free"))
    # A channel that the policy does not name needs consent: silence is not permission.
    silent = ("needed", "channels_needing_consent")
    rows = [
        {
            "play": play.code,
            "segment": play.segment,
            "priority": play.priority,
            "channel": channel,
            "place": place,
            "consent": needs.get(channel, silent)[0],
            "clause": policy.clause(needs.get(channel, silent)[1]),
        }
        for play in plays
        for place, channel in enumerate(play.channels, start=1)
    ]
    run.write_arrow("play_channels", rows=pa.Table.from_pylist(rows, schema=_CHANNELS))


_CHANNELS = pa.schema(
    {
        "play": pa.string(),
        "segment": pa.string(),
        "priority": pa.int32(),
        "channel": pa.string(),
        "place": pa.int32(),
        "consent": pa.string(),
        "clause": pa.string(),
    }
)
