"""What a step writes to GITHUB_ENV, GITHUB_OUTPUT, GITHUB_STATE and GITHUB_PATH, read after it.

Source: actions/runner, `FileCommandManager`: `NAME=VALUE` or `NAME<<DELIMITER`, whichever sign comes first decides; only a
newline ends a line, a carriage return stays in the value; no quoting.
"""

_NODE_OPTIONS = "NODE_OPTIONS"


class EnvFileInvalid(Exception):
    """The file can't be read: the step is a failure even where its command was not."""


def read_pairs(text: str) -> dict[str, str]:
    """The names and values, later ones over earlier ones. Raises EnvFileInvalid with GitHub's own words."""
    pairs: dict[str, str] = {}
    lines = text.removeprefix("\ufeff").split("\n")
    ended = text.endswith("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip("\r"):
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, value = line.split("=", 1)
            if not name:
                raise EnvFileInvalid(f"Invalid format '{line}'. Name must not be empty")
            pairs[name] = value
        elif heredoc >= 0:
            name, delimiter = line.split("<<", 1)
            if not name or not delimiter:
                raise EnvFileInvalid(f"Invalid format '{line}'. Name must not be empty and delimiter must not be empty")
            pairs[name], at = _heredoc(lines, at, delimiter, ended)
        else:
            raise EnvFileInvalid(f"Invalid format '{line}'")
    return pairs


def _heredoc(lines: list[str], at: int, delimiter: str, ended: bool) -> tuple[str, int]:
    start = at
    while at < len(lines):
        if lines[at] == delimiter:
            return "\n".join(lines[start:at]), at + 1
        at += 1
    if lines and lines[-1] != "" and not ended and lines[-1].startswith(delimiter):
        raise EnvFileInvalid("Invalid value. EOF marker missing new line.")
    raise EnvFileInvalid(f"Invalid value. Matching delimiter not found '{delimiter}'")


def read_paths(text: str) -> tuple[str, ...]:
    """One folder a line, in the order written; the last one comes first on the PATH."""
    return tuple(line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n") if line.strip())


def refuse_node_options(pairs: dict[str, str]) -> tuple[dict[str, str], str]:
    """What may be set, and an error where NODE_OPTIONS was among it: it would reach every later JavaScript action."""
    refused = [name for name in pairs if name.upper() == _NODE_OPTIONS]
    kept = {name: value for name, value in pairs.items() if name not in refused}
    return kept, f"Can't store {_NODE_OPTIONS} output parameter using '$GITHUB_ENV' command." if refused else ""
