"""The widget of a live run: one for each run, shown as often as it is wanted. Needs anywidget, which the `lab` extra brings."""

from weakref import WeakKeyDictionary

import anywidget
import traitlets

from pipelinekit.run_views.live_run import Json
from pipelinekit.run_views.mount import module, styles
from pipelinekit.widgets.feed import Feed
from pipelinekit.widgets.held import Held

_OF_RUN: "WeakKeyDictionary[Held, RunWidget]" = WeakKeyDictionary()


class RunWidget(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget is untyped for us
    """What the views of a run in a notebook share. Its parts are replaced, never changed; a message is only put down.

    Parts and messages are sent from the feed's thread: they belong to the widget and not to a cell, so that they arrive as they
    should also while a cell runs or none does.
    """

    _esm = module()
    _css = styles()
    words = traitlets.Dict().tag(sync=True)
    shape = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    legs = traitlets.Dict().tag(sync=True)
    tail = traitlets.Dict().tag(sync=True)
    files = traitlets.Dict().tag(sync=True)

    def __init__(self, run: Held) -> None:
        self.feed = Feed(run, self._put, self._say)
        super().__init__(**self.feed.begin())
        self.on_msg(lambda _widget, message, _buffers: self.feed.take(message))

    def _put(self, name: str, value: Json) -> None:
        setattr(self, name, value)

    def _say(self, message: Json) -> None:
        self.send(message)


def of(run: Held) -> RunWidget:
    """The widget of this run."""
    if run not in _OF_RUN:
        _OF_RUN[run] = RunWidget(run)
    return _OF_RUN[run]
