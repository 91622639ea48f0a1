"""What the expression parser says, in our words, and with a hint."""

from pipelinekit.expressions.functions import SIGNATURES
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.workflows.shapes import CONTEXTS, Scope
from pipelinekit.workflows.suggest import suggestion

_FUNCTIONS = ("case", "contains", "endsWith", "format", "fromJSON", "join", "startsWith", "toJSON")
_LIMITED = frozenset({"hashfiles", "always", "cancelled", "failure", "success"})  # each only at some places


def complaint(error: ExpressionError, scope: Scope) -> tuple[str, str, int]:
    """Message, hint, and how many characters are to blame. scope: what could be used there."""
    what, _, token = error.summary.partition(": ")
    word = token.removeprefix("'").removesuffix("'")
    if what == "Unrecognized named-value":
        message, hint = _unknown_context(word, scope)
    elif what == "Unrecognized function":
        message, hint = _unknown_function(word, scope)
    elif what in ("Too few parameters supplied", "Too many parameters supplied"):
        takes = SIGNATURES[word.lower()]
        message = f'"{word}" is given too {"few" if "few" in what else "many"} arguments'
        hint = f"it takes {takes.least}" + (f" to {takes.most}" if takes.most != takes.least else "")
    else:
        message, hint = _malformed(error, what, word)
    return message, hint, max(1, len(word))


def _unknown_context(word: str, scope: Scope) -> tuple[str, str]:
    usable = sorted(scope.names)
    if word.lower() in CONTEXTS:
        return f'"{word}" can\'t be used here', "usable here: " + ", ".join(f'"{name}"' for name in usable)
    return f'no context has the name "{word}"', suggestion(word, usable, "usable here")


def _unknown_function(word: str, scope: Scope) -> tuple[str, str]:
    if word.lower() in _LIMITED:
        return f'"{word}" can\'t be used here', ""
    functions = sorted({*_FUNCTIONS, *scope.functions}, key=str.lower)
    return f'no function has the name "{word}"', suggestion(word, functions, "functions here")


def _malformed(error: ExpressionError, what: str, word: str) -> tuple[str, str]:
    if what == "Unexpected symbol" and word.startswith("'"):
        return "a text in quotes is not closed", "end it with '; a ' inside is written twice"
    if what == "Unexpected end of expression" and word:
        return f'the expression ends too early, after "{word}"', ""
    if '"' in word:
        return "text stands in single quotes here", f"write '{word.strip(chr(34))}'"
    if what == "An expression was expected":
        return "nothing stands between ${{ and }}", ""
    if "not closed" in what:
        return '"${{" is not closed', 'end the expression with "}}"'
    return sentence(error) + (f' "{word}"' if word else ""), ""


def sentence(error: ExpressionError) -> str:
    """GitHub's sentence, as messages begin here."""
    what = error.summary.partition(": ")[0]
    return what[:1].lower() + what[1:]
