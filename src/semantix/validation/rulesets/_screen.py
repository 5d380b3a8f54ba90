"""The last look at the message of an official rule before it is kept: a value may stand where a code should.

The engines leave out what may be a value by what an expression reads; a number of a person written in ``@code`` or in
``@codeSystem`` passes them. The words of the rules themselves hold nothing of the kind.
"""

from __future__ import annotations

import re

from semantix.validation.code_forms import may_be_shown

HIDDEN = "…"
LONGEST = 90
"""Characters of the longest word of an official rule, a path of elements, and some more."""
_WORD = re.compile(r"""[^\s"'\[\](),;«»“”]+""")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_RUNS = re.compile(
    r"(?<![0-9A-Za-z])[0-9][0-9AB]{7,}(?![0-9A-Za-z])|(?<![\w.])[0-9]{1,4}(?:[-/.][0-9]{1,4}){2,4}(?![\w.])"
)
_SPACED = re.compile(
    r"(?<![0-9.])[1-478] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{2})?(?![0-9.])"
)


def screened(message: str) -> str:
    """The message with ``…`` for what looks like a number of a person, a date, a phone number or an address."""
    message = _SPACED.sub(_run, _ADDRESS.sub(HIDDEN, message))
    return _WORD.sub(_word, _RUNS.sub(_run, message))


def _run(found: re.Match[str]) -> str:
    return found[0] if may_be_shown(found[0].replace(" ", ""), LONGEST) else HIDDEN


def _word(found: re.Match[str]) -> str:
    return found[0] if len(found[0]) <= LONGEST else HIDDEN
