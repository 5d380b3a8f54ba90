"""What programs may send to the HTTP interface, checked before anything else sees it: each text and number is bounded.

A field that is not known is refused, for it is a mistake of writing. NUL never comes this far (:mod:`.guard`), and a
text that is not Unicode (half of a surrogate pair) is not a text.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from semantix.review.accounts import LONGEST_NAME
from semantix.review.actions import LONGEST_NOTE, MOST_TARGETS, Action
from semantix.review.desk import ALL, Bulk, Filters
from semantix.review.desk.bulk import MOST, What
from semantix.review.desk.history import MOST as MOST_LINES
from semantix.review.desk.queue import LIMIT, Order
from semantix.review.desk.queue import MOST as MOST_ROWS
from semantix.review.lookup import Filters as Found
from semantix.review.model import Judgement, Kind, Part, Relation, State, Target
from semantix.review.web.bulk_form import LEAST, SHARE

GREATEST = 2**53
"""The greatest whole number that every reader of JSON keeps."""
LONGEST_CODE = 200
LONGEST_DISPLAY = 4_000
MOST_SYSTEMS = 20
_CLOSED = ConfigDict(extra="forbid", frozen=True)

Number = Annotated[int, Field(ge=0, le=GREATEST)]
Name = Annotated[str, Field(max_length=200)]
Person = Annotated[str, Field(max_length=LONGEST_NAME)]
Code = Annotated[str, Field(min_length=1, max_length=LONGEST_CODE)]
Note = Annotated[str, Field(max_length=LONGEST_NOTE)]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
StrictShare = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
StateName = Literal["unmapped", "draft", "mapped", "in-review", "accepted", "rejected", "to-reconcile", "all"]
FormatName = Literal["sssom", "usagi", "usagi-review", "stcm", "conceptmap-r4", "conceptmap-r5", "tables"]


# --- what is wanted -------------------------------------------------------------------------------------------------


class ItemFilters(BaseModel):
    """What of the queue is wanted; what is not given does not limit. Without states: all that wait for somebody.

    ``low`` and ``high`` bound the probability of the first candidate; ``assignee`` ``-`` is nobody; ``person`` judged.
    """

    model_config = _CLOSED

    state: list[StateName] = Field(default=[], max_length=8)
    target: Name = ""
    system: Name = ""
    section: Name = ""
    sender: Name = ""
    assignee: Name = ""
    person: Name = ""
    text: Name = ""
    low: Share | None = None
    high: Share | None = None
    audit: bool = False
    order: Order = "priority"

    def value(self) -> Filters:
        """Return them as the desk knows them."""
        return Filters(
            states=(ALL,) if ALL in self.state else tuple(dict.fromkeys(self.state)),
            target=self.target.strip(),
            system=self.system.strip(),
            section=self.section.strip(),
            sender=self.sender.strip(),
            assignee=self.assignee.strip(),
            person=self.person.strip(),
            text=self.text.strip(),
            low=self.low,
            high=self.high,
            audit=self.audit,
            order=self.order,
        )


class GivenFilters(ItemFilters):
    """The same in JSON, where a number is no text and no truth value."""

    low: StrictShare | None = None
    high: StrictShare | None = None
    audit: StrictBool = False


class ItemsQuery(ItemFilters):
    """The filters, and which page: ``after`` is the cursor that the page before gave."""

    after: str = Field(default="", pattern="^[0-9]{0,16}$")
    limit: int = Field(default=LIMIT, ge=1, le=MOST_ROWS)


class EventsQuery(BaseModel):
    """What of the log is wanted: before an event (0: from the newest), by whom, of which kind."""

    model_config = _CLOSED

    before: Number = 0
    limit: int = Field(default=100, ge=1, le=MOST_LINES)
    who: Name = ""
    kind: Kind | None = None


class SearchQuery(BaseModel):
    """A search in the terminology store. ``scan`` also reads releases that have no index of words, in seconds.

    ``valid``: active, and may be recorded; ``standard`` is a word of OMOP.
    """

    model_config = _CLOSED

    text: str = Field(min_length=1, max_length=200)
    system: list[Name] = Field(default=[], max_length=MOST_SYSTEMS)
    domain: Name = ""
    standard: Literal["true", "false", "any"] = "any"
    valid: Literal["true", "false", "any"] = "true"
    scan: bool = False
    limit: int = Field(default=20, ge=1, le=50)
    offset: int = Field(default=0, ge=0, le=200)

    def value(self) -> Found:
        """Return the filters as the store knows them."""
        wanted = {"true": True, "false": False, "any": None}
        return Found(
            systems=tuple(dict.fromkeys(self.system)),
            domain=self.domain,
            standard=wanted[self.standard],
            valid=wanted[self.valid],
        )


class ExportQuery(BaseModel):
    """Which file is wanted; without states, those that the format is for."""

    model_config = _CLOSED

    format: FormatName
    state: list[State] = Field(default=[], max_length=7)


# --- what is judged -------------------------------------------------------------------------------------------------


class GivenTarget(BaseModel):
    """One target. A display that the item or the store knows takes the place of the one given."""

    model_config = _CLOSED

    system: Code
    code: Code
    display: str = Field(default="", max_length=LONGEST_DISPLAY)
    relation: Relation = Relation.EXACT
    part: Part = Part.TARGET
    refused: StrictBool = False

    def value(self) -> Target:
        """Return it as the desk knows it."""
        return Target(
            system=self.system,
            code=self.code,
            display=self.display,
            relation=self.relation,
            part=self.part,
            refused=self.refused,
        )


class GivenJudgement(BaseModel):
    """Targets, of which one at least is not refused; or ``no_target``: none is suitable."""

    model_config = _CLOSED

    targets: list[GivenTarget] = Field(default=[], max_length=MOST_TARGETS)
    no_target: StrictBool = False
    note: Note = ""

    def value(self) -> Judgement:
        """Return it as the desk knows it."""
        targets = tuple(each.value() for each in self.targets)
        return Judgement(targets=targets, no_target=self.no_target, note=self.note.strip())


# --- what is done ---------------------------------------------------------------------------------------------------


class Doing(BaseModel):
    """What every action says: ``seen`` is the version of the standing that was looked at."""

    model_config = _CLOSED

    seen: StrictInt = Field(ge=0, le=GREATEST)


class Judge(Doing):
    """Save a judgement, a draft of one, or the decision between two that differ."""

    action: Literal["judge", "draft", "reconcile"]
    judgement: GivenJudgement


class Simple(Doing):
    """Agree with the first judgement; take an item in hand, or let it go."""

    action: Literal["agree", "claim", "release"]


class WithReason(Doing):
    """Send a judgement back to its author, or open an accepted item again."""

    action: Literal["send-back", "reopen"]
    reason: Reason


class Assign(Doing):
    """Say who is to work on an item; nobody takes the assignment away."""

    action: Literal["assign"]
    to: Person = ""


class WriteNote(Doing):
    """Write into the history, beside any judgement."""

    action: Literal["note"]
    text: Reason


class CheckSample(Doing):
    """Say of a sampled automatic acceptance that it is right, or wrong, with another judgement or without."""

    action: Literal["audit"]
    right: StrictBool
    judgement: GivenJudgement | None = None
    reason: Note = ""


GivenAction = Annotated[
    Judge | Simple | WithReason | Assign | WriteNote | CheckSample, Field(discriminator="action")
]  # fmt: skip

NAMES: dict[Kind, str] = {
    Kind.JUDGED: "judge",
    Kind.DRAFTED: "draft",
    Kind.AGREED: "agree",
    Kind.SENT_BACK: "send-back",
    Kind.RECONCILED: "reconcile",
    Kind.CLAIMED: "claim",
    Kind.RELEASED: "release",
    Kind.ASSIGNED: "assign",
    Kind.NOTED: "note",
    Kind.REOPENED: "reopen",
    Kind.AUDITED: "audit",
}
"""How the interface names each action."""
_KINDS = {name: kind for kind, name in NAMES.items()}


def action_of(given: GivenAction) -> Action:
    """Return an action as the desk knows it."""
    kind = _KINDS[given.action]
    match given:
        case Judge():
            return Action(kind=kind, judgement=given.judgement.value())
        case WithReason():
            return Action(kind=kind, reason=given.reason)
        case Assign():
            return Action(kind=kind, to=given.to.strip())
        case WriteNote():
            return Action(kind=kind, text=given.text)
        case CheckSample():
            judgement = given.judgement.value() if given.judgement is not None else None
            return Action(kind=kind, right=given.right, judgement=judgement, reason=given.reason)
        case Simple():
            return Action(kind=kind)


class GivenBulk(BaseModel):
    """An action on all items that the filters keep; see the page of bulk actions. ``precision`` and so on: accept."""

    model_config = _CLOSED

    what: What
    filters: GivenFilters = GivenFilters()
    precision: StrictShare | None = None
    share: StrictShare = SHARE
    least: StrictInt = Field(default=LEAST, ge=0, le=MOST)
    to: Person = ""
    note: Note = ""

    def value(self, precision: float) -> Bulk:
        """Return it as the desk knows it; ``precision`` is asked where none is given."""
        return Bulk(
            what=self.what,
            filters=self.filters.value(),
            precision=precision if self.precision is None else self.precision,
            share=self.share,
            least=self.least,
            to=self.to.strip() if self.what == "assign" else "",
            note=self.note.strip() if self.what == "none" else "",
        )


class GivenApply(GivenBulk):
    """The same action, with the token of its preview."""

    token: str = Field(min_length=1, max_length=200)
