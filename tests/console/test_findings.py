"""How findings look in a terminal."""

import pytest

from pipelinekit.console.findings import findings_lines, verdict
from pipelinekit.model.finding import Finding, Findings, Health

FINE = Finding("git", Health.FINE, "2.39.5")
WARNING = Finding("certificates", Health.WARNING, "PIP_CERT names a file that is not there", "unset PIP_CERT")
MISSING = Finding("engine", Health.MISSING, "none answers", "sudo pipelinekit engine")


def test_each_has_its_state_and_its_mend() -> None:
    assert list(findings_lines(Findings([FINE, WARNING, MISSING]))) == [
        "✓ fine     git           2.39.5",
        "! warning  certificates  PIP_CERT names a file that is not there",
        "                         mend: unset PIP_CERT",
        "✗ missing  engine        none answers",
        "                         mend: sudo pipelinekit engine",
        "",
        "1\u00a0thing is missing, 1\u00a0warning",
    ]


def test_colour_changes_no_word() -> None:
    coloured = "\n".join(findings_lines(Findings([FINE, MISSING]), colour=True))
    assert "\x1b[32m✓ fine   \x1b[0m" in coloured
    assert "\x1b[31m✗ missing\x1b[0m" in coloured


@pytest.mark.parametrize(
    ("findings", "said", "enough"),
    [
        pytest.param([FINE], "all that is needed is there", True, id="fine"),
        pytest.param([FINE, WARNING, WARNING], "all that is needed is there, 2\u00a0warnings", True, id="warnings"),
        pytest.param([MISSING, MISSING], "2\u00a0things are missing", False, id="missing"),
        pytest.param([], "all that is needed is there", True, id="nothing"),
    ],
)
def test_the_sentence_says_whether_it_is_enough(findings: list[Finding], said: str, enough: bool) -> None:
    assert verdict(Findings(findings)) == said
    assert Findings(findings).enough is enough
