"""Small lists of names of our own choosing, by culture, for made-up people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Culture:
    """Given names by gender (m, f) and family names; `feminine` endings replace masculine ones of family names."""

    given: Mapping[str, tuple[str, ...]]
    family: tuple[str, ...]
    feminine: tuple[str, str] | None = None

    def family_name(self, name: str, gender: str) -> str:
        if gender == "f" and self.feminine and name.endswith(self.feminine[0]):
            return name.removesuffix(self.feminine[0]) + self.feminine[1]
        return name


def _culture(men: str, women: str, families: str, feminine: tuple[str, str] | None = None) -> Culture:
    return Culture({"m": tuple(men.split()), "f": tuple(women.split())}, tuple(families.split()), feminine)


CULTURES = (
    _culture(
        "James Robert William Thomas Daniel Michael Edward Benjamin Samuel Joseph Andrew Christopher George Henry",
        "Elizabeth Margaret Katherine Susan Jennifer Rebecca Emily Charlotte Patricia Victoria Alice Grace Hannah",
        "Smith Walker Turner Hughes Bennett Clarke O'Brien Foster Marsh Whitfield Barker Lawson McKenna Doyle",
    ),
    _culture(
        "José Francisco Antonio Manuel Javier Alejandro Diego Rafael Ignacio Guillermo Andrés Joaquín",
        "María Carmen Dolores Isabel Guadalupe Lucía Rosario Francisca Mercedes Pilar Beatriz Elena",
        "García López Martínez Fernández Ramírez Castillo Ortega Navarro Iglesias Quintana Peña Muñoz",
    ),
    _culture(
        "Johannes Friedrich Matthias Sebastian Alexander Maximilian Wolfgang Jürgen Günther Stefan Lukas Moritz",
        "Katharina Elisabeth Johanna Magdalena Franziska Annegret Susanne Ulrike Jutta Anneliese Sophie Greta",
        "Müller Schneider Weiß Köhler Bäcker Vogel Lindner Schröder Hoffmann Groß Kaiser Steinbach",
    ),
    _culture(
        "Stanisław Krzysztof Wojciech Tomasz Łukasz Aleksander Zbigniew Andrzej Paweł Michał",
        "Małgorzata Katarzyna Agnieszka Joanna Aleksandra Zofia Barbara Elżbieta Magdalena Hanna",
        "Kowalski Wiśniewski Nowak Zieliński Lewandowski Wójcik Kamiński Mazur Dąbrowski Krawczyk",
        ("ski", "ska"),
    ),
    _culture(
        "Mehmet Mustafa Ahmet İbrahim Hüseyin Osman Yusuf Emre Çağlar Kerem",
        "Ayşe Fatma Zeynep Elif Hatice Emine Şebnem İpek Gülay Defne",
        "Y\u0131lmaz Kaya Demir Şahin Çelik Öztürk Ayd\u0131n Arslan Doğan Koç",
    ),
    _culture(
        "Mohammed Ahmad Omar Khalid Yousef Hassan Ibrahim Tariq Samir Abdullah",
        "Fatima Aisha Layla Maryam Noor Zainab Salma Huda Rania Amira",
        "Al-Hassan Haddad Mansour Khoury Al-Rashid Nasser Saleh Farouk Darwish Aziz",
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

TWINS: Mapping[str, tuple[str, str]] = {
    "m": ("Marc", "Mark"),
    "f": ("Anna", "Anne"),
}
"""Given names of twins that differ by a letter: the hardest ones."""

STREETS = (
    "Main Street",
    "Oak Avenue",
    "Mill Lane",
    "Station Road",
    "Park Road",
    "Church Street",
    "River Walk",
    "Elm Court",
)
CITIES = (("Springfield", "IL", "62701"), ("Fairview", "OR", "97024"), ("Riverside", "CA", "92501"),
          ("Greenville", "SC", "29601"), ("Bristol", "CT", "06010"), ("Salem", "MA", "01970"))  # fmt: skip
