"""The notebooks that come with pipelinekit, and laying them out where a person edits them."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
# In a wheel they are package data; in the repository they lie at its top, where people open them.
FOLDERS = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")
_RECORD = ".shipped.json"  # name to SHA-256 of what was laid out: what still is like that, nobody has edited
_CHECKPOINTS = ".ipynb_checkpoints"


def folder() -> Path:
    """Where they lie."""
    return next((place for place in FOLDERS if any(place.glob("*.ipynb"))), FOLDERS[0])


def shipped() -> tuple[Path, ...]:
    """Their files, in alphabetical order; those in folders of their own are not among them."""
    return tuple(sorted(folder().glob("*.ipynb")))


def everything() -> tuple[Path, ...]:
    """Those in folders of their own too, as the lessons are."""
    return tuple(file for file in sorted(folder().rglob("*.ipynb")) if _CHECKPOINTS not in file.parts)


def lay_out(target: Path) -> tuple[Path, ...]:
    """Copy all of them, folders too, into `target`, and name the copies, in alphabetical order.

    A copy that was edited or run stays as it is. One that nobody touched becomes what is shipped now, and one that is gone comes
    again. Raises OSError.
    """
    sources = everything()
    laid = _record(target)
    for source in sources:
        name = source.relative_to(folder()).as_posix()
        file, content = target / name, source.read_bytes()
        if file.exists() and _digest(file.read_bytes()) != laid.get(name):
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, file)
        laid[name] = _digest(content)
    (target / _RECORD).write_text(json.dumps(laid, indent=1) + "\n", encoding="utf-8")
    return tuple(target / source.relative_to(folder()) for source in sources)


def _record(target: Path) -> dict[str, str]:
    try:
        told = json.loads((target / _RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # without a record nothing counts as untouched
        return {}
    return {str(name): str(digest) for name, digest in told.items()} if isinstance(told, dict) else {}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
