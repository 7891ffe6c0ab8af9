"""Dutch words of municipal and care work, from which the texts of a seed are made."""

# Singular and plural in turn.
NOUNS = """
aanbieder aanbieders aandacht aandachtspunten aanmelding aanmeldingen aanpak aanpakken aanvraag
aanvragen aanvrager aanvragers advies adviezen adviseur adviseurs afspraak afspraken afdeling
afdelingen afweging afwegingen akkoord akkoorden angst angsten antwoord antwoorden arts artsen
arrangement arrangementen baan banen basis bases begeleider begeleiders begeleiding begeleidingen
begroting begrotingen behandeling behandelingen behoefte behoeften belang belangen beleid
beleidslijnen bericht berichten beroep beroepen beschikking beschikkingen besluit besluiten bestuur
besturen bewijs bewijzen bewind bewinden bewoner bewoners bezoek bezoeken bezwaar bezwaren bijdrage
bijdragen bijstand bijstandsnormen boete boetes brief brieven budget budgetten buur buren buurt
buurten casus casussen cliënt cliënten coach coaches collega collega's commissie commissies consulent
consulenten contact contacten contract contracten controle controles crisis crises cursus cursussen
dag dagen dagbesteding dagbestedingen datum data deelnemer deelnemers deskundige deskundigen dienst
diensten dochter dochters doel doelen dossier dossiers draagkracht draagkrachten drempel drempels
eis eisen energie energieën enquête enquêtes ervaring ervaringen evaluatie evaluaties expert experts
familie families factuur facturen formulier formulieren fout fouten gebied gebieden gedrag gedragingen
gegeven gegevens geld gelden gemeente gemeenten gesprek gesprekken gevolg gevolgen gezin gezinnen
gezondheid gezondheden grens grenzen groep groepen handreiking handreikingen hulp hulpen hulpverlener
hulpverleners huis huizen huisarts huisartsen huisbezoek huisbezoeken huur huren huurder huurders
idee ideeën indicatie indicaties initiatief initiatieven inkomen inkomens inloop inlopen inschrijving
inschrijvingen instelling instellingen inwoner inwoners jaar jaren jeugd jeugden jongere jongeren kaart
kaarten kader kaders kans kansen kantoor kantoren keten ketens keuze keuzes kind kinderen klacht
klachten klant klanten kosten kostenposten krediet kredieten kring kringen kwaliteit kwaliteiten
leefgebied leefgebieden leerling leerlingen lening leningen levensvraag levensvragen lijn lijnen lijst
lijsten loket loketten lokaal lokalen maand maanden maatregel maatregelen maatwerk maatwerken
mantelzorger mantelzorgers medewerker medewerkers meerwaarde meerwaarden melding meldingen mening
meningen mens mensen methode methoden model modellen mogelijkheid mogelijkheden moeder moeders moment
momenten netwerk netwerken nood noden norm normen notitie notities omgeving omgevingen onderwijs
onderwijzen onderzoek onderzoeken ondersteuning ondersteuningen ontruiming ontruimingen oordeel oordelen
oorzaak oorzaken opdracht opdrachten opleiding opleidingen oplossing oplossingen opvang opvangen ouder
ouders ouderdom ouderdommen overheid overheden overleg overleggen overzicht overzichten partij partijen
partner partners pensioen pensioenen periode perioden persoon personen plaats plaatsen plan plannen
plek plekken poging pogingen praktijk praktijken premie premies privacy privacyregels probleem problemen
procedure procedures proces processen product producten professional professionals project projecten
protocol protocollen psycholoog psychologen punt punten raad raden rechter rechters recht rechten
regeling regelingen regie regies regisseur regisseurs rekening rekeningen resultaat resultaten richtlijn
richtlijnen risico risico's rol rollen route routes ruimte ruimten salaris salarissen samenwerking
samenwerkingen scheiding scheidingen schema schema's school scholen schuld schulden schuldeiser
schuldeisers schuldhulp schuldhulpen signaal signalen situatie situaties specialist specialisten
spreekuur spreekuren stap stappen status statussen steun steunpunten stichting stichtingen student
studenten subsidie subsidies taak taken taal talen tarief tarieven team teams termijn termijnen thema
thema's toegang toegangen toekenning toekenningen toelage toelagen toelichting toelichtingen toeslag
toeslagen toetsing toetsingen traject trajecten trede treden tijd tijden uitkering uitkeringen uitleg
uitleggen uitvoering uitvoeringen uitzondering uitzonderingen uur uren vaardigheid vaardigheden vader
vaders vangnet vangnetten veiligheid veiligheden verantwoording verantwoordingen verandering
veranderingen verblijf verblijven vergoeding vergoedingen verhaal verhalen verhuizing verhuizingen
verklaring verklaringen verlenging verlengingen verordening verordeningen verslag verslagen verwijzing
verwijzingen verzoek verzoeken vervoer vervoeren voogd voogden voorbeeld voorbeelden voorkeur
voorkeuren voorwaarde voorwaarden voorziening voorzieningen vorm vormen vraag vragen vrijwilliger
vrijwilligers wachtlijst wachtlijsten wachttijd wachttijden wet wetten werk werken werkgever werkgevers
werkplek werkplekken werkwijze werkwijzen wijk wijken wijkteam wijkteams woning woningen woonvorm
woonvormen zaak zaken ziekte ziekten zoon zonen zorg zorgen zorgplan zorgplannen zwaarte zwaarten
""".split()

# As they stand before a noun.
ADJECTIVES = """
goede nieuwe grote kleine eerste laatste belangrijke mogelijke juiste lange korte hele andere eigen
jonge oude hoge lage open extra duidelijke praktische tijdelijke vaste volledige sociale financiële
medische wettelijke gemeentelijke landelijke lokale persoonlijke gezamenlijke gewone bijzondere snelle
langzame ernstige lichte zware zelfstandige afhankelijke verplichte vrijwillige betrokken kwetsbare
dringende haalbare passende algemene individuele schriftelijke mondelinge digitale telefonische
maandelijkse jaarlijkse wekelijkse dagelijkse professionele informele formele zorgvuldige eenvoudige
ingewikkelde tevreden onzekere zekere voorlopige definitieve herkenbare vergelijkbare aanvullende
bestaande toekomstige vroegere recente actuele structurele preventieve acute chronische psychische
lichamelijke verstandelijke culturele religieuze juridische fiscale rechtmatige onterechte vertrouwelijke
openbare anonieme gedeelde bruikbare zinvolle moeilijke makkelijke onverwachte bekende onbekende vrije
drukke rustige gezonde zieke dure goedkope volwassen minderjarige alleenstaande dakloze werkloze
""".split()

# For one (hij bespreekt) and the infinitive or plural in turn.
VERBS = """
is zijn heeft hebben wordt worden kan kunnen moet moeten gaat gaan komt komen doet doen ziet zien geeft
geven vraagt vragen krijgt krijgen maakt maken neemt nemen bespreekt bespreken zegt zeggen weet weten
denkt denken vindt vinden zoekt zoeken helpt helpen werkt werken belt bellen mailt mailen schrijft
schrijven leest lezen stuurt sturen wacht wachten begint beginnen stopt stoppen blijft blijven houdt
houden brengt brengen regelt regelen bepaalt bepalen beslist beslissen betaalt betalen ontvangt
ontvangen levert leveren meldt melden volgt volgen voert voeren controleert controleren beoordeelt
beoordelen onderzoekt onderzoeken overlegt overleggen ondersteunt ondersteunen begeleidt begeleiden
adviseert adviseren verwijst verwijzen verlengt verlengen weigert weigeren vergoedt vergoeden berekent
berekenen organiseert organiseren plant plannen verandert veranderen verbetert verbeteren bereikt
bereiken gebruikt gebruiken noemt noemen deelt delen kiest kiezen leert leren merkt merken mist missen
noteert noteren opent openen past passen probeert proberen raakt raken rekent rekenen schat schatten
signaleert signaleren spreekt spreken start starten tekent tekenen toetst toetsen twijfelt twijfelen
verklaart verklaren verliest verliezen vertelt vertellen vervangt vervangen verwacht verwachten
verwerkt verwerken voorkomt voorkomen vergeet vergeten woont wonen zorgt zorgen herkent herkennen
hervat hervatten informeert informeren motiveert motiveren ontbreekt ontbreken onderhoudt onderhouden
""".split()

DETERMINERS = (
    "de het een de het een de het een deze die dit dat onze hun elke ieder geen veel alle mijn jouw"
    " zo'n sommige enkele beide iedere welke"
).split()
PREPOSITIONS = (
    "van in op voor met bij aan van in op voor met naar uit over door om tot tijdens na zonder"
    " tussen onder binnen buiten vanuit via volgens tegen rond sinds vanaf per namens ondanks wegens"
).split()
ADVERBS = (
    "ook niet nog wel dan er al zo nu vaak meestal soms altijd eerst daarna hier daar toch even graag"
    " samen vooral misschien bijna opnieuw alleen direct later vandaag morgen gisteren zelf weer echt"
    " eigenlijk gelukkig helaas binnenkort inmiddels namelijk daarom verder ongeveer precies steeds"
).split()
CONJUNCTIONS = (
    "en maar want omdat als dat of wanneer terwijl zodat en maar als dat hoewel voordat nadat doordat"
    " tenzij mits zodra"
).split()
PRONOUNS = (
    "ik je we ze hij wij jullie ik je we ze hij u zij iemand niemand iedereen men wie"
).split()

FIRST_NAMES = """
Anna Bas Bilal Carla Daan Dewi Elif Emma Erik Esther Fatima Femke Frank Gerda Hans Hatice Ilse Imane
Ingrid Jan Jasper Joost Karim Karin Kees Lars Leila Lieke Linda Lotte Maarten Margriet Marieke Mark
Mehmet Mila Mohammed Nadia Niels Noor Omar Pauline Peter Petra Pieter Rachid Renske Rik Roos Ruud Samira
Sanne Sjoerd Sofie Stijn Suzan Teun Thijs Tineke Tom Wendy Willem Wouter Yara Youssef Yvonne
""".split()
LAST_NAMES = (
    "de Vries,van den Berg,Bakker,Jansen,Visser,Smit,Meijer,Mulder,de Boer,Bos,Vos,Peters,Hendriks,"
    "van Dijk,Dekker,Brouwer,Dijkstra,van Leeuwen,de Wit,Kok,Jacobs,de Haan,Vermeulen,van der Meer,"
    "Kuiper,Yilmaz,El Amrani,Kaya,Hoekstra,Willems,Postma,van der Linden,Schouten,Prins,Huisman,"
    "Peeters,Bouman,Zijlstra,Veenstra,Tol,Benali,Öztürk,Wong,Singh,Pinas,Kramer,Blom,Timmermans,"
    "van Beek,Groen,Martens,Verhoeven,Maas,Scholten,Koster,Evers,Gerritsen,Hofman,Sahin,van Vliet"
).split(",")
JOBS = """
casemanager consulent regisseur klantmanager jeugdconsulent schuldhulpverlener beleidsadviseur
wijkcoach kwaliteitsmedewerker procesregisseur inkomensconsulent gedragswetenschapper
""".split()
DEPARTMENTS = (
    "Werk en inkomen,Jeugd,Maatschappelijke ondersteuning,Schuldhulp,Wijkteam Noord,Wijkteam Zuid,"
    "Kwaliteit,Beleid,Klantcontact,Leerplicht"
).split(",")
THEMES = (
    "Schulden,Jeugd,Wonen,Werk en inkomen,Zorg thuis,Regie en samenwerking,Veiligheid,Gegevens en privacy"
).split(",")
