"""Fields of requests: strict, so that 1.0, true, "5" and a number of 20 digits are refused and named."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

# The ledger counts in 64 bits; no till means more than a thousand billion of anything.
_MOST = 10**15


def _in_utc(at: datetime) -> datetime:
    """The instant in UTC; one so near the ends of the calendar that it has none there is refused like any other."""
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("it lies outside the calendar") from error


Minor = Annotated[int, Field(ge=0, le=_MOST, description="money in minor units (fen, cents)")]
Points = Annotated[int, Field(ge=1, le=_MOST, description="whole points")]
SignedPoints = Annotated[int, Field(ge=-_MOST, le=_MOST, description="whole points, negative to take")]
Member = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[!-~]+$")]
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Store = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Channel = Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[!-~]+$")]
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
At = Annotated[Instant, Field(description="when it happened, with its offset; left out: now")]
Day = Annotated[date, Field(description="YYYY-MM-DD, a day in the programme's zone")]


class Strict(BaseModel):
    """A request body: no unknown field, no conversion of kinds."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Order(Strict):
    """An order's natural key: the channel's code and its number there."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
    no: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
