"""What a run is told to do, one after another, in a thread that is there as long as there is something to do."""

import contextvars
import threading
from collections import deque
from collections.abc import Callable


class Orders:
    """name: of the thread. What it is given must not raise."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], None]] = deque()
        self._working = False

    def put(self, work: Callable[[], None]) -> None:
        """Begins at once where nothing else is to be done before it. What it prints belongs to the cell that said it."""
        with self._lock:
            self._waiting.append(work)
            if not self._working:
                self._working = True
                context = contextvars.copy_context()
                threading.Thread(target=context.run, args=(self._work,), name=self._name, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._working = False
                    return
                work = self._waiting.popleft()
            work()
