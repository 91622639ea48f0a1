"""GitHub's own command lines for a step's `shell:`.

Source: actions/runner, `ScriptHandlerHelpers`.
"""

import shlex
from dataclasses import dataclass

_KNOWN = {
    "bash": ("bash --noprofile --norc -e -o pipefail {0}", ".sh"),
    "sh": ("sh -e {0}", ".sh"),
    "python": ("python {0}", ".py"),
    "pwsh": ("pwsh -command \". '{0}'\"", ".ps1"),
}
ELSEWHERE = frozenset({"cmd", "powershell"})


@dataclass(frozen=True, slots=True)
class Shell:
    """line: with `{0}` for the script's path. extension: of the script file."""

    line: str
    extension: str

    def argv(self, script: str) -> tuple[str, ...]:
        """The command that runs the script."""
        return tuple(word.replace("{0}", script) for word in shlex.split(self.line))


class ShellInvalid(Exception):
    """The `shell:` is none: GitHub's own words."""


def shell(name: str, *, in_container: bool) -> Shell:
    """name: '' for the default: `bash -e` on a runner (without pipefail), `sh -e` in a job's own container.

    Raises ShellInvalid for one without `{0}` that is none of the known ones.
    """
    if not name:
        return Shell("sh -e {0}" if in_container else "bash -e {0}", ".sh")
    if name in _KNOWN:
        return Shell(*_KNOWN[name])
    if "{0}" not in name:
        raise ShellInvalid(
            "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string "
            "containing '{0}'"
        )
    return Shell(name, _KNOWN.get(shlex.split(name)[0], ("", ""))[1])


def script_text(name: str, text: str) -> str:
    """The script as it is written to its file: PowerShell gets GitHub's first and last line."""
    if name == "pwsh":
        last = "if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }"
        return f"$ErrorActionPreference = 'stop'\n{text}\n{last}"
    return text if text.endswith("\n") else f"{text}\n"
