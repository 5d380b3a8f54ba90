"""Portability archives made for tests: synthetic patients, a manifest that tells the truth unless it is told not to."""

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

SUBSET = "IHE_XDM/SUBSET01"
NAME = "PA20260613T101500.ZIP"

CDA = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Document synthétique : patient fictif, écrit pour semantix. -->
<ClinicalDocument xmlns="urn:hl7-org:v3">
 <realmCode code="FR"/>
 <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
 <templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
 <id root="2.25.{number}"/>
 <code code="11488-4" displayName="Compte rendu de consultation" codeSystem="2.16.840.1.113883.6.1"/>
 <title>{title}</title>
 <effectiveTime value="20260612101500+0200"/>
 <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
 <languageCode code="fr-FR"/>
 <recordTarget><patientRole>
  <id root="2.25.990001" extension="SYN-{patient:05d}"/>
  <patient>
   <name><family qualifier="BR">FICTIF-{patient:05d}</family><given>CAMILLE</given></name>
   <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
   <birthTime value="19800102"/>
  </patient>
 </patientRole></recordTarget>
 <author><time value="20260612101500+0200"/><assignedAuthor>
  <id root="1.2.250.1.71.4.2.1" extension="899900001217"/>
  <assignedPerson><name><family>SPECIMEN</family></name></assignedPerson>
 </assignedAuthor></author>
 <custodian><assignedCustodian><representedCustodianOrganization>
  <id root="1.2.250.1.71.4.2.2" extension="1990000119"/><name>Cabinet de la Place Fictive</name>
 </representedCustodianOrganization></assignedCustodian></custodian>
 <component><structuredBody><component><section>
  <templateId root="1.3.6.1.4.1.19376.1.5.3.1.3.6"/>
  <code code="11450-4" codeSystem="2.16.840.1.113883.6.1" displayName="Problèmes actifs"/>
  <title>Problèmes</title>
  <text>{text}</text>
 </section></component></structuredBody></component>
</ClinicalDocument>
"""


def cda(patient: int, number: int = 1) -> bytes:
    """One small document of a synthetic patient."""
    words = {"title": f"Consultation {number}", "text": "Rhinite saisonnière (texte inventé)."}
    return CDA.format(patient=patient, number=patient * 1000 + number, **words).encode()


def _slot(name: str, value: str) -> str:
    return f'<rim:Slot name="{name}"><rim:ValueList><rim:Value>{value}</rim:Value></rim:ValueList></rim:Slot>'


def metadata(documents: dict[str, bytes]) -> bytes:
    """The METADATA.XML of a submission set of XML documents."""
    entries = "".join(
        f'<rim:ExtrinsicObject id="d{n}" mimeType="text/xml">'
        + _slot("URI", name)
        + _slot("size", str(len(data)))
        + _slot("hash", hashlib.sha1(data, usedforsecurity=False).hexdigest())
        + "</rim:ExtrinsicObject>"
        for n, (name, data) in enumerate(documents.items(), start=1)
    )
    return (
        '<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"'
        ' xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        f"<rim:RegistryObjectList>{entries}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
    ).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of these members, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 6, 13, 10, 15, 0)), data)
    return out.getvalue()


def patient_archive(patient: int, documents: int = 1) -> bytes:
    """The IHE XDM archive of a patient, with the renderings that people read."""
    written = {f"DOC{n:05d}.XML": cda(patient, n) for n in range(1, documents + 1)}
    return zipped(
        {
            "INDEX.HTM": b"<html><body>Archive d'essai</body></html>",
            "README.TXT": b"Archive d'essai\r\n",
            f"{SUBSET}/METADATA.XML": metadata(written),
            **{f"{SUBSET}/{name}": data for name, data in written.items()},
            **{f"PDF/{name[:-3]}PDF": b"%PDF-1.4\n%%EOF\n" for name in written},
        }
    )


def transverse_archive() -> bytes:
    """What belongs to the practice: an agenda and a trace."""
    agenda = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//essai//FR\r\nEND:VCALENDAR\r\n"
    return zipped({"README.TXT": b"Essai\r\n", "TRANSVERSE/AGENDA.ICS": agenda, "TRANSVERSE/TRACES.LOG": b"<34>1 -\n"})


@dataclass
class Portability:
    """The members of an archive, and what its manifest says of them; change either to damage it."""

    patients: int = 2
    documents: int = 1
    status: str = "COMPLETE"
    members: dict[str, bytes] = field(default_factory=dict)
    listed: list[dict[str, str]] = field(default_factory=list)
    counts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.members = {"TRANSVERSE.ZIP": transverse_archive()}
        for patient in range(1, self.patients + 1):
            self.members[f"PAT{patient:05d}.ZIP"] = patient_archive(patient, self.documents)
        self.listed = [entry(name, data) for name, data in self.members.items()]
        self.counts = {"patientArchiveCount": str(self.patients), "transverseArchiveCount": "1"}

    def manifest(self) -> bytes:
        """MANIFEST.XML as the page of the guide writes it, but well-formed."""
        archives = "".join(f"<Archive>{_elements(one)}</Archive>" for one in self.listed)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Manifest>'
            "<exportId>0f1c6a52-0000-4000-8000-000000000001</exportId><exportType>MASSIF</exportType>"
            f"<exportStatus>{self.status}</exportStatus><comments>Export d'essai</comments>"
            "<author><lgcSoftwareVendor><name>Éditeur fictif</name><idNatStruct>1990000119</idNatStruct>"
            "<contact><name>Service d'essai</name></contact></lgcSoftwareVendor></author>"
            f"<statistics>{_elements(self.counts)}</statistics><Archives>{archives}</Archives></Manifest>"
        ).encode()

    def all_members(self) -> dict[str, bytes]:
        """Every member of the archive, in its order."""
        return {
            "README.TXT": b"Archive de portabilite d'essai\r\n",
            "MANIFEST.XML": self.manifest(),
            "SIGN.XML": b"<Signature/>",
            "DOCUMENTATION/DICO.TXT": b"Dictionnaire\r\n",
            **self.members,
        }

    def data(self) -> bytes:
        """The archive itself."""
        return zipped(self.all_members())


def _elements(fields: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())


def entry(name: str, data: bytes) -> dict[str, str]:
    """How the manifest lists one archive."""
    stem = name.removesuffix(".ZIP")
    is_patient = stem.startswith("PAT")
    fields = {"type": "Patient" if is_patient else "Transverse", "archiveid": stem if is_patient else "TRANSV"}
    if is_patient:
        fields["patientId"] = "299019999999999^^^&1.2.250.1.213.1.4.10&ISO^NH"
    return {**fields, "size": str(len(data)), "hash": hashlib.sha256(data).hexdigest()}
