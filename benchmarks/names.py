"""Small lists of names of our own choosing, by culture, for made-up people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random


@dataclass(frozen=True, slots=True)
class Culture:
    """Given names by gender (m, f) and family names, the common ones first; `feminine` endings replace masculine ones
    of family names.
    """

    given: Mapping[str, tuple[str, ...]]
    family: tuple[str, ...]
    feminine: tuple[str, str] | None = None

    def some_given(self, gender: str, random: Random) -> str:
        return _some(self.given[gender], 10, random)

    def some_family(self, random: Random) -> str:
        return _some(self.family, 20, random)

    def family_name(self, name: str, gender: str) -> str:
        if gender == "f" and self.feminine and name.endswith(self.feminine[0]):
            return name.removesuffix(self.feminine[0]) + self.feminine[1]
        return name


def _some(names: tuple[str, ...], evenness: int, random: Random) -> str:
    return random.choices(names, cum_weights=_falling(len(names), evenness))[0]


@cache
def _falling(count: int, evenness: int) -> tuple[float, ...]:
    """Cumulative weights 1/(rank + evenness): as in a census, a few names are common and most are rare.

    With 10 for given and 20 for family names, two people share a given name with the chance .0023, a family name with
    .0009 and both with 1.2e-5, as in the published figures (.0027, .0006, 6.4e-6).
    """
    return tuple(accumulate(1 / (rank + evenness) for rank in range(count)))


def _culture(
    men: str, women: str, families: str, stems: str, endings: str, feminine: tuple[str, str] | None = None
) -> Culture:
    """`stems` and `endings` make the rare family names, every one with every other."""
    rare = (f"{stem}{ending}" for ending in endings.split() for stem in stems.split())
    return Culture(
        {"m": tuple(men.split()), "f": tuple(women.split())}, tuple(dict.fromkeys((*families.split(), *rare))), feminine
    )


CULTURES = (
    _culture(
        "James Robert William Thomas Daniel Michael Edward Benjamin Samuel Joseph Andrew Christopher George Henry "
        "David Richard Charles Matthew Anthony Steven Paul Kevin Brian Gary Timothy Ronald Jason Jeffrey Ryan Jacob "
        "Nicholas Jonathan Justin Scott Brandon Gregory Raymond Patrick Frank Jack Dennis Peter Walter Douglas Arthur "
        "Albert",
        "Elizabeth Margaret Katherine Susan Jennifer Rebecca Emily Charlotte Patricia Victoria Alice Grace Hannah "
        "Mary Linda Barbara Jessica Sarah Karen Nancy Lisa Sandra Ashley Donna Michelle Carol Amanda Melissa Deborah "
        "Stephanie Laura Cynthia Kathleen Amy Angela Shirley Brenda Pamela Nicole Ruth Helen Diane Julie Joyce "
        "Heather",
        "Smith Walker Turner Hughes Bennett Clarke O'Brien Foster Marsh Whitfield Barker Lawson McKenna Doyle",
        "Ash Ban Black Brad Brook Car Clay Cran Dal Den East Elm Fair Far Green Hart Haw Hazel Holl Kirk Lang Lind "
        "Lock Mar Mel Mid Nor Oak Pem Rad Ro Sel Ship Stan Stock Thorn Wake West Whit Win Wood",
        "ford ley ton field well worth bury ham more son wick stead",
    ),
    _culture(
        "José Francisco Antonio Manuel Javier Alejandro Diego Rafael Ignacio Guillermo Andrés Joaquín Carlos Luis "
        "Miguel Pedro Pablo Sergio Fernando Jorge Alberto Álvaro Adrián Rubén Enrique Ramón Vicente Raúl Óscar Emilio",
        "María Carmen Dolores Isabel Guadalupe Lucía Rosario Francisca Mercedes Pilar Beatriz Elena Ana Teresa Laura "
        "Cristina Marta Paula Raquel Silvia Patricia Rocío Inés Alicia Nuria Sonia Julia Irene Eva Yolanda",
        "García López Martínez Fernández Ramírez Castillo Ortega Navarro Iglesias Quintana Peña Muñoz",
        "Alar Alv Bar Ben Cald Can Cor Dom Dur Enr Esc Fel Gal Gon Her Huer Ib Jim Lar Luc Mad Mel Mon Nar Ord Pal "
        "Per Quin Riv Rod Sal San Ser Tor Urb Val Vel Vill Zam Zor",
        "ez ada ero edo ino ales anza osa eras illa",
    ),
    _culture(
        "Johannes Friedrich Matthias Sebastian Alexander Maximilian Wolfgang Jürgen Günther Stefan Lukas Moritz "
        "Thomas Andreas Peter Klaus Frank Uwe Ralf Bernd Dieter Manfred Heinz Torsten Jens Markus Tobias Florian "
        "Felix Jonas",
        "Katharina Elisabeth Johanna Magdalena Franziska Annegret Susanne Ulrike Jutta Anneliese Sophie Greta Petra "
        "Sabine Monika Renate Karin Ursula Birgit Andrea Claudia Nicole Stefanie Julia Lea Laura Lena Marie Heike "
        "Martina",
        "Müller Schneider Weiß Köhler Bäcker Vogel Lindner Schröder Hoffmann Groß Kaiser Steinbach",
        "Acker Ahorn Auer Berg Birn Brand Brunn Buch Dorn Eich Eisen Erlen Falken Felden Grün Hart Hasel Hohen Holz "
        "Kalk Kirsch Lauter Linden Mühl Neu Ober Reh Rosen Sand Schön Stahl Stein Tannen Unter Vogel Wald Weiden "
        "Wein Winter Ziegel",
        "mann bach berg feld hofer meier thaler inger hausen stein",
    ),
    _culture(
        "Stanisław Krzysztof Wojciech Tomasz Łukasz Aleksander Zbigniew Andrzej Paweł Michał Piotr Marcin Jan Adam "
        "Jakub Marek Grzegorz Jerzy Tadeusz Mateusz Rafał Henryk Dariusz Mariusz",
        "Małgorzata Katarzyna Agnieszka Joanna Aleksandra Zofia Barbara Elżbieta Magdalena Hanna Anna Maria Ewa "
        "Krystyna Teresa Danuta Monika Irena Halina Beata Dorota Marta Iwona Renata",
        "Kowalski Wiśniewski Nowak Zieliński Lewandowski Wójcik Kamiński Mazur Dąbrowski Krawczyk",
        "Bor Brzez Buk Chmiel Czar Dom Dud Gaj Gór Grab Jabł Jag Jawor Kalin Klon Koz Król Lip Lis Maj Malin Mich "
        "Mur Olsz Osin Pawł Piot Rud Sad Sikor Sokoł Stach Tarn Turz Wilcz Wis Woźn Zaj Zar Żurk",
        "owski ewski iński anowski ecki icki alski ański yński elski",
        ("ski", "ska"),
    ),
    _culture(
        "Mehmet Mustafa Ahmet İbrahim Hüseyin Osman Yusuf Emre Çağlar Kerem Ali Murat Hasan Ömer Burak Serkan Fatih "
        "Cem Volkan Onur Tolga Ufuk",
        "Ayşe Fatma Zeynep Elif Hatice Emine Şebnem İpek Gülay Defne Merve Esra Büşra Özlem Sevgi Hülya Derya Pınar "
        "Nur Leyla Aylin Ebru",
        "Y\u0131lmaz Kaya Demir Şahin Çelik Öztürk Ayd\u0131n Arslan Doğan Koç",
        "Ak Al Alt Ay Bal Bay Boz Can Çak Dağ Dur El Er Gök Gül Güneş Hak Kar Kara Kız Koca Ok Ör Özer Pek Sağ Sar "
        "Soy Şen Taş Tek Top Tür Uz Ün Var Yal Yeşil Yıldız Zen",
        "kaya demir taş oğlu men can türk er tekin doğan",
    ),
    _culture(
        "Mohammed Ahmad Omar Khalid Yousef Hassan Ibrahim Tariq Samir Abdullah Ali Hussein Mahmoud Karim Nabil Faisal "
        "Bilal Rashid Walid Jamal Hamza Imran",
        "Fatima Aisha Layla Maryam Noor Zainab Salma Huda Rania Amira Khadija Yasmin Leila Samira Nadia Farah Hana "
        "Dina Lina Mona Sara Rana",
        "Al-Hassan Haddad Mansour Khoury Al-Rashid Nasser Saleh Farouk Darwish Aziz",
        "Al-Am Al-Bak Al-Dar Al-Fad Al-Gham Al-Ham Al-Jab Al-Kar Al-Mas Al-Nah Al-Qas Al-Sab Al-Tam Al-Zah Asf Bar "
        "Bak Dar Far Fay Ghan Hab Hak Jar Kan Kar Mal Maj Nab Naj Qad Ram Sal Sham Sul Tah Was Yam Zak Zay",
        "ari im oud ani awi idi ouni eddin ara oush",
    ),
)

NICKNAMES: Mapping[str, str] = {
    "James": "Jim", "Robert": "Bob", "William": "Bill", "Thomas": "Tom", "Daniel": "Dan", "Michael": "Mike",
    "Edward": "Ted", "Benjamin": "Ben", "Samuel": "Sam", "Joseph": "Joe", "Andrew": "Andy", "Christopher": "Chris",
    "Elizabeth": "Liz", "Margaret": "Peggy", "Katherine": "Kate", "Susan": "Sue", "Jennifer": "Jenny",
    "Rebecca": "Becky", "Patricia": "Pat", "Victoria": "Vicky", "José": "Pepe", "Francisco": "Paco", "Antonio": "Toni",
    "Manuel": "Manolo", "Javier": "Javi", "Guillermo": "Memo", "Ignacio": "Nacho", "Alejandro": "Alex",
    "Dolores": "Lola", "Guadalupe": "Lupe", "Isabel": "Isa", "Francisca": "Paca", "Johannes": "Hannes",
    "Friedrich": "Fritz", "Sebastian": "Basti", "Maximilian": "Max", "Alexander": "Alex", "Katharina": "Kathi",
    "Elisabeth": "Lisa", "Johanna": "Hanna", "Magdalena": "Lena", "Franziska": "Franzi", "Stanisław": "Staszek",
    "Krzysztof": "Krzysiek", "Wojciech": "Wojtek", "Małgorzata": "Gosia", "Katarzyna": "Kasia", "Agnieszka": "Aga",
    "Joanna": "Asia", "Aleksandra": "Ola", "Barbara": "Basia", "Mohammed": "Mo", "Abdullah": "Abdul",
}  # fmt: skip

TWINS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "m": (("Marc", "Mark"), ("Erik", "Erich"), ("Jon", "Jan"), ("Aron", "Aaron"), ("Dario", "Mario"), ("Tim", "Tom")),
    "f": (("Anna", "Anne"), ("Mila", "Mira"), ("Lena", "Lina"), ("Carla", "Clara"), ("Eva", "Ava"), ("Maya", "Mara")),
}
"""Given names of twins that differ by a letter: the hardest ones."""

_STREET_NAMES = """
    Main Oak Mill Station Park Church River Elm Maple Cedar Pine Lake Hill Washington Franklin Lincoln Spring North
    South Meadow Forest Sunset Chestnut Willow Orchard Bridge Garden Harbor Prospect Summit
"""
STREETS = tuple(
    f"{name} {kind}" for kind in ("Street", "Avenue", "Lane", "Road", "Court") for name in _STREET_NAMES.split()
)
CITIES = (
    ("Springfield", "IL", 62701), ("Fairview", "OR", 97024), ("Riverside", "CA", 92501), ("Greenville", "SC", 29601),
    ("Bristol", "CT", 6010), ("Salem", "MA", 1970), ("Franklin", "TN", 37064), ("Clinton", "IA", 52732),
    ("Georgetown", "TX", 78626), ("Madison", "WI", 53703), ("Arlington", "VA", 22201), ("Ashland", "KY", 41101),
    ("Burlington", "VT", 5401), ("Dayton", "OH", 45402), ("Lexington", "NC", 27292), ("Milford", "DE", 19963),
    ("Newport", "RI", 2840), ("Oakland", "MD", 21550), ("Auburn", "AL", 36830), ("Jackson", "MS", 39201),
    ("Kingston", "NY", 12401), ("Manchester", "NH", 3101), ("Winchester", "NV", 89101), ("Hudson", "CO", 80642),
)  # fmt: skip
"""Town, state, and the first of its eight postal codes."""
FIRMS = (
    "harbour-works", "lakeside-dental", "oakwood-builders", "city-tiles", "northgate-motors", "blue-door-bakery",
    "summit-roofing", "green-valley-farm", "old-mill-press", "river-bend-clinic", "starlight-events",
    "iron-bridge-cycles",
)  # fmt: skip
ROLES = ("info", "office", "sales", "contact", "hello")
"""Local parts that anybody knows to be shared; other firms use their own name, which nobody knows to be."""
