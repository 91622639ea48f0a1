"""The hint for a word that nobody knows: what was probably meant, and what there is."""

from collections.abc import Collection
from difflib import get_close_matches

_LISTED = 8  # a longer list beside a good guess hides the guess


def suggestion(word: str, known: Collection[str], what: str) -> str:
    """`did you mean "test"? jobs here: "lint", "test"`; '' where nothing is known. The order of `known` is kept.

    what: the things in the plural, with where they are ("jobs here").
    """
    lowered = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    guess = f'did you mean "{lowered[close[0]]}"?' if close else ""
    if not known or (guess and len(known) > _LISTED):
        return guess
    listed = f"{what}: " + ", ".join(f'"{name}"' for name in known)
    return f"{guess} {listed}".strip()
