"""One PN13 prescription as a document: patient, stay, prescriber, measures, and a treatment a line.

Source: PN13-IS; Interop'Santé, "Guide d'implémentation du médicament", transformation PN13 to FHIR.
"""

from __future__ import annotations

from collections.abc import Iterator

from semantix import systems
from semantix.identifiers import ins_of
from semantix.model import (
    Address,
    Concept,
    Document,
    EncompassingEncounter,
    ExternalReference,
    Facility,
    Identifier,
    Medication,
    Name,
    NamePart,
    Note,
    Observation,
    Organization,
    PartialDate,
    Party,
    Patient,
    Section,
    Severity,
    Statement,
    TimeSpan,
    Value,
)
from semantix.parsers._book import digest, source_of
from semantix.parsers._claims import Piece
from semantix.parsers.pn13.desk import Desk
from semantix.parsers.pn13.names import FORMAT
from semantix.parsers.pn13.posology import posology
from semantix.parsers.pn13.products import is_fixed, product
from semantix.parsers.pn13.tree import Node

NOT_QUALIFIED = "SX433"
GENDER = "2.16.840.1.113883.5.1"
LOINC = "2.16.840.1.113883.6.1"
_SUBSTITUTION = "2.16.840.1.113883.5.1070"
_PRIORITY = "2.16.840.1.113883.5.7"
_SEXES = {"M": "M", "F": "F", "U": "U", "O": "UN"}
_MEASURES = {
    "1": ("29463-7", "Poids corporel", "vital-sign"),
    "2": ("8302-2", "Taille corporelle", "vital-sign"),
    "3": ("8277-6", "Surface corporelle", "observation"),
}
"""SIPh_RensComplement to LOINC. Code 5 stays local: the guide says clearance, messages give a concentration."""
_STATUS = {"1": "held", "2": "active", "3": "active", "4": "cancelled"}
_STOPPED = "A"
_NO, _YES = frozenset({"0", "false"}), frozenset({"1", "true"})
_RPPS = 11


class Prescription:
    """One ``M_Prescription_médicaments`` being read."""

    def __init__(self, message: Node, piece: Piece, number: int) -> None:
        self.message = message
        self.piece = piece
        self.number = number
        self.desk = Desk(piece.practice)
        self.order = message.first("prescription") or Node("prescription", f"{message.path}/prescription", "", {}, {})

    def document(self, root: Node, doubt: str) -> Document:
        """Read it all, then count what the source holds."""
        desk, book, message = self.desk, self.desk.book, self.message
        if doubt:
            book.doubt("SX431", "messages", doubt)
        written = desk.when(self.order.first("dh_prescription"))
        statements = (*self._measures(), *self._lines(written))
        path = self.order.path
        section = Section(at=book.spot(path), path=path, title="Prescription", statements=statements)
        header = {
            "patient": self._patient(),
            "encounter": self._encounter(),
            "parties": self._parties(written),
            "time": written or desk.when(_sending(root)),
        }
        unread = desk.count(message)
        desk.close()
        content = "\x1f".join(_flat(message))
        return book.document(
            source_of(self.piece.data, self._name(), "text/xml"),
            format=FORMAT,
            ids=self._ids(root, content),
            code=book.concept("messages", book.derived("messages", "57833-6", LOINC, "Prescription médicamenteuse")),
            title="Prescription de médicaments",
            sections=(section,) if statements else (),
            sender=self.piece.practice or None,
            unread=unread,
            **header,
        )

    def _name(self) -> str:
        return self.piece.name if self.number == 1 else f"{self.piece.name}!/{self.number}"

    def _ids(self, root: Node, content: str) -> tuple[Identifier, ...]:
        """The identity of the content, then the number of the message that carried it."""
        own = Identifier("urn:semantix:document", digest((self.piece.practice, content)))
        number = root.attributes.get("phast-id_message", "")
        return (own, Identifier(self.desk.root("message"), number)) if number else (own,)

    # --- who and where ------------------------------------------------------------------------------------------

    def _patient(self) -> Patient:
        desk, book = self.desk, self.desk.book
        node = self.message.first("patient")
        if node is None:
            return Patient(at=book.spot("patient"), path="patient")
        sex = node.first("sexe")
        place = node.word("lieu_naissance")
        return Patient(
            at=book.spot(node.path),
            path=node.path,
            ids=tuple(self._numbers(node)),
            names=_names(node),
            gender=self._gender(sex) if sex is not None and sex.text else None,
            birth=desk.born(node.first("date_naissance")),
            birth_place=Address((("county", place),)) if place else None,
        )

    def _numbers(self, node: Node) -> Iterator[Identifier]:
        """The INS when the identity is said to be qualified, then the number of the establishment."""
        number, status = node.word("ins"), node.word("statut_idpat")
        if number:
            ins = ins_of(number, node.word("ins_oid"), status)
            if ins is not None:
                yield ins
            else:
                words = "an INS was left out: its Statut_idpat is not VALI, or its number is not one"
                self.desk.book.doubt(NOT_QUALIFIED, f"{node.path}/ins", words, Severity.INFORMATION)
        local = node.word("ipp")
        if local:
            yield Identifier(_domain(node.word("di")) or self.desk.root("patient"), local)

    def _gender(self, node: Node) -> Concept:
        book = self.desk.book
        known = _SEXES.get(node.text.upper())
        if known == node.text.upper():
            coding = self.desk.coding(node, code=known, system=GENDER, in_body=False)
            self.desk.imply(node)
            return book.concept(node.path, coding)
        meant = (book.derived(node.path, known, GENDER),) if known else ()
        return book.concept(node.path, *meant, self.desk.coding(node, in_body=False))

    def _encounter(self) -> EncompassingEncounter | None:
        """The stay, in the unit that answers for the patient, or where the patient is."""
        node = self.message.first("sejour")
        number = node.word("id_sejour") if node is not None else ""
        facility = self._facility()
        if not number and facility is None:
            return None
        path = node.path if node is not None else f"{self.message.path}/sejour"
        domain = _domain(node.word("di_sejour")) if node is not None else None
        ids = (Identifier(domain or self.desk.root("visit"), number),) if number else ()
        return EncompassingEncounter(at=self.desk.book.spot(path), path=path, ids=ids, facility=facility)

    def _facility(self) -> Facility | None:
        desk, book = self.desk, self.desk.book
        lodging, ward = self.order.first("unite_hebergement"), self.order.first("unite_resp_medicale")
        where = desk.concept(lodging, in_body=False)
        organization = None
        if ward is not None and ward.text:
            organization = Organization(
                at=book.spot(ward.path),
                path=ward.path,
                ids=(Identifier(desk.system(ward), ward.text),),
                names=(ward.meaning or ward.text,),
                type=desk.concept(ward, in_body=False),
            )
        if where is None and organization is None:
            return None
        path = lodging.path if lodging is not None and lodging.text else f"{self.order.path}/unite"
        return Facility(book.spot(path), path, code=where, organization=organization)

    def _parties(self, written: PartialDate | None) -> tuple[Party, ...]:
        """The prescribers of the lines as authors of the whole, each once; the practice as custodian."""
        found: dict[object, Party] = {}
        for line in self.order.all("element_prescr_medic"):
            one = self._prescriber(line, written, "author")
            if one is not None:
                found.setdefault((one.ids, one.names), one)
        return (*found.values(), *self._keeper())

    def _keeper(self) -> tuple[Party, ...]:
        practice, book = self.piece.practice, self.desk.book
        if not practice:
            return ()
        ids = (Identifier("urn:semantix:practice", practice),)
        keeper = Organization(at=book.spot("practice"), path="practice", ids=ids, names=(practice,))
        return (Party(at=book.spot("practice/party"), path="practice/party", role="custodian", organization=keeper),)

    def _prescriber(self, line: Node, written: PartialDate | None, use: str = "line") -> Party | None:
        node = line.first("identification_prescripteur")
        number = node.word("identifiant") if node is not None else line.word("id_prescripteur")
        name = _person(node) if node is not None else ()
        if not number and not name:
            return None
        book = self.desk.book
        path = f"{line.path}/prescripteur/{use}"
        return Party(
            at=book.spot(path),
            path=f"{line.path}/prescripteur",
            role="author",
            class_code="ASSIGNED",
            time=book.at(f"{path}/dh_prescription", written),
            ids=(self._professional(node, number),) if number else (),
            names=name,
        )

    def _professional(self, node: Node | None, number: str) -> Identifier:
        domain = node.first("domaine_identification") if node is not None else None
        self.desk.imply(domain)
        national = len(number) == _RPPS + 1 and number.startswith("8") and number.isdigit()
        if national:
            return Identifier(systems.PS_ID_NAT, number)
        root = _domain(domain.text) if domain is not None else None
        return Identifier(root or self.desk.root("professional"), number)

    # --- statements ---------------------------------------------------------------------------------------------

    def _measures(self) -> Iterator[Statement]:
        for node in self.order.all("rens_compl"):
            found = self._measure(node)
            if found is not None:
                yield found

    def _measure(self, node: Node) -> Observation | None:
        desk, book = self.desk, self.desk.book
        code = next((one for name, held in node.children.items() for one in held if name.startswith("code_rens")), None)
        given = next((one for name, held in node.children.items() for one in held if name.startswith("valeur_")), None)
        value: Value | None = desk.quantity(given)
        if value is None and given is not None and given.text:
            value = book.text(given.path, given.text)
        if code is None or not code.text or value is None:
            return None
        known = _MEASURES.get(code.text)
        written = desk.coding(code, system=desk.system(Node("code_rens_compl", "", "", code.attributes, {})))
        meant = (book.derived(code.path, known[0], LOINC, known[1]),) if known else ()
        when = desk.when(node.first("dh_rens_compl")) or desk.when(node.first("dh_enreg_rens_compl"))
        return Observation(
            at=book.statement(node.path),
            path=node.path,
            kind=known[2] if known else "observation",
            code=book.concept(code.path, *meant, written),
            status="completed",
            time=book.at(f"{node.path}/dh_rens_compl", when),
            values=(value,),
        )

    def _lines(self, written: PartialDate | None) -> Iterator[Statement]:
        for line in self.order.all("element_prescr_medic"):
            yield self._line(line, written)

    def _line(self, line: Node, written: PartialDate | None) -> Medication:
        desk, book = self.desk, self.desk.book
        span = self._span(line)
        told = posology(desk, line, span)
        number = line.word("id_element_prescr")
        prescriber = self._prescriber(line, written)
        return Medication(
            at=book.statement(line.path),
            path=line.path,
            kind="medication",
            mood="RQO",
            intent="prescribed",
            ids=(self._line_id(number),) if number else (),
            code=desk.concept(line.first("type_element_prescr")),
            status=self._status(line),
            time=span,
            text=line.word("libelle_element_prescr") or None,
            priority=self._priority(line),
            parties=(prescriber,) if prescriber is not None else (),
            product=product(desk, line),
            dosages=told.dosages,
            pharmacist_instructions=("Ne pas fournir",) if line.word("fourniture") in _NO else (),
            substitution=self._substitution(line),
            notes=tuple(self._notes(line, told.remarks)),
            references=tuple(self._linked(line)),
        )

    def _line_id(self, number: str) -> Identifier:
        return Identifier(self.desk.root("prescription"), number)

    def _span(self, line: Node) -> TimeSpan | None:
        """From the beginning to the end of the line; what was asked for stands where what is applied is not told."""
        desk = self.desk
        start = desk.when(line.first("dh_debut")) or desk.when(line.first("dh_debut_prescrite"))
        end = desk.when(line.first("dh_fin")) or desk.when(line.first("dh_fin_prescrite"))
        return desk.book.between(f"{line.path}/dh_debut", start, end)

    def _status(self, line: Node) -> str | None:
        """Stopped by the line itself, else what ``GoNogo`` says, else active."""
        change, go = line.first("cre_arr_mod_val"), line.first("gonogo")
        self.desk.imply(change)
        self.desk.imply(go)
        if change is not None and change.text.upper() == _STOPPED:
            return "aborted"
        if go is not None and go.text:
            return _STATUS.get(go.text)
        return "active"

    def _priority(self, line: Node) -> Concept | None:
        if line.word("urgent").lower() not in _YES:
            return None
        path = f"{line.path}/urgent"
        return self.desk.book.concept(path, self.desk.book.derived(path, "UR", _PRIORITY))

    def _substitution(self, line: Node) -> Concept | None:
        if not is_fixed(line):
            return None
        path = f"{line.path}/non_substituable"
        return self.desk.book.concept(path, self.desk.book.derived(path, "N", _SUBSTITUTION))

    def _notes(self, line: Node, remarks: tuple[str, ...]) -> Iterator[Note]:
        book = self.desk.book
        held = (
            ("Indication : ", line.first("indication")),
            ("Conditions d'application : ", line.first("conditions_application")),
            ("Motif d'attente : ", line.first("motif_attente")),
            ("", line.first("commentaire")),
            ("", line.first("commentaire_structure", "texte")),
            ("Commentaire de la prescription : ", self.order.first("commentaire")),
            ("", self.order.first("commentaire_structure", "texte")),
            *(("", one.first("commentaire")) for one in line.all("composant_prescrit")),
        )
        for prefix, node in held:
            if node is not None and node.text:
                yield Note(f"{prefix}{node.text}", book.spot(node.path))
        for text in remarks:
            yield Note(text, book.spot(f"{line.path}/element_posologie"))

    def _linked(self, line: Node) -> Iterator[ExternalReference]:
        for node in line.all("element_lie"):
            number = node.word("id_element_lie")
            if number:
                code = self.desk.concept(node.first("type_liaison_element"))
                yield ExternalReference(self.desk.book.spot(node.path), "REFR", (self._line_id(number),), code=code)


def _flat(message: Node) -> Iterator[str]:
    return (f"{node.path}={node.text}|{sorted(node.attributes.items())}" for node in message.walk())


def _sending(root: Node) -> Node | None:
    text = root.attributes.get("phast-dh_emission", "")
    return Node("dh_emission", f"{root.path}/dh_emission", text, {}, {}) if text else None


def _domain(text: str) -> str | None:
    """An identification domain that is an OID."""
    text = text.removeprefix("urn:oid:")
    parts = text.split(".")
    return text if len(parts) > 2 and all(part.isascii() and part.isdigit() for part in parts) else None


def _names(node: Node) -> tuple[Name, ...]:
    """Birth name, first given name of the birth certificate, all given names, and the names in use."""
    parts: list[NamePart] = []
    for name, kind, qualifier in (
        ("nom_naissance", "family", "BR"),
        ("premier_prenom", "given", "BR"),
        ("nom_usuel", "family", "CL"),
        ("prenom_usuel", "given", "CL"),
    ):
        text = node.word(name)
        if text:
            parts.append(NamePart(kind, text, qualifier))
    parts += [NamePart("given", each) for each in node.word("prenoms").split()]
    return (Name(tuple(parts)),) if parts else ()


def _person(node: Node) -> tuple[Name, ...]:
    family = node.word("nom_usage") or node.word("nom_famille")
    given = node.word("prenom_usage") or node.word("prenoms")
    pairs = (("family", family), ("given", given), ("prefix", node.word("titre") or node.word("civilite")))
    parts = tuple(NamePart(kind, text) for kind, text in pairs if text)
    return (Name(parts),) if family or given else ()
