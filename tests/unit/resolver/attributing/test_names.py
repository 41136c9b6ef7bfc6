"""Whose event is it where names are stated in full: all their words count, for nobody says which is the given one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import observed
from vitograph.resolver.attributing.attribution import Attribution, Rule, attribute, settle
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.model import IdentifierStatus
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.values.normalize import traits

PHONE = "phone:+34600100200"


class World:
    """Attributes statements on one phone, as channels typed them, one after another."""

    def __init__(self) -> None:
        self.holdings = Holdings()
        self.said = 0

    def hears(self, **stated: str) -> Attribution:
        self.said += 1
        observation = replace(observed(PHONE, minutes=self.said), traits=traits(stated).traits)
        attribution = attribute(observation, self.holdings)
        settle(observation, attribution, self.holdings, load_model())
        return attribution


TWO_PEOPLE_IN_FULL = (
    ("Anna Weber", "Peter Weber"),
    ("Wang Fang", "Wang Lei"),
    ("Nguyễn Văn Hùng", "Nguyễn Thị Lan"),
    ("Nagy Péter", "Nagy Anna"),
    ("Sra. María López", "Sra. Ana López"),
    ("Señor Juan Gil", "Señor Pedro Gil"),
    ("Don Juan Gil", "Don Pedro Gil"),
    ("Mme Anne Petit", "Mme Claire Petit"),
    ("Dr. med. Hans Weber", "Dr. med. Eva Weber"),
    ("Md Rahim Uddin", "Md Karim Uddin"),
    ("María Carmen García", "María Pilar García"),
    ("Jean Paul Petit", "Jean Pierre Petit"),
    ("Abdul Rahman Haddad", "Abdul Karim Haddad"),
    ("José María Pérez", "María José Pérez"),
    ("Anna Maria Weber", "Maria Weber"),
    ("Anna Weber", "Anna Schmidt"),
    ("John Smith Jr", "John Smith Sr"),
    ("João Silva Filho", "João Silva Neto"),
    ("李伟", "黎薇"),
    ("Budi", "Siti"),
    ("J. Smith", "M. Smith"),
    ("Li Xiao Hong", "Xiaoming Li"),
)
ONE_PERSON_IN_FULL = (
    ("Anna Weber", "Dr. Anna Weber"),
    ("Sra. María López", "María López"),
    ("Maria Lopez", "María López García"),
    ("Maria Garcia", "Maria Lopez Garcia"),
    ("John Smith", "John A. Smith"),
    ("J. Smith", "John Smith"),
    ("Bob Smith", "Robert Smith"),
    ("Wang Fang", "Fang Wang"),
    ("Smith John", "John A Smith"),
    ("Văn Hùng Nguyễn", "Nguyễn Văn Hùng"),
    ("Anne-Marie Weber", "Annemarie Weber"),
    ("Ludwig van Beethoven", "Ludwig Beethoven"),
    ("Jürgen Schmidt", "Juergen Schmitt"),
    ("Сергей Иванов", "Sergey Ivanov"),
    ("John Smith Jr", "John Smith"),
    ("王伟", "Wang Wei"),
    ("Li Xiao Ming", "Xiaoming Li"),
    ("Kim Min-jun", "Minjun Kim"),
    ("Jan van den Berg", "Jan Vandenberg"),
    ("Omar al-Masri", "Omar Almasri"),
)


@pytest.mark.parametrize(("first", "second"), TWO_PEOPLE_IN_FULL)
def test_a_full_name_with_a_word_of_its_own_is_another_persons(first: str, second: str) -> None:
    for one, other in ((first, second), (second, first)):
        world = World()
        world.hears(full_name=one)
        assert world.hears(full_name=other).rule is Rule.A6
        assert world.holdings.statuses[PHONE] is IdentifierStatus.SUSPECTED


@pytest.mark.parametrize(("first", "second"), ONE_PERSON_IN_FULL)
def test_a_full_name_in_another_form_is_no_contradiction(first: str, second: str) -> None:
    for one, other in ((first, second), (second, first)):
        world = World()
        world.hears(full_name=one)
        assert world.hears(full_name=other).rule is Rule.A1


@pytest.mark.parametrize(
    ("full", "given", "family", "rule"),
    [
        ("Wang Fang", "Fang", "Wang", Rule.A1),
        ("Wang Fang", "Lei", "Wang", Rule.A6),
        ("王伟", "伟", "王", Rule.A1),
        ("田中誠", "誠", "田中", Rule.A1),
        ("María López García", "María Carmen", "López García", Rule.A1),
        ("María Carmen López", "María Pilar", "López", Rule.A6),
        ("Anna Schmidt", "Anna", "Weber", Rule.A1),
        ("John Smith Sr", "John", "Smith Jr", Rule.A6),
        ("John Smith Jr", "John", "Smith", Rule.A1),
    ],
)
def test_a_full_name_meets_a_given_and_a_family_name(full: str, given: str, family: str, rule: Rule) -> None:
    parts = {"given_name": given, "family_name": family}
    for one, other in (({"full_name": full}, parts), (parts, {"full_name": full})):
        world = World()
        world.hears(**one)
        assert world.hears(**other).rule is rule


def test_father_and_son_of_two_generations_are_two_persons() -> None:
    world = World()
    world.hears(given_name="John", family_name="Smith Sr.")
    assert world.hears(given_name="John", family_name="Smith Jr.").rule is Rule.A6
    assert world.holdings.statuses[PHONE] is IdentifierStatus.SUSPECTED


def test_a_graph_that_kept_the_first_word_of_a_full_name_is_read_as_it_was_said() -> None:
    world = World()
    first = world.hears(full_name="María Carmen García")
    world.holdings.fragments[first.person_id].stated.given_names[:] = ["maría"]
    assert world.hears(full_name="María Pilar García").rule is Rule.A6
