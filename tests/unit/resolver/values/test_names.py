"""What may be one person's name or birth date, and what must not pass for a typing error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.values.birth_dates import birth_dates_compatible
from vitograph.resolver.values.names import fold, generation, given_names_compatible

ONE_PERSON = """\
maria/maria maria/MARIA mraia/maria maira/maria m/maria m./maria bob/robert liz/elizabeth bill/william alex/alexandra
sandy/alexander katherine/catherine jon/john stephen/steven stephanie/stefanie philip/filipp philip/phillip eric/erik
jürgen/juergen jürgen/jurgen сергей/sergei sergey/sergej mohammed/muhammad yusuf/youssef thomas/tomas sofia/sophia
francisco/paco josé/pepe ignacio/nacho dolores/lola guadalupe/lupe giuseppe/beppe friedrich/fritz sebastian/basti
magdalena/lena stanisław/staszek małgorzata/gosia katarzyna/kasia aleksandra/ola james/jim margaret/peggy joão/joaozinho
екатерина/катя александр/саша cornelis/kees mehmet/memo mohammed/mo
hannah/hanna anna/ana sarah/sara jesica/jessica jenifer/jennifer jenny/jennifer tobias/tobais elisabet/elisabeth
jean-pierre/jean jeanpierre/jean-pierre j/jean-pierre michael/micheal josé/jose zoë/zoe
lakshmi/laxmi geeta/gita kareem/karim mahmoud/mahmud dmitri/dima ma/maria renée/renee jihoon/jihun
"""
TWO_PEOPLE = """\
anna/hanna anna/anne maria/mario maria/marie maria/mara jan/jon jan/ian jan/jana lena/lina lena/lea mia/mina tim/tom
martin/martina christian/christina christian/christiane christina/christine daniel/daniela simon/simone paul/paula
peter/petra eric/erica julian/juliana julia/julie marina/martina adriana/ariana kirsten/kristen carla/clara karl/karla
susanna/susanne joan/jean joanna/joan alexander/alexandra robert/billy patrick/peter andrew/andrea savannah/anna
emil/emily emma/emily ellen/helen elena/helena selena/serena nicole/nicola jonathan/joanna gabriel/gabriele bill/bob
jan/jane louis/louise francis/frances michel/michele harry/larry ryan/bryan kim/tim
paco/pepe kasia/basia gosia/zosia lola/lupe jakub/jan
rené/renée andré/andrée valère/valérie erkan/ercan serkan/sercan özkan/özcan rajesh/rakesh khaled/khalil salem/salim
minjun/minjung xiaomei/xiaowei jianhua/jianhui xiaoming/xiaomin thanh/thang
李伟/黎薇 سعاد/سعد
"""


@pytest.mark.parametrize("pair", ONE_PERSON.split())
def test_one_persons_name_in_two_forms_is_compatible(pair: str) -> None:
    a, b = pair.split("/")
    assert given_names_compatible(a, b)


@pytest.mark.parametrize("pair", TWO_PEOPLE.split())
def test_two_peoples_names_are_never_a_typing_error(pair: str) -> None:
    a, b = pair.split("/")
    assert not given_names_compatible(a, b)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("John Senior", "senior"),
        ("Lopez jr.", "junior"),
        ("Senior", ""),
        ("Junior", ""),
        ("Junior Neto Jr", "junior"),
        ("Silva Júnior", "junior"),
        ("Silva Neto", "neto"),
    ],
)
def test_the_first_word_of_a_name_is_no_generation(name: str, said: str) -> None:
    assert generation(name) == said


@pytest.mark.parametrize(
    ("a", "b", "compatible"),
    [
        ("maria luisa", "maria", True),
        ("maria luisa", "maria elena", False),
        ("maria l", "maria luisa", True),
        ("maria del carmen", "maria carmen", True),
        ("ma carmen", "maria del carmen", True),
        ("maria del carmen", "maria del pilar", False),
        ("abd al rahman", "abdulrahman", True),
        ("anna maria", "maria", False),
        ("dr. maria", "maria", True),
        ("", "maria", True),
        ("---", "maria", True),
        ("伟", "wei", True),
        ("محمد", "محمد علي", True),
        ("أحمد", "احمد", True),
        ("عمر", "خالد", False),
    ],
)
def test_the_first_of_several_names_decides(a: str, b: str, compatible: bool) -> None:
    assert given_names_compatible(a, b) is compatible


@pytest.mark.parametrize(
    ("a", "b", "compatible"),
    [
        ("1985-03-12", "1985-03-12", True),
        ("1985-03-12", "1985-12-03", True),
        ("1985-03-12", "1985-03-13", True),
        ("1985-03-12", "1985-03-21", True),
        ("1989-03-12", "1998-03-12", True),
        ("1985-03-12", "1958-03-12", False),
        ("1984-03-12", "1948-03-12", False),
        ("1990-01-01", "1991-01-01", False),
        ("1990-01-01", "1990-01-11", True),
        ("1985-03-12", "1986-03-12", True),
        ("1985-03-12", "1965-03-12", False),
        ("1960-01-01", "1990-01-01", False),
        ("1926-03-12", "2026-03-12", True),
        ("1985-03-12", "1985-04-13", False),
        ("1985-03-12", "1955-04-12", False),
        ("1985-03-12", "1987-07-30", False),
        ("1985-03-12", "1985-02-30", False),
        ("unknown", "unknown", True),
    ],
)
def test_birth_dates_allow_one_slip(a: str, b: str, compatible: bool) -> None:
    assert birth_dates_compatible(a, b) is compatible


WORDS = st.text(alphabet="aehijlmnorstvyzäöжя -.'", max_size=12)


@given(WORDS, WORDS)
def test_compatibility_asks_neither_order_nor_case(a: str, b: str) -> None:
    assert given_names_compatible(a, b) == given_names_compatible(b, a)
    assert given_names_compatible(a, a)


@given(st.dates(), st.dates())
def test_date_compatibility_asks_no_order(a: object, b: object) -> None:
    assert birth_dates_compatible(str(a), str(b)) == birth_dates_compatible(str(b), str(a))


@given(st.text(max_size=20))
def test_folding_leaves_letters_and_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz ")
