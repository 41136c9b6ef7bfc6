"""What the documents promise about each other and about the code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from vitograph.api.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(page for page in ROOT.glob("docs/**/*.md") if page.parent.name != "generated")]
)
ADRS = sorted(ROOT.glob("docs/adr/*.md"))

# The words of the design's glossary.
WORDS = {
    "Observation",
    "Event",
    "Identifier",
    "Assurance",
    "Person",
    "View",
    "Candidate",
    "Decision",
    "Campaign",
    "Artifact",
    "Evidence",
    "Department",
    "Projection",
}

# Spelled in parts, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.~$}-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "tm" + "p", "mn" + "t")) + r")/")
REGISTRIES = re.compile("|".join(("py" + r"pi\.org", "pythonho" + r"sted\.org", "npm" + r"js\.org")))


def tracked() -> list[Path]:
    """The text files of the repository."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def anchors(path: Path) -> set[str]:
    """The fragments that headings of a document make."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_resolve(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, fragment = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link


@pytest.mark.parametrize("adr", ADRS, ids=lambda path: path.stem)
def test_every_adr_says_context_decision_and_consequences(adr: Path) -> None:
    headings = re.findall(r"^## (.+)$", adr.read_text(), re.MULTILINE)
    assert [one for one in headings if one in ("Context", "Decision", "Consequences")] == [
        "Context",
        "Decision",
        "Consequences",
    ]


def test_adrs_have_a_number_of_their_own() -> None:
    numbers = [adr.name[:4] for adr in ADRS]
    assert numbers == [f"{number:04}" for number in range(1, len(ADRS) + 1)]


def test_the_glossary_has_the_words_of_the_design() -> None:
    defined = re.findall(r"^\| (\w[\w ]*) \|", (ROOT / "docs/reference/glossary.md").read_text(), re.MULTILINE)
    assert set(defined) >= WORDS
    assert len(defined) == len(set(defined))


def test_every_setting_is_in_the_reference() -> None:
    told = set(re.findall(r"VITO_[A-Z0-9_]+", (ROOT / "docs/reference/settings.md").read_text()))
    declared = {f"VITO_{name.upper()}" for name in Settings.model_fields}
    folders = ("api", "graph", "resolver", "ingest", "projections")
    used = {
        name
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"VITO_[A-Z0-9]+(?:_[A-Z0-9]+)*", path.read_text())
    }
    assert declared | used <= told


def test_every_statement_folder_is_in_the_data_model() -> None:
    told = (ROOT / "docs/reference/data-model.md").read_text()
    schema = "".join(path.read_text() for path in (ROOT / "cypher/schema").glob("*.cypher"))
    names = re.findall(r"CREATE (?:CONSTRAINT|INDEX) (\w+)", schema)
    assert [name for name in names if f"`{name}`" not in told] == []
    cypher = "".join(path.read_text() for path in (ROOT / "cypher").rglob("*.cypher"))
    labels = set(re.findall(r"\(\w*:([A-Z][A-Za-z]+)", cypher))
    assert [label for label in sorted(labels) if f"`{label}`" not in told] == []


def test_no_file_names_a_place_of_one_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}: {match.group()}"
            for pattern in (MACHINE_PATHS, REGISTRIES)
            for match in pattern.finditer(text)
        ]
    assert found == []


def test_every_test_that_the_threat_model_names_is_there() -> None:
    text = (ROOT / "docs/explanation/threat-model.md").read_text()
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", text)
    assert len(named) > 20
    for file, name in named:
        assert re.search(rf"^(async )?def {name}\(", (ROOT / "tests" / file).read_text(), re.MULTILINE), (file, name)


def test_the_data_model_has_one_row_a_label() -> None:
    labels = (ROOT / "docs/reference/data-model.md").read_text().partition("## Labels")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", labels, re.MULTILINE)
    assert sorted(named) == sorted(set(named))
