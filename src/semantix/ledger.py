"""The account of one conversion: what the source holds, what was carried, and why the rest was not.

An emitter *carries* a coded element when it writes its code in the output, and *explains* one that it knowingly leaves
out; whatever it forgets is reported as ``not-carried``, so forgetting is never silent. :meth:`Ledger.account` checks
``read = carried + reported``, and that nothing was carried that the source does not hold.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from semantix.model import Document, Place


class Reason(StrEnum):
    """Stable reason codes of the loss report. ``IMPLIED`` is no loss: the meaning is kept."""

    IMPLIED = "implied"
    """The code says what the target element already means (``SEV`` beside a severity)."""
    ADMINISTRATIVE = "administrative"
    """A header or participant code that the target model has no place for (OMOP has no author role)."""
    IDENTIFYING = "identifying"
    """Left out on purpose: it could identify a person."""
    NO_TARGET = "no-target"
    """The target model has no element for this kind of fact."""
    STATUS = "status-excluded"
    """Not realised, refuted or entered in error: the target holds only events that happened."""
    NEGATED = "negated"
    """Stated as absent; the target cannot say it."""
    NO_DATE = "no-date"
    """The target requires a date; there is none in the statement nor its document, or it precedes the birth."""
    NO_PERSON = "no-person"
    """About somebody else than the patient."""
    NOT_PREFERRED = "not-preferred"
    """Another coding of the same concept was chosen for the only place there is."""
    NULL_CODE = "null-code"
    """A placeholder such as a nullFlavor or an empty code."""
    UNREAD = "unread"
    """The reader does not know this element."""
    PSEUDONYMISED = "pseudonymised"
    """Taken out before emission: it identified somebody, or stood in free text."""
    NOT_ALLOWED = "not-allowed"
    """Taken out before emission: the allow-list of the project does not hold it."""
    NOT_CARRIED = "not-carried"
    """Read, but no emitter wrote it."""


NAMELESS = frozenset({Reason.IDENTIFYING, Reason.PSEUDONYMISED})
"""Reasons for which a report gives no code: it names nobody."""
KEPT_MEANING = frozenset({Reason.IMPLIED})


class Loss(Struct, frozen=True):
    """One coded element (``kind='code'``) or statement (``kind='statement'``) that is not in the output as such.

    ``code`` is left out when the reason is that it could identify a person: a report names nobody.
    """

    kind: str
    path: str
    reason: Reason
    system: str | None = None
    code: str | None = None
    in_body: bool = True


class Account(Struct, frozen=True):
    """Figures of one document: ``codes_read = codes_carried + codes_reported``, likewise for statements."""

    codes_read: int
    codes_carried: int
    statements_read: int
    statements_carried: int
    losses: tuple[Loss, ...]

    @property
    def balanced(self) -> bool:
        """The identity every report rests on."""
        codes = sum(loss.kind == "code" for loss in self.losses)
        return (
            self.codes_read == self.codes_carried + codes
            and self.statements_read == self.statements_carried + len(self.losses) - codes
        )


class Ledger:
    """Filled by one emitter for one document. ``carried`` is a plain set so that the hot path can ``add`` to it."""

    __slots__ = ("carried", "explained")

    def __init__(self) -> None:
        self.carried: set[Place] = set()
        self.explained: dict[Place, Reason] = {}

    def explain(self, place: Place, reason: Reason) -> None:
        """Say why a place is left out; the first reason given stays, and carrying it anywhere wins."""
        self.explained.setdefault(place, reason)

    def account(self, document: Document) -> Account:
        """Balance the books. Raises AssertionError when something was carried that the source does not hold."""
        codes, statements = set(document.coded), set(document.statement_places)
        losses = [self._loss(document, "code", p) for p in document.coded if p not in self.carried]
        losses += [self._loss(document, "statement", p) for p in document.statement_places if p not in self.carried]
        account = Account(
            codes_read=len(document.coded),
            codes_carried=len(codes & self.carried),
            statements_read=len(document.statement_places),
            statements_carried=len(statements & self.carried),
            losses=tuple(losses),
        )
        assert account.balanced, "a place is counted twice"
        assert self.carried <= codes | statements | document.derived, (
            "the emitter carried a place that the source does not hold"
        )
        return account

    def _loss(self, document: Document, kind: str, place: Place) -> Loss:
        origin = document.locate(place)
        reason = self._taken_out(document, place) or self.explained.get(place) or self._default(document, place)
        code = None if reason in NAMELESS else origin.code
        in_body = kind == "statement" or place in document.body_coded
        return Loss(kind, origin.path, reason, origin.system, code, in_body)

    @staticmethod
    def _taken_out(document: Document, place: Place) -> Reason | None:
        if place in document.pseudonymised:
            return Reason.PSEUDONYMISED
        return Reason.NOT_ALLOWED if place in document.not_allowed else None

    @staticmethod
    def _default(document: Document, place: Place) -> Reason:
        if place in document.implied:
            return Reason.IMPLIED
        return Reason.UNREAD if place in document.unread else Reason.NOT_CARRIED
