"""Evidence of every store, made once."""

from collections.abc import Callable

import pytest

from pipelinekit.report.all_pages import site_of
from pipelinekit.report.evidence import Evidence
from pipelinekit.report.site import Site
from tests.report.stores import ALL_STORES


@pytest.fixture(scope="session")
def evidence_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Evidence]:
    """The evidence of a store of ALL_STORES."""
    known: dict[str, Evidence] = {}

    def found(name: str) -> Evidence:
        if name not in known:
            known[name] = Evidence(ALL_STORES[name](tmp_path_factory.mktemp("store")), "a-repository")
        return known[name]

    return found


@pytest.fixture(scope="session")
def site_for(evidence_of: Callable[[str], Evidence]) -> Callable[[str], Site]:
    """The report of a store of ALL_STORES, not yet built."""
    known: dict[str, Site] = {}

    def found(name: str) -> Site:
        if name not in known:
            known[name] = site_of(evidence_of(name))
        return known[name]

    return found
