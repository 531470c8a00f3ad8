# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The errors a user sees. Private to the collection.

One family: each has a `code` that programs (and tests) rely on and a text for people that says what is wrong, where, and what to do next.
`run(params)` of a module raises them; the edge of the module, or of the action plugin, turns them into a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ._text import cleaned


class AutotaskError(Exception):
    """Something a user can act on. `code` is stable, the text is not; nothing is in it that can't be shown, whatever it quotes."""

    code = "error"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(cleaned(message))
        if code:
            self.code = code


class InputError(AutotaskError):
    """The input is invalid. `place` leads from the option's name to the value, such as `settings > CRM > Notes`; `errors` are all that this one tells of."""

    code = "input"

    def __init__(self, place: Iterable[str], message: str, code: str | None = None) -> None:
        self.place, self.message = tuple(place), message
        self.errors: tuple[InputError, ...] = (self,)
        super().__init__(f"{' > '.join(self.place)}: {message}", code)

    def below(self, place: Iterable[str]) -> InputError:
        """The same error, found by what didn't know that it looked at something below this place."""
        return InputError((*place, *self.place), self.message, self.code)


class InputErrors(InputError):
    """Several errors at once, a line each."""

    def __init__(self, errors: Iterable[InputError], code: str) -> None:
        found = tuple(errors)
        super().__init__((), "", code)
        self.errors, self.message = found, "\n".join(str(error) for error in found)
        self.args = (self.message,)

    def below(self, place: Iterable[str]) -> InputErrors:
        """See `InputError`."""
        above = tuple(place)
        return InputErrors([error.below(above) for error in self.errors], self.code)


def raise_all(errors: Iterable[InputError]) -> None:
    """Raises InputError for what is wrong: the one error as it is, several as one, with their code where they agree. Nothing is raised for none."""
    found = list({str(one): one for error in errors for one in error.errors}.values())
    codes = {error.code for error in found}
    if len(found) == 1:
        raise found[0]
    if found:
        raise InputErrors(found, codes.pop() if len(codes) == 1 else "several")


def errors_of(check: Callable[..., object], *arguments: Any) -> tuple[InputError, ...]:
    """What a function that raises InputError has to say; none where it raises nothing."""
    try:
        check(*arguments)
    except InputError as error:
        return error.errors
    return ()


class RequestError(AutotaskError):
    """A REST request that did not do what was asked."""

    code = "request"


class Unauthorized(RequestError):
    """401. Autotask does not say which of several things is wrong."""

    code = "unauthorized"


class Forbidden(RequestError):
    """The security level, or a module that is switched off, does not allow it."""

    code = "forbidden"


class NotFound(RequestError):
    """The record is not there, or not for this user."""

    code = "not_found"


class Rejected(RequestError):
    """Autotask refused the values that were sent."""

    code = "rejected"


class Unreachable(RequestError):
    """No usable answer: network, TLS, or a server error that repeated itself."""

    code = "unreachable"


class BudgetSpent(RequestError):
    """The tenant's hourly request budget is nearly used up; going on would starve its other integrations."""

    code = "budget"
