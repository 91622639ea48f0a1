"""The git command, run so that it reads the author's repository and never writes to it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from pipelinekit.model.problem import SurroundingsMissing

# Set where git itself calls us (a hook, an alias): they would point it at another repository.
# Source: git rev-parse --local-env-vars.
_LOCAL = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
# The repository may belong to another user; no hook or daemon of the author's is started; one wording, whatever the
# settings.
_SETTINGS = (
    "safe.directory=*",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
)

# For `ls-files`: untracked files that are not ignored, without the copies that JupyterLab keeps beside an open notebook.
OTHERS = ("--others", "--exclude-standard", "--exclude=.ipynb_checkpoints")


class GitFailed(SurroundingsMissing):
    """git ended with another exit code than 0; the details are what it wrote."""

    def __init__(self, top: Path, command: str, exit_code: int, details: str) -> None:
        super().__init__(f"git {command} failed in {top} (exit code {exit_code})", *details.splitlines())
        self.exit_code = exit_code


class Git:
    """git at the top of one repository. environment: what it finds (PATH, HOME), and all that it finds."""

    def __init__(self, top: Path, environment: Mapping[str, str] | None = None) -> None:
        self.top = top
        self.environment = {
            "PATH": os.defpath,
            **{name: value for name, value in (environment or {}).items() if name not in _LOCAL},
            "GIT_OPTIONAL_LOCKS": "0",  # `status` would else write the refreshed index
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }

    def start(self, *words: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Begin `git WORDS` and go on. Raises SurroundingsMissing where there is no git."""
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            return subprocess.Popen(
                ["git", *settings, *words],
                cwd=self.top,
                env={**self.environment, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            if not self.top.is_dir():
                raise
            raise SurroundingsMissing(
                f"{self.top} is a git repository, but the program git can't be found", "install git"
            ) from error

    def output(self, *words: str, environment: Mapping[str, str] | None = None) -> bytes:
        """What `git WORDS` writes. Raises GitFailed, SurroundingsMissing."""
        process = self.start(*words, environment=environment)
        output, error = process.communicate()
        if process.returncode:
            raise GitFailed(self.top, words[0], process.returncode, error.decode("utf-8", "replace").strip())
        return output
