"""``semantix review user``: who may sign in at the desk, and as what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from semantix_cli.options import as_json, lang
from semantix_cli.review_options import desk, open_desk, who
from semantix_cli.review_words import say

ROLES = ("reader", "author", "reviewer", "reconciler")
ROLE = click.Choice(ROLES)


@click.group(short_help="Manage the accounts of the desk.")
def user() -> None:
    """Manage the accounts of the desk. Without any, it is for this machine alone, by a one-time link.

    Each role may do what those before it may: reader (see), author (judge), reviewer (second look, bulk), reconciler
    (decide between two, reopen, accept automatically).

    \b
    Examples:
      semantix review user add alice --role reviewer
      semantix review user list
      semantix review user change alice --role reconciler
      semantix review user close alice
    """


@contextmanager
def _said_in(lang: str) -> Iterator[None]:
    """Say in the language of the user why something is refused."""
    from semantix.errors import ActionRefused
    from semantix.review.web.words_refusals import TEXTS as WORDS

    try:
        yield
    except ActionRefused as refused:
        words = WORDS.get(f"refused_{refused.key}")
        if lang != "fr" or words is None:
            raise
        raise ActionRefused(words[1], refused.key) from None


def _role_in(lang: str, role: str) -> str:
    """A role in words, with the name by which options call it."""
    from semantix.review.web.words_values import TEXTS as WORDS

    return f"{WORDS[f'role_{role}'][1]} ({role})" if lang == "fr" else role


def _password(from_stdin: bool, lang: str) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    words = say("repeat", lang)
    return str(click.prompt(say("password", lang), hide_input=True, confirmation_prompt=words, err=True))


STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")


@user.command(short_help="Add an account.")
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="What the person may do.")
@STDIN
@desk
@who
@lang
def add(name: str, role: str, password_stdin: bool, place: str, who: str, lang: str) -> None:
    """Add an account; the desk is made when it is not there. The password has 12 characters at least.

    \b
    Examples:
      semantix review user add alice --role author
      echo "four words are better" | semantix review user add bob --role reviewer --password-stdin
    """
    from semantix.review.model import Kind, Role

    with _said_in(lang), open_desk(place, create=True) as opened:
        opened.accounts.add(name, Role(role), _password(password_stdin, lang))
        opened.note_desk_event(who, Kind.USER_ADDED, {"name": name, "role": role})
    click.echo(say("user_added", lang, name=name, role=_role_in(lang, role)), err=True)


@user.command("list", short_help="List the accounts.")
@desk
@as_json
@lang
def list_(place: str, as_json: bool, lang: str) -> None:
    """List the accounts of the desk.

    \b
    Examples:
      semantix review user list
    """
    from semantix_cli.echo import echo_json
    from semantix_cli.tables import console, table_of

    with open_desk(place) as opened:
        people = opened.accounts.people()
    if as_json:
        echo_json(people)
    elif not people:
        click.echo(say("no_users", lang), err=True)
    else:
        heads = [say(key, lang) for key in ("name", "role", "active")]
        rows = [
            (each.name, _role_in(lang, each.role.value), say("yes" if each.active else "no", lang)) for each in people
        ]
        console().print(table_of(heads, rows))


@user.command(short_help="Change a role or a password.")
@click.argument("name")
@click.option("--role", type=ROLE, help="What the person may do from now on.")
@click.option("--password", "new_password", is_flag=True, help="Ask for a new password; the person is signed out.")
@STDIN
@click.option("--reopen", is_flag=True, help="Let the person sign in again after `close`.")
@desk
@who
@lang
def change(
    name: str,
    role: str | None,
    new_password: bool,
    password_stdin: bool,
    reopen: bool,
    place: str,
    who: str,
    lang: str,
) -> None:
    """Change the role or the password of an account.

    \b
    Examples:
      semantix review user change alice --role reconciler
      semantix review user change alice --password
    """
    from semantix.review.model import Kind, Role

    if not (role or new_password or password_stdin or reopen):
        raise click.UsageError("nothing to change: give --role, --password or --reopen")
    password = _password(password_stdin, lang) if new_password or password_stdin else None
    with _said_in(lang), open_desk(place) as opened:
        opened.accounts.change(
            name, role=Role(role) if role else None, password=password, active=True if reopen else None
        )
        detail = {"name": name} | ({"role": role} if role else {}) | ({"password": "new"} if password else {})
        opened.note_desk_event(who, Kind.USER_CHANGED, detail | ({"active": "yes"} if reopen else {}))
    click.echo(say("user_changed", lang, name=name), err=True)


@user.command(short_help="Close an account.")
@click.argument("name")
@desk
@who
@lang
def close(name: str, place: str, who: str, lang: str) -> None:
    """Close an account: the person is signed out and can no longer sign in; what they decided stays theirs.

    \b
    Examples:
      semantix review user close alice
    """
    from semantix.review.model import Kind

    with _said_in(lang), open_desk(place) as opened:
        opened.accounts.change(name, active=False)
        opened.note_desk_event(who, Kind.USER_CHANGED, {"name": name, "active": "no"})
    click.echo(say("user_changed", lang, name=name), err=True)
