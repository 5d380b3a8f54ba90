import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.emitters import fhir, omop
from semantix.errors import UnreadableInput
from semantix.parsers._claims import Piece
from semantix.parsers.pn13 import PARSER

LEAVES = """Ipp Sexe INS Statut_idpat Date_naissance Id_séjour Dh_prescription Code_rens_compl_1 Nombre Unité
Code_composant_1 Code_composant_3 Libellé_composant Voie_administration Forme Cré_arr_mod_val GoNogo Dh_début Dh_fin
Frq_échelle Frq_multiplicité Frq_durée Frq_libellé Fréquence Type_événement_début Evénement_début Evt_activité_code
Evt_opérateur Commentaire Urgent Id_élément_lié Type_liaison_élément""".split()
BRANCHES = """Patient Séjour Prescription Elément_prescr_médic Composant_prescrit Elément_posologie Quantité Durée
Rens_compl Valeur_rens_compl_1 Fréquence_structurée Evt_structuré_début Evénement_structuré Evt_objet Evt_activité
Elément_lié Quantité_composant_prescrite""".split()
WORDS = st.one_of(
    st.sampled_from(["1", "3", "4", "0.5", "20240308103000", "9216902", "VALI", "kg", "C", ""]), st.text(max_size=12)
)
LEAF = st.builds(
    lambda name, text, named: f"<{name}{named}>{_clean(text)}</{name}>",
    st.sampled_from(LEAVES),
    WORDS,
    st.sampled_from(["", ' Phast-nomenclature="N"']),
)
TREE = st.recursive(
    LEAF,
    lambda inside: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(BRANCHES),
        st.lists(inside, max_size=5),
    ),
    max_leaves=25,
)


def _clean(text):
    return "".join(c for c in text if c.isprintable() and c not in "<>&" and ord(c) < 0xD800)


@settings(max_examples=60)
@given(st.lists(TREE, max_size=6))
def test_any_tree_of_its_words_is_read_and_balances(parts):
    inside = "".join(parts)
    message = f"{inside}<Prescription>{inside}</Prescription>"
    text = f"<Messages><M_Prescription_médicaments>{message}</M_Prescription_médicaments></Messages>"
    for document in PARSER.read(Piece(data=text.encode(), name="p.xml", practice="clinique")):
        assert fhir.emit(document).ledger.account(document).balanced
        assert omop.emit(document).ledger.account(document).balanced


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_crash(data):
    PARSER.claims(data, "x")
    for one in (data, b"<Messages><M_Prescription_m\xc3\xa9dicaments>" + data):
        with contextlib.suppress(UnreadableInput):
            list(PARSER.read(Piece(data=one, name="p.xml")))
