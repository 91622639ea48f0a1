"""Values that show themselves in a notebook. The ground knows that they do; how, is registered by a room far above it."""

import importlib
from functools import singledispatch
from typing import Self, SupportsIndex, TypeVar, overload

Bundle = dict[str, str]  # MIME type to content: always `text/plain`, and `text/html` where there is more to see

Item = TypeVar("Item")
_SHOWS = "pipelinekit.notebook.show"


@singledispatch
def bundle(value: object) -> Bundle:
    """How a value shows itself: `text/html` that stands without styles, scripts and other hosts, and plain text that is the same
    for the same value. A kind of value is given its own with `@bundle.register`, in pipelinekit/notebook/show.py.
    """
    return {"text/plain": repr(value)}


class Shown:
    """What Jupyter asks. A class that shows itself has it among its bases."""

    __slots__ = ()

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        # By its name, as `main` finds a command: no floor imports a higher one, and whoever shows nothing loads nothing.
        importlib.import_module(_SHOWS)
        return bundle(self)


class ShownList(list[Item], Shown):
    """A list that shows itself, a part of it too: some kind of rows, which its subclass names."""

    @overload
    def __getitem__(self, at: SupportsIndex) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: SupportsIndex | slice) -> Item | Self:
        return type(self)(super().__getitem__(at)) if isinstance(at, slice) else super().__getitem__(at)
