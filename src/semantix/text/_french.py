"""How French a word with signs beyond ASCII looks: the only judge of encodings here, by hand and the same everywhere.

A short list of frequent French and medical words gives the contexts in which an accented letter stands; a word is
scored letter by letter on them. Nothing is learnt from data, and a word outside the list is judged by its contexts.
"""

from __future__ import annotations

import unicodedata

WORDS = frozenset(
    """
    à là déjà voilà delà deçà où même mêmes être été étés étée étaient était étant êtes après très près auprès dès
    mère père frère bébé né née nés nées âge âgé âgée âgés âgées année années santé médecin médecine médecins
    médical médicale médicaux médicament médicaments médicamenteux médicamenteuse hôpital hôpitaux clôture clôturé
    côté côtés contrôle contrôles contrôlé contrôlée contrôler bientôt plutôt tôt dépôt symptôme symptômes diplôme
    rôle côlon fantôme tête têtes fenêtre arrêt arrêts arrêté arrêter intérêt prêt prêts enquête fête bête extrême
    extrêmes suprême fièvre fièvres fébrile fébricule glycémie glycémies glycémique hyperglycémie hypoglycémie
    cholestérol triglycérides créatinine créatininémie hémoglobine hémoglobines hématies hématocrite hématologie
    hématome hématurie hémorragie hémorragique hémorroïdes hémogramme hémostase hépatite hépatique hépatiques
    hémoculture hémodialyse héparine hérédité leucémie anémie anémies ischémie ischémique bactériémie natrémie
    kaliémie calcémie urémie uricémie septicémie protéine protéines protéinurie protéique protéinémie lipémie
    bilirubinémie ferritinémie insulinémie numération éosinophiles polynucléaires réticulocytes érythrocytes
    érythème érythémateux érythroblastes volémie électrophorèse électrolytes électrocardiogramme écho échographie
    échographique écg épithéliales élevé élevée élevés élevées élément éléments élimination équilibre équilibré
    équilibrée équilibrer épaule épaules épigastrique épilepsie épileptique épisode épisodes épistaxis éruption
    érosion étude études état états étage étiologie évaluation évolution évoque évoquer éviter évident évidente
    éventuel éventuelle éventuellement également énergie énergique énurésie éducation école écoulement écart échec
    échecs échelle échantillon échantillons écrit épreuve éthylisme éthylique étranger étroit éclair éliminer
    établi établissement étendue éternuement bactérie bactéries bactériologie bactériologique bactérien
    bactérienne prélèvement prélèvements prélevé prélevée précoce précis précise préciser précisé précédent
    précédente précédents précédentes présence présent présente présenté présentée préventif prévention prévoir
    prévu prévue prénom prénoms préalable préparation présentation prématuré prémédication prépuce présumé préféré
    préférence résultat résultats référence références réf réalisé réalisée réaliser réaction réactions réactive
    réaliste régime région régional régulier régulière régulièrement rénal rénale rénaux rénales réponse répondre
    répété répétée répéter récent récente récents récemment récepteur récidive récidivant récidivante rétention
    rétinopathie rétine réserve réserves résistance résistant résistante résection réduction réduit réduite
    réticulé rééducation réévaluer rééquilibrer réévaluation réséqué révèle révélé révision réveil réanimation
    réfractaire réflexe réflexes réglé réglée règle règles rétrécissement rétrosternale répartition détecté
    détection détermination déterminer défaut défavorable déficit déficience définitif définitive définition
    dégénératif dégénérative dégénérescence délai délais délivré démarche démence dénutrition départ dépassé
    dépendance dépistage dépister dépression dépressif dépressive dérivé dérivés dérivation désinfection désir
    désirée désormais déséquilibre déséquilibré désensibilisation désaturation détail détaillé détresse
    développement développer déviation décès décédé décédée décembre décision déclaré déclaration découverte
    découvert décrit décrite décroissance décompensation décompensée déformation déambulation déglutition
    déshydratation désorientation dénomination dénué février août numéro numéros téléphone téléphonique référent
    médiane légère léger légèrement légers liés lié liée clé clés bloqué créé créer crée idée idées entrée entrées
    durée durées journée matinée soirée montée diarrhée diarrhées dyspnée apnée apnées orthopnée céphalée
    céphalées nausées nausée aménorrhée dysménorrhée cornée trachée rhinorrhée périnée gonorrhée logorrhée cavité
    qualité quantité activité densité unité unités intensité sévérité spécificité sensibilité obésité immunité
    fragilité mobilité facilité difficulté difficultés anxiété satiété société perméabilité tonalité totalité
    localité capacité vérité acidité sécurité extrémité extrémités proximité conformité normalité maternité
    toxicité mortalité parité gravité stabilité stérile stériles stérilité stérilisation spécialité spécialiste
    spécialisé spécifique spécifiques spécimen sérologie sérologies sérologique sérique sériques sérum séance
    séances sécrétion sécrétions sédiment sédimentation sédentaire séjour séparé séparée série sévère sévères
    séquelles séquelle séquence sénile séborrhée séborrhéique séreux sélection trouvé trouvée vérifier vérifié
    véhicule véritable vésicule vésiculaire vésical végétation vécu vénérien traité traitée traités traitées
    pénicilline pénicillines céphalosporine céphalosporines paracétamol bêtabloquant bêtabloquants bêta
    lévothyroxine thyroïde thyroïdien thyroïdienne thyroïdite corticoïdes stéroïdes rhumatoïde opioïdes opiacés
    naïf naïve haïr maïs caïeux coïncidence égoïste hyaloïde sigmoïde sigmoïdite mastoïde parathyroïde scaphoïde
    deltoïde thyréostimuline thyréostimulante scléroïde hémorroïde hémorroïdaire chéloïde cricoïde aiguë aiguës
    contiguë ambiguë exiguë noël œdème œdèmes œil œsophage œsophagien œsophagienne œsophagite œstrogène œstrogènes
    œstradiol œuf œufs œuvre cœur sœur sœurs vœu nœud nœuds bœuf fœtus fœtal fœtale cœliaque cœlioscopie
    cœliochirurgie mœurs problème problèmes système systèmes systématique thème schéma schémas mètre mètres
    kilomètre centimètre millimètre périmètre périmètres paramètre paramètres diamètre diamètres artère artères
    artériel artérielle artérielles uretère urétéral urètre urétral urétrite ulcère ulcères ulcéré ulcération
    sphère viscère cancéreux critère critères caractère caractères dernière première premières manière matière
    matières lumière infirmière entière particulière particulièrement complète complètement complété compléter
    discrète discrètement secrète obsolète diabète diabètes diabétique diabétiques diabétologue athlète hygiène
    hygiénique gène gènes gêne gêné gênée gêner gênant oxygène oxygéné oxygénothérapie allergène allergènes
    pathogène pathogènes carcinogène hydrogène scène collagène antigène antigènes antigénique phénomène phénomènes
    hyménoptères siège sièges piège privilège collège algèbre chèvre lèvre lèvres lèpre lésion lésions légume
    vertèbre vertèbres vertébral vertébrale cérébral cérébrale cérébraux cérébelleux cérumen célibataire cécité
    césarienne cétones cétonurie cétose céleri espèce espèces pièce pièces nièce succès accès excès procès abcès
    progrès congrès exprès repère repères légèreté sincères sincèrement règlement réglementaire fidèle modèle
    modèles parallèle parallèlement zèle grêle grêles frêle mêlé bêler pêche pêches tâche tâches lâche mâchoire
    mâcher mâle mâles bâtiment pâleur pâle pâles pâte râles râle râpeux grâce dégâts gâteau gâteaux relâchement
    relâché tâtonnement château théâtre âcre opiniâtre plâtre plâtré bleuâtre blanchâtre jaunâtre rougeâtre
    verdâtre grisâtre acariâtre hâte câble câlin dîner dîne île îles îlot îlots abîmé aîné aînée boîte boîtes
    boîtier chaîne chaînes connaît maître maîtrise maîtrisé paraît apparaît disparaît reconnaît traîne traînée
    fraîche entraîne entraîner entraînement naître plaît gîte trépied croître accroître sûr sûre sûrement mûr mûre
    goût goûts dégoût coût coûts brûlure brûlures brûlé brûlée brûler brûlant brûlante jeûne jeûner piqûre piqûres
    dû mûrir voûte croûte croûtes flûte bûche français française françaises façon façons façade leçon leçons reçu
    reçue reçus reçues reçoit aperçu aperçoit conçu conçue déçu perçu perçue garçon garçons glaçon glaçons soupçon
    commençait commençant commença avançant plaçant remplaçant remplaçante fiançailles maçon ça çà hameçon pinçon
    tronçon rançon limaçon annonçait suçotement forçat balançait menaçant menaçante maçonnerie répétition éphémère
    rétréci hétérogène hétérogènes hétérozygote homogène homogènes génétique général générale généralement
    généraliste génital génitale génitaux génération générique génériques gélule gélules gélose gériatrie
    gérontologie gésier géant téléconsultation tétanos tétanie tératome ténosynovite tétée ténébreux bénéfice
    bénéfique bénin bénigne bénins périphérique périphériques période périodes périodique pénétrant pénible pénis
    périnéal périnatal périoste péritoine péritonite pédiatre pédiatrie pédiatrique pédicure pédieux métabolisme
    métabolique métastase métastases métastatique méningite méningé méninges ménopause ménopausée ménorragie
    méthode méthodes météorisme métier mélange mélanome mélatonine mélæna méléna mémoire mécanique mécanisme
    médiastin médian médial métacarpien métatarsien ménisque méniscal nécessaire nécessaires nécessité nécessite
    nécessitant nécrose nécrosé nécrotique négatif négative négatifs négatives néphrologie néphrologue
    néphropathie néphrite néphrétique néoplasie néoplasique néonatal névralgie névrose névrite névrotique négligé
    théophylline thérapie thérapeutique thérapeutiques thérapeute thérapies kinésithérapie kinésithérapeute
    radiothérapie chimiothérapie hormonothérapie corticothérapie antibiothérapie psychothérapie ergothérapie
    opérée opéré opération opératoire opérateur coopération tolérance toléré tolérée intolérance fréquence
    fréquent fréquente fréquents fréquentes fréquemment créatine créatinurie crénelé crème crèmes crête crêtes
    crédible libéral libérale numérique numériques énormément phlébite phlébologie phlébologue thrombophlébite
    prothèse prothèses synthèse hypothèse hypothèses ostéosynthèse thèse parenthèse anesthésie anesthésique
    anesthésiste anesthésié esthétique esthésie paresthésies hyperesthésie ostéoporose ostéopénie ostéopathe
    ostéophyte ostéophytes ostéodensitométrie ostéomyélite myélite myélome arthrodèse diurèse parésie hémiparésie
    hémiplégie paraplégie tétraplégie spermatozoïdes épididymite énucléation méatotomie réglisse spontané
    spontanée spontanément simultané simultanée cutané cutanée cutanés cutanées percutané linéaire linéaires
    extrêmement conséquent conséquence conséquences fréquenté conséquemment déléguée malgré degré degrés agréable
    agrégation ségrégation désagréable intégral intégrale intégrité procédé procédure procédures obsédé possédé
    accédé succédané excédent excédentaire opposé opposée exposé exposée composé composés proposé proposée supposé
    supposée reposé imposé disposé posée posé utilisé utilisée autorisé autorisée hospitalisé hospitalisée
    hospitalisés stabilisé stabilisée vaccinés vacciné vaccinée localisé localisée généralisé généralisée
    visualisé visualisée organisé organisée minéralisé associé associée associés associées modifié modifiée
    qualifié vérifiée identifié identifiée identifiés calcifié calcifiée classifié justifié justifiée signifié
    spécifié codifié notifié certifié confiée augmenté augmentée diminué diminuée évalué évaluée effectué
    effectuée dilué diluée continué situé située adressé adressée intéressé intéressant intéressante passé passée
    passés cessé classé traversé inversé donné donnée données abandonné confirmé confirmée transformé informé
    informée consommé nommé déformé affirmé montré montrée retrouvé retrouvée retrouvés observé observée conservé
    conservée préservé préservée prouvé noté notée notés constaté constatée dosé dosée dosés validé validée
    validés signé signée consulté porté portée mesuré mesurée comparé réparé séparément considéré considérée
    généré inséré digéré altéré altérée altération altérations modéré modérée modérés modérées modérément accéléré
    accélérée accélération tempéré température températures littérature opéra sincérité supérieur supérieure
    supérieurs supérieures inférieur inférieure inférieurs inférieures intérieur intérieure extérieur extérieure
    antérieur antérieure antérieurs antérieures postérieur postérieure ultérieur ultérieure ultérieurement
    antériorité antériorités matériel matériels expérience critérium mystérieux alcoolisée alcoolisé sevré sevrée
    désintoxiqué appliqué appliquée expliqué expliquée compliqué compliquée indiqué indiquée pratiqué pratiquée
    provoqué provoquée marqué marquée marqués hyposodée aidé décidé validité évacué évacuée évacuation étiqueté
    étiquette lactée stéatose hépatomégalie splénomégalie cardiomégalie adénomégalie adénopathie adénopathies
    adénome adénomes adénocarcinome sténose sténoses sténosé spléen splénectomie splénique acétabulaire acétique
    acétylsalicylique acéphalique aérien aérienne aérée aérophagie anaérobie anaérobies aéroport immunodéprimé
    immunodépression déprimé déprimée opprimé comprimé comprimés supprimé exprimé cathéter cathéters cathétérisme
    oméprazole ésoméprazole métoprolol ténofovir dépakine aténolol périndopril furosémide répaglinide méthotrexate
    héparinothérapie lévofloxacine érythromycine tétracycline tétracyclines prégabaline trimébutine diclofénac
    kétoprofène ibuprofène naproxène codéine caféine théine caséine ostéocalcine désloratadine cétirizine
    budésonide béclométasone béclométhasone bétaméthasone dexaméthasone isotrétinoïne éplérénone vérapamil
    nébulisation nébuliseur nébulisé inhalée inhalé allongé allongée prolongé prolongée changé changée mélangé
    chargé chargée surchargé partagé dégagé engagé protégé obligé dirigé corrigé corrigée négligée rédigé érigé
    équipe équipes équivalent équivalente équivalents équin équerre équipement élève élèves relève relevé relevée
    soulève enlève lève achève mène emmène amène ramène promène pèse pèle gèle cède possède accède décède règne
    opère tolère coopère considère suggère suggéré exagéré régénère diffère préfère interfère vénère répète
    inquiète inquiétude inquiété complètent soulèvement prélève élévation élévations noé noémie loïc loïs anaïs
    anaël gaël gaëlle gaëtan joël joëlle zoé chloé éloïse éloi maël maëlle maëlys aïcha raphaël raphaëlle michaël
    mickaël mikaël ismaël israël théo théodore théa léo léa léon léonie léonce léandre andré andrée andréa renée
    rené josée josé josèphe cécile célia céline célestin célestine hélène hélèna thérèse irène irénée geneviève
    frédéric frédérique gérard géraldine gérald géraud stéphane stéphanie jérôme jérémy jérémie sébastien
    sébastienne grégory grégoire valérie valère valérian béatrice bérénice bérangère bénédicte benoît benoîte
    françois françoise agnès amélie aurélie aurélien émilie émile émilien élodie éric érick étienne édith édouard
    élise éliane élisabeth élisée élie élina éléonore évelyne éva ève eugène eugénie désiré aimé aimée honoré
    honorée barthélémy barthélemy clémence clément clémentine inès inés maïté maïa maëva mélanie mélissa mélina
    mélodie médéric mérédith hervé solène ségolène séverine sévérin séraphin séréna salomé océane océan ophélie
    rémi rémy régis régine réjane rébecca roméo raphaëla timothée timéo thaïs zélie zéphyr anémone angèle
    angélique arsène athénaïs adèle adélaïde adélie cléo cléa côme danièle danaé dorothée débora déborah estée
    félix félicie félicité gisèle gwénaël gwénaëlle hélias lætitia marlène michèle mylène nadège noëlle noëlie
    joséphine kévin kéziah léopold léopoldine lénaïc ménard méline mathéo mathéa naël nathanaël néva nérée
    pénélope pélagie philomène véronique vénus yaël yaëlle lefèvre lemaître lebœuf béranger bérard bénard bézier
    boulé brulé barré barrière carrière ferrière rivière lépine lévêque lévy lécuyer lécluse leclère lecœur sacré
    sauvé séguin sénéchal thébault thévenin thévenet thiébaut thiéry traoré vallée verdière véron hébert hénault
    hérault héraud guérin guéguen guérard genêt fréchette frémont forêt forêts faÿ dubé dupré duprès desprès
    després desforêts delétang deléglise defrançois debré dégremont déchamps decré clérambault chéron chénier
    chêne camélia bréhier boyé besançon béziers bernabé beauséjour aubépine ardèche aléria alès angoulême allée
    étréchy épinal épernay évreux évry étampes étaples orléans orléanais nîmes nièvre châlons châteauroux
    châteaudun châtelet châtillon châtenay compiègne corrèze créteil vénissieux sète sèvres sévigné périgueux
    périgord pérouse pyrénées montbéliard montélimar méru mérignac ménilmontant mâcon mégève nérac lozère liévin
    lérins isère hyères guéret finistère fécamp ferté fère évian dôme drôme rhône saône côtes vendée vésinet
    vézelay viré vélizy vitré réunion fréjus thiérache tréport trélazé trégor résidence résidences cité cités
    maréchal président république église églises chênes hêtre hêtres pré prés vallées côte hôtel évêché évêque
    archevêché lycée écoles musée libération déportés fusillés impératrice abbé abbés pères frères curé célestins
    bénédictins écluse écluses étang étangs épine épines fées fée gué jetée lézard mélèzes mûriers néflier
    nénuphars œillets orangé pêcheurs piété prévôt prévôté quêteur réservoir rosée sablière séquoias télégraphe
    trésor troènes zénith métairie ménagerie mésange mésanges hélios hérons hémisphère gélinotte genêts fougères
    fougère bruyère bruyères clairière lisière rivières carrières cimetière frontière barrières pépinière
    sapinière glacière lumières salarié retraité retraitée employé employée salariée marié mariée divorcé pacsé
    invalidité médiatisée privé privée référente agréé agréée conventionné déconventionné secrétaire secrétariat
    réception réceptionné téléconsulté édité éditée imprimé imprimée émis émise expédié expédiée édition réédition
    antécédent antécédents spécialités générée époux épouse majorée étudiant étudiante écolier écolière retraités
    ouvrière ingénieur éleveur éleveuse
    môle mosaïque héroïque laïc naïveté ouïe haïti caraïbes intrinsèque extrinsèque bibliothèque chèque obsèques
    """.split()
)
"""Frequent words of French, of medicine, of names and of addresses that have an accent; the others decide nothing."""

_SIGNS = {
    **dict.fromkeys("«»µ°²³", 1.5),
    **dict.fromkeys("’\u00a0±≤≥•€–—…œŒ·½¼¾‰®©™£‘“”§\u202f\u00ad×÷¹αβγδμ→", 0.5),
    **dict.fromkeys("¨´¸¯¬¦¤¶¡¿¢ªº†‡‚„ˆ˜‹›Žžƒ√∞≈∆◊∫∂∑∏πΩ\u2044", -1.5),
}
_FRENCH = frozenset("àâçèéêëîïôùûüÿœæ")
_LATIN = frozenset("áãäåìíñòóöõøúýßðšž")
_NO_LETTERS = frozenset("ƒˆªº")
_INSIDE = frozenset("’\u00ad'")
KNOWN_BONUS = 3.0


def _bare(char: str) -> str:
    """The letter without its accent."""
    return unicodedata.normalize("NFD", char)[0]


def _contexts() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What stands before, after and around an accented letter in the list, the neighbours without their accents."""
    before: set[str] = set()
    after: set[str] = set()
    around: set[str] = set()
    for word in WORDS:
        bare = "^" + "".join(map(_bare, word)) + "$"
        for place, char in enumerate(word):
            if char in _FRENCH:
                before.add(bare[place] + char)
                after.add(char + bare[place + 2])
                around.add(bare[place] + char + bare[place + 2])
    return frozenset(before), frozenset(after), frozenset(around)


_BEFORE, _AFTER, _AROUND = _contexts()
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")


def _lost(word: str) -> str:
    """The word with its accented letters deleted, or nothing when that may be a word too (``adressé``, ``adresse``)."""
    within = [place for place, char in enumerate(word) if char in _FRENCH and 0 < place < len(word) - 3]
    left = "".join(char for char in word if char.isascii())
    clusters = any(word[place - 1] in _CONSONANTS and word[place + 1] in _CONSONANTS for place in within)
    return left if clusters and len(left) >= 6 and left.isalpha() else ""


LOST = frozenset(filter(None, map(_lost, WORDS))) - WORDS
"""The words with their accented letters deleted, which software that knows ASCII only leaves behind."""


def score(word: str) -> float:
    """How French the signs beyond ASCII of a word look, on average a sign; above 1 is good, below 0 is damage."""
    total, signs = 0.0, 0
    for place, char in enumerate(word):
        if char < "\x80":
            continue
        signs += 1
        total += _sign(word, place, char)
    if not signs:
        return 0.0
    return total / signs + (KNOWN_BONUS if is_known(word) else 0.0)


def is_known(word: str) -> bool:
    """Whether a word, in any case and after an elision, is in the list."""
    lower = word.lower()
    if lower in WORDS:
        return True
    _, mark, rest = lower.replace("’", "'").rpartition("'")
    return bool(mark) and rest in WORDS


def is_odd(word: str) -> bool:
    """Whether a word holds a sign that no word of any language has in its place, whatever the letters."""
    for place, char in enumerate(word):
        if char < "\x80":
            continue
        before = word[place - 1] if place else ""
        after = word[place + 1] if place + 1 < len(word) else ""
        letter = char.isalpha() and char not in _NO_LETTERS
        if _mixed(before, char, after) > 1 or (not letter and char not in _INSIDE and (before or after).isalpha()):
            return True
    return False


def _sign(word: str, place: int, char: str) -> float:
    before = word[place - 1] if place else ""
    after = word[place + 1] if place + 1 < len(word) else ""
    lower = char.lower()
    if lower in _FRENCH:
        return _letter(before, char, after)
    if lower in _LATIN:
        return -0.8 - _mixed(before, char, after)
    inside = before.isalpha() and after.isalpha()
    if inside and char not in _INSIDE:
        return -4.0
    if char in _SIGNS:
        return _SIGNS[char] + (1.0 if inside else 0.0)
    return -5.0 if "\x80" <= char <= "\x9f" or "\u2500" <= char <= "\u259f" or char == "\ufffd" else -2.0


def _letter(before: str, char: str, after: str) -> float:
    """A French accented letter between its neighbours."""
    lower = char.lower()
    left = _bare(before.lower()) if before.isalpha() else "^"
    right = _bare(after.lower()) if after.isalpha() else "$"
    fits = (left + lower in _BEFORE) + (lower + right in _AFTER)
    if left + lower + right in _AROUND:
        value = 3.0
    elif fits:
        value = 2.0 * fits - 2.0
    else:
        value = -2.0 if lower in "àùç" else -0.6
    return value - _mixed(before, char, after)


def _mixed(before: str, char: str, after: str) -> float:
    """A capital inside a word in small letters is no French, nor is a word that goes on with a capital.

    A small letter among capitals is, where software knew the capitals of ASCII only, but less than a capital would be.
    """
    if char.isupper() and (before.islower() or (before.isalpha() and after.islower())):
        return 4.0
    if char.islower() and after.isupper():
        return 1.0 if before.isupper() else 2.0
    return 0.0
