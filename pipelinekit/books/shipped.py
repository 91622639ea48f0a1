"""The notebooks that come with pipelinekit."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
# In a wheel they are package data; in the repository they lie at its top, where people open them.
FOLDERS = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")


def shipped() -> tuple[Path, ...]:
    """Their files, in alphabetical order."""
    return next((found for folder in FOLDERS if (found := tuple(sorted(folder.glob("*.ipynb"))))), ())
