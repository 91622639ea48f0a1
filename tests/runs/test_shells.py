"""GitHub's own command lines."""

import pytest

from pipelinekit.runs.shells import ShellInvalid, script_text, shell


@pytest.mark.parametrize(
    ("name", "in_container", "argv"),
    [
        pytest.param("", False, ("bash", "-e", "f"), id="usual"),
        pytest.param("", True, ("sh", "-e", "f"), id="usual-in-a-container"),
        pytest.param("bash", False, ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "f"), id="bash"),
        pytest.param("python", True, ("python", "f"), id="python"),
        pytest.param("pwsh", False, ("pwsh", "-command", ". 'f'"), id="pwsh"),
        pytest.param("perl -w {0}", False, ("perl", "-w", "f"), id="custom"),
    ],
)
def test_command_line(name: str, in_container: bool, argv: tuple[str, ...]) -> None:
    assert shell(name, in_container=in_container).argv("f") == argv


def test_a_custom_shell_without_a_place_for_the_script_is_refused() -> None:
    with pytest.raises(ShellInvalid, match=r"containing '\{0\}'"):
        shell("perl", in_container=False)


def test_scripts_end_with_a_newline_and_powershell_gets_its_frame() -> None:
    assert script_text("", "a") == "a\n"
    assert script_text("pwsh", "a").startswith("$ErrorActionPreference = 'stop'\na\n")
