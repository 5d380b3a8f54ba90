"""``semantix systems``: the code systems that semantix knows."""

from __future__ import annotations

import click

from semantix_cli.options import as_json


@click.command(short_help="List the known code systems.")
@as_json
def systems(as_json: bool) -> None:
    """List the code systems that semantix knows: name, OIDs, FHIR URI, OMOP vocabularies.

    A system that is not listed is not lost: its codes are written under urn:oid:<OID>.

    \b
    Examples:
      semantix systems
      semantix systems --json | jq '.[] | select(.key == "loinc")'
    """
    from semantix.systems import SYSTEMS

    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(SYSTEMS)).decode())
        return
    from semantix_cli.tables import print_table

    rows = [(s.title, "\n".join(s.oids), s.uri or f"urn:oid:{s.oids[0]}", ", ".join(s.omop) or "-") for s in SYSTEMS]
    print_table(("Name", "OID", "FHIR URI", "OMOP"), rows)
