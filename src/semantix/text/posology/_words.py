"""The words of French dosages, each with its class: one letter, so that a text becomes a word over these letters.

The value of a relation to meals ends in ``+`` when all meals are meant. A phrase stands without accents, in small
letters, hyphens and apostrophes between letters as spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Entry = tuple[tuple[str, ...], str, str]
"""The further words of a phrase, its class, its value."""

UNITS = """
comprimé: comprime comprimes cp cps cpr cprs comp comps compr comprimer comprimers comprim cpe cpes cprime
comprimé: cachet cachets
gélule: gelule gelules gel gels gell gellule gellules glu glle
capsule: capsule capsules caps
sachet: sachet sachets sach sachet_dose sachets_dose sachets_doses sacht
bouffée: bouffee bouffees bouf bouff bouffe bouffes bff
goutte: goutte gouttes gtt gtts gtte gttes gttt gte gtes
cuillère à café: cac cc c_a_c c_a_cafe cuillere_a_cafe cuilleres_a_cafe cuilleree_a_cafe cuillerees_a_cafe
cuillère à café: cuill_a_cafe
cuillère à café: cuil_a_cafe cuillere_cafe cuil_cafe
cuillère à soupe: cas cs c_a_s c_a_soupe cuillere_a_soupe cuilleres_a_soupe cuilleree_a_soupe cuillerees_a_soupe
cuillère à soupe: cuill_a_soupe cuil_a_soupe cuillere_soupe cuil_soupe
mesure: mesure mesures cuillere_mesure cuilleres_mesure cuilleres_mesures cuil_mesure dosette_graduee
mg: mg milligramme milligrammes
g: g gr gramme grammes
µg: µg ug mcg microgramme microgrammes gamma
ml: ml millilitre millilitres
UI: ui
unité: unite unites
ampoule: ampoule ampoules amp ampoule_buvable ampoules_buvables amp_buvable amp_buvables
suppositoire: suppositoire suppositoires suppo suppos supp
patch: patch patchs patches dispositif_transdermique
application: application applications appli applis applic app application_locale applications_locales
inhalation: inhalation inhalations inhal inh
dose: dose doses
dose-poids: dose_poids doses_poids dose_kg doses_kg dose_kilo dose_kilos dose_par_kg
injection: injection injections inj piqure piqures
unidose: unidose unidoses dosette dosettes monodose monodoses
pulvérisation: pulverisation pulverisations pulv pulve pulverisat pulverisa
ovule: ovule ovules
stylo: stylo stylos
seringue: seringue seringues seringue_preremplie
flacon: flacon flacons
pipette: pipette pipettes
pastille: pastille pastilles
lavement: lavement lavements
nébulisation: nebulisation nebulisations aerosol aerosols
lyophilisat: lyoc lyocs lyophilisat lyophilisats
gomme: gomme gommes
"""

PHRASES = """
F|0.5|un_demi une_demi demi un_demie une_demie la_moitie_d_un la_moitie_d_une
F|0.25|un_quart quart
F|0.75|trois_quarts trois_quart
H|0.5|et_demi et_demie
N|1|un une
N|2|deux
N|3|trois
N|4|quatre
N|5|cinq
N|6|six
N|7|sept
N|8|huit
N|9|neuf
N|10|dix
N|12|douze
N|14|quatorze
N|11|onze
N|13|treize
N|15|quinze
N|16|seize
N|17|dix_sept
N|18|dix_huit
N|24|vingt_quatre
N|25|vingt_cinq
N|40|quarante
N|48|quarante_huit
N|50|cinquante
N|72|soixante_douze
N|100|cent
N|20|vingt
N|21|vingt_et_un
N|30|trente
f||fois fs
x||x
p||par
r||prise prises
t||unique uniques seul seule
1||dose_unique dose_unitaire_unique administration_unique usage_unique
1|prise|prise_unique
u||d_emblee demblee en_dose_de_charge
n||en
a||a vers
o||ou
e||et & + ainsi_que
l||le la les l d de des du
y||au aux
T|d|jour jours j jrs jr journee
T|wk|semaine semaines sem sems
T|mo|mois
T|a|an ans annee annees
T|min|minute minutes min mn
h|h|heure heures h hr hrs
A|d|quotidien quotidienne quotidiens quotidiennes quotidiennement journalier journaliere
A|wk|hebdomadaire hebdomadaires hebdo
A|mo|mensuel mensuelle mensuellement
E||tous_les toutes_les ttes_les ts_les ttes tts_les toute_les tout_les tous_le toute_le
c||chaque chaques chq
M|MORN|matin matins mat matinee
M|NOON|midi midis
M|EVE|soir soirs soiree
M|AFT|apres_midi aprem
M|NIGHT|nuit nuits pendant_la_nuit
M|HS|coucher moment_du_coucher se_coucher
M|WAKE|lever reveil se_lever
M|FAST|a_jeun ajeun jeun
m||mms m_m_s m_m_et_s mat_mid_soir
G|M|petit_dejeuner petit_dej ptit_dej pdj pt_dej petit_dejeune repas_du_matin
G|D|dejeuner dej repas_de_midi repas_du_midi
G|V|diner souper repas_du_soir
G||repas
R|AC|avant avt
R|PC|apres apr
R|C|pendant_le pendant_les pendant_chaque pendant_la au_cours_du au_cours_des au_cours_de au_milieu_du au_milieu_des
R|C|au_milieu_de avec_le avec_les avec_chaque au_debut_du au_debut_des au_debut_de debut_de en_debut_de au_moment_du
R|C|au_moment_des au_moment_de durant_le durant_les lors_du lors_des pdt_le pdt_les pdt_chaque
R|C|pendant_l_un_des
R|PC|a_la_fin_du a_la_fin_des a_la_fin_de en_fin_de
R|IC|entre_les a_distance_des en_dehors_des en_dehors_du
W|mon|lundi lundis lun
W|tue|mardi mardis
W|wed|mercredi mercredis mer
W|thu|jeudi jeudis jeu
W|fri|vendredi vendredis ven
W|sat|samedi samedis sam
W|sun|dimanche dimanches dim
W|sat+sun|week_end weekend we week_ends
O||sauf excepte hormis sauf_le
L||pendant pendent pdt pdant durant pour pd pendt une_duree_de duree duree_de
s||sur
q||premier_jour 1er_jour
w||suivant suivants suivante suivantes restants
S||si_besoin si_necessaire sb si_besoins si_bsoin a_la_demande au_besoin en_cas_de_besoin si_nec en_cas_de_necessite
C||si en_cas_de en_cas_d lors_de_crises_de
X||max maxi maximum maximal maximale dose_maximale dose_max sans_depasser ne_pas_depasser maximum_de pas_plus_de
X||dose_maximum sans_jamais_depasser ne_jamais_depasser maxi_de sans_depasser_la_dose_de au_maximum
J||jusqu_a jusque
Z||qsp quantite_suffisante_pour
Y|AR|ar renouvelable renouvelables ordonnance_renouvelable
Y||a_renouveler renouveler a_renouv renouv
@|AR|non_renouvelable ne_pas_renouveler a_ne_pas_renouveler
#||boite boites bte btes
g||espacer espacees espaces espace espacer_les_prises a_espacer prises_espacees en_espacant_les_prises en_espacant
v||intervalle intervalles d_intervalle un_intervalle un_intervalle_de intervalle_de
<||minimum mini au_moins minimal minimale d_au_moins au_minimum
B||entre entre_chaque_prise entre_les_prises entre_deux_prises entre_les_doses entre_chaque
P||puis ensuite
Q||arret arreter stop arret_du_traitement
b||dans ds
D||en_traitement_de_fond en_traitement_continu traitement_de_fond au_long_cours a_vie en_continu
D||traitement_continu traitement_chronique ttt_de_fond
D||traitement_au_long_cours tt_de_fond
V|orale|per_os po voie_orale orale oral voie_buccale
V|sous-cutanée|sc sous_cutanee sous_cutane voie_sous_cutanee s_c sous_cutanees
V|intramusculaire|im intramusculaire voie_intramusculaire intra_musculaire i_m
V|intraveineuse|iv intraveineuse voie_intraveineuse intra_veineuse ivl ivd i_v
V|sublinguale|sublingual sublinguale sous_la_langue voie_sublinguale a_laisser_fondre_sous_la_langue
V|rectale|voie_rectale intra_rectal rectale rectal
V|vaginale|voie_vaginale vaginale vaginal intra_vaginal par_voie_vaginale
V|nasale|voie_nasale nasale nasal intranasal intra_nasal
V|locale|en_application_locale en_applications_locales application_cutanee voie_locale usage_local locale local
V|cutanée|voie_cutanee cutanee voie_transdermique
V|inhalée|voie_inhalee inhalee
I||oeil yeux oeil_droit oeil_gauche od og odg narine narines oreille oreilles oreille_droite oreille_gauche nez
I||oreille_atteinte oeil_atteint visage cou cuir_chevelu lesion lesions peau plaie plaies zone zones main mains pied
I||pieds jambe jambes bras genou genoux dos epaule epaules ongle ongles bouton boutons plaque plaques levres
I||douloureuse douloureuses atteinte atteintes atteint atteints droit droite gauche concernee concernees
I||region corps siege eczema bouche fesse fesses cuisse abdomen ventre articulation articulations partie parties
k||douleur douleurs fievre temperature t° temp crise crises toux nausee nausees vomissement vomissements diarrhee
k||diarrhees insomnie insomnies anxiete angoisse angoisses stress migraine migraines cephalee cephalees mal maux
k||tete gorge dos ventre allergie allergies allergique allergiques demangeaison demangeaisons prurit gene
k||essoufflement
k||dyspnee sifflement sifflements spasme spasmes crampe crampes constipation brulure brulures reflux rhinite urticaire
k||respiratoire thoracique thoraciques abdominale abdominales digestif digestifs asthme gastrique gastriques
k||persistante persistantes intense intenses importante importantes forte fortes persistance rebelle aigue aigues
k||agitation vertige vertiges rhume ecoulement nez bouche selle selles liquide liquides troubles sommeil saignement
k||saignements regles douloureuses symptomes symptome inflammation poussee poussees oppression gonflement
k||oedeme oedemes sensation remontee remontees acide acides acidite ballonnement ballonnements contracture
k||contractures
k||hypoglycemie hyperthermie febrile courbatures courbature nerveux nervosite palpitations otalgie colique coliques
>||> superieur_a superieure_a sup_a
°||° °c degres degre
i||avec_un_verre_d_eau avec_un_grand_verre_d_eau avec_de_l_eau dans_un_verre_d_eau dans_un_grand_verre_d_eau
i||dans_un_demi_verre_d_eau dans_un_peu_d_eau dans_de_l_eau avec_un_peu_d_eau a_croquer a_avaler a_sucer a_macher
i||a_laisser_fondre a_laisser_fondre_dans_la_bouche a_diluer dilue dissous a_dissoudre rincer_la_bouche_apres
i||se_rincer_la_bouche_apres bien_rincer_la_bouche rincer_la_bouche avec_chambre_d_inhalation
i||avec_une_chambre_d_inhalation en_couche_mince en_couche_epaisse en_fine_couche une_fine_couche fine_couche
i||en_massant en_massage leger_massage sans_croquer sans_macher ne_pas_croquer a_distance_des_autres_medicaments
i||a_heure_fixe a_heures_fixes a_la_meme_heure toujours_a_la_meme_heure
i||en_position_assise en_position_debout en_restant_debout sans_ecraser au_refrigerateur
i||a_avaler_sans_croquer avec_le_petit_verre apres_lavage_des_mains apres_nettoyage apres_lavage
i||en_alternance_des_bras
_||a_boire prendre prenez appliquer appliquez mettre posologie effervescent effervescents pellicule secable
_||orodispersible lp
_||traitement cure consecutifs consecutives d_affilee de_suite buvable buvables instiller inhaler
_||injecter a_prendre
_||a_appliquer reparti repartis reparties repartie a_repartir egales egale de_chaque a_changer lavage_de_nez
_||lavages_de_nez lavage_du_nez a_injecter a_instiller
_||environ_rien par_prise a_chaque_prise lavage lavages bien renouvellement_possible a_inhaler administrer
_||non_substituable ns a_faire faire pulveriser diviser divise divises s_v_p svp a_mettre a_poser poser changer
_||a_dissoudre_dans_la_bouche en_respectant respecter en_laissant il_faut vous_prendrez
_||merci a_partager de_facon_systematique systematique systematiquement
"""


def lexicon() -> Mapping[str, tuple[Entry, ...]]:
    """Phrases by their first word, the longest first."""
    found: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {}
    for line in UNITS.strip().splitlines():
        name, _, phrases = line.partition(": ")
        for phrase in phrases.split():
            _add(found, phrase, "U", name)
    for line in PHRASES.strip().splitlines():
        kind, value, phrases = line.split("|", 2)
        for phrase in phrases.split():
            is_plural = kind == "R" and phrase.endswith(("les", "des", "chaque"))
            _add(found, phrase, kind, value + "+" if is_plural else value)
    return MappingProxyType(
        {
            first: tuple(
                (rest, kind, value) for rest, (kind, value) in sorted(rests.items(), key=lambda x: (-len(x[0]), x[0]))
            )
            for first, rests in found.items()
        }
    )


def _add(found: dict[str, dict[tuple[str, ...], tuple[str, str]]], phrase: str, kind: str, value: str) -> None:
    first, *rest = phrase.split("_") if phrase != "_" else [phrase]
    found.setdefault(first, {}).setdefault(tuple(rest), (kind, value))
