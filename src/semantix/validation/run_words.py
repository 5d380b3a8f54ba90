"""What a run says of its own work on a file: findings that are not about a rule."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

MORE = RuleInfo(
    code="SX-RUN-01",
    severity=Severity.INFORMATION,
    title=("more findings of one kind than are listed", "plus de constats d’un même type qu’il n’en est listé"),
    found=("{count} more of {code}", "{count} autres de {code}"),
    expected=("", ""),
    fix=(
        "correct those that are listed, then check again: the cause is nearly always the same",
        "corriger ceux qui sont listés, puis relancer le contrôle : la cause est presque toujours la même",
    ),
    why=(
        "a file of a million rows may repeat one defect a million times; they are counted, the first are shown",
        "un fichier d’un million de lignes peut répéter un défaut un million de fois : les premiers sont montrés",
    ),
    source="semantix",
)
UNFINISHED = RuleInfo(
    code="SX-RUN-02",
    severity=Severity.WARNING,
    title=("a check could not be finished", "un contrôle n’a pas pu aller à son terme"),
    found=("checks on {topic} met a bug of semantix at {place}", "contrôles « {topic} » : défaut de semantix, {place}"),
    expected=("", ""),
    fix=(
        "report it to the authors of semantix with the place named; the other checks were made",
        "le signaler aux auteurs de semantix avec l’endroit indiqué ; les autres contrôles ont été faits",
    ),
    why=(
        "what was not checked is not said to conform",
        "ce qui n’a pas été contrôlé n’est pas dit conforme",
    ),
    source="semantix",
)
RULES = (MORE, UNFINISHED)
