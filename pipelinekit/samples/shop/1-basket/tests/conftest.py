from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from shop import create_app


@pytest.fixture
def client() -> FlaskClient:
    return create_app().test_client()


class RerunsInJUnit:
    """Ends an attempt that is about to be rerun, so that the JUnit file has one case for each attempt.

    pytest-rerunfailures 16.0 leaves the end out, and with it the attempt; 16.7 does not, but needs 3.10.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if str(report.outcome) == "rerun":
            end = pytest.TestReport(report.nodeid, report.location, {}, "passed", None, "teardown")
            self.config.hook.pytest_runtest_logreport(report=end)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RerunsInJUnit(config))
