"""How often do caches hit, and how much time do they save?

A key's family is the key without its hashes and with its version numbers as `*`: `pip-Linux-3.11-9f2c...` is of `pip-Linux-*`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

BY_FAMILY = {
    "kind": "string",  # actions, leg, layer
    "family": "string",
    "jobs": "strings",
    "lookups": "int",
    "hits": "int",  # exact
    "partial": "int",
    "misses": "int",
    "hit_share": "float",  # hits / lookups
    "hit_share_low": "float",  # 95 % Wilson interval
    "hit_share_high": "float",
    "size_bytes": "float",  # median of what was restored or saved
    "restore_p50_seconds": "float",
    "restore_seconds": "float",  # all of them
    "save_seconds": "float",  # all of them
    "saved_per_hit_seconds": "float",  # below 0 where the cache costs more than it spares; null where too few
    "saved_per_hit_low": "float",  # 95 % interval
    "saved_per_hit_high": "float",
    "saved_seconds": "float",  # saved_per_hit x hits
    "saved_low": "float",
    "saved_high": "float",
    "enough": "bool",  # hits and misses suffice for an interval
    "marks": "string",  # last 24 lookups, newest right: p hit, k partial, m miss
    "last_miss_run_id": "string",
    "simulated": "bool",
}
BY_RUN = {
    "run_id": "string",
    "attempt": "int",
    "number": "int",
    "created_at": "time",
    "lookups": "int",
    "hits": "int",
    "partial": "int",
    "misses": "int",
    "hit_share": "float",
}


def by_family(caches: pa.Table, jobs: pa.Table, runs: pa.Table) -> pa.Table:
    """Lookups and time saved of each family of keys (columns BY_FAMILY), most seconds saved first, unknown last."""
    return query.rows([], BY_FAMILY)


def by_run(caches: pa.Table, runs: pa.Table) -> pa.Table:
    """Lookups of each run that looked one up (columns BY_RUN), oldest first."""
    return query.rows([], BY_RUN)
