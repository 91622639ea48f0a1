"""`codecov/codecov-action`: coverage files (or test results) are recorded with their flag, and stay on this machine."""

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult, Input
from pipelinekit.model.event import ReportFound
from pipelinekit.workspaces.globs import PatternInvalid, Patterns

# What is looked for where no file is named, by kind. Source: codecov-cli, coverage and test result file patterns.
_SEARCHED: Mapping[str, tuple[str, ...]] = {
    "coverage": ("*coverage*.xml", "*cobertura*.xml", "*.lcov", "lcov.info", "lcov.dat"),
    "junit": ("*junit*.xml", "*test*results*.xml", "TEST-*.xml"),
}
_NEVER_IN = frozenset({".git", ".hg", ".pipelinekit", ".tox", ".nox", ".venv", "venv", "node_modules", "site-packages"})


class Codecov:
    """Records reports by `files` (a comma between, globs allowed), or searches `directory`, or the whole workspace.

    Nothing leaves the machine, so that inputs about uploading have no effect. Source: codecov/codecov-action v5.
    """

    inputs: Mapping[str, Input] = {
        "files": Input(),
        "file": Input(),
        "directory": Input(),
        "flags": Input(),
        "name": Input(),
        "fail_ci_if_error": Input("false"),
        "disable_search": Input("false"),
        "exclude": Input(),
        "report_type": Input(),
        "token": Input(),
        "verbose": Input("false"),
        "working-directory": Input(),
        **{
            name: Input()
            for name in (
                "base_sha", "binary", "codecov_yml_path", "commit_parent", "disable_file_fixes", "disable_safe_directory",
                "disable_telem", "dry_run", "env_vars", "force", "gcov_args", "gcov_executable", "gcov_ignore",
                "gcov_include", "git_service", "handle_no_reports_found", "job_code", "network_filter", "network_prefix",
                "os", "override_branch", "override_build", "override_build_url", "override_commit", "override_pr",
                "plugins", "recurse_submodules", "root_dir", "run_command", "skip_validation", "slug", "swift_project",
                "upload_coverage", "upload_coverage_test_results", "url", "use_legacy_upload_endpoint", "use_oidc",
                "use_pypi", "version",
            )
        },
    }  # fmt: skip

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def main(self, call: ActionCall) -> ActionResult:
        kind = {"test_results": "junit", "coverage": "coverage"}.get(call.inputs["report_type"], self.kind)
        flag = ",".join(part.strip() for part in call.inputs["flags"].split(",") if part.strip())
        found = 0
        for path in _reports(call, kind):
            try:
                digest = call.blobs.put_bytes(call.place.read(posixpath.join(call.place.workspace, path)))
            except FileNotFoundError:
                call.say(f'the file "{path}" is not there')
                continue
            found += 1
            call.emit(ReportFound(call.now(), call.leg, call.step, kind, path, digest, flag))
            call.say(f"{kind} report {path} is recorded" + (f" with the flag {flag}" if flag else ""))
        if not found:
            message = f"No {kind} reports found. Please make sure you're generating reports successfully."
            if call.inputs["fail_ci_if_error"] == "true":
                raise ActionFailed(message)
            call.say(f"::warning::{message}")
        call.say("reports are recorded on this machine: nothing is uploaded to Codecov")
        return ActionResult()


def _reports(call: ActionCall, kind: str) -> Iterator[str]:
    """Paths from the workspace's top, each once; absolute where a file was named that lies outside."""
    top = call.inputs["working-directory"]
    excluded = _listed(call.inputs["exclude"])
    named = [*_listed(call.inputs["files"]), *_listed(call.inputs["file"])]
    paths: list[str] = []
    for name in named:
        paths += _globbed(call, posixpath.join(top, name)) if set("*?[") & set(name) else [posixpath.join(top, name)]
    if not named and call.inputs["disable_search"] != "true":
        folder = posixpath.join(top, call.inputs["directory"])
        paths += _matching(call, [f"{posixpath.join(folder, '**')}/{pattern}" for pattern in _SEARCHED[kind]])
    for path in dict.fromkeys(posixpath.normpath(path) for path in paths):
        if not any(path == other or path.startswith(f"{other.rstrip('/')}/") for other in excluded):
            yield path


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


def _globbed(call: ActionCall, pattern: str) -> list[str]:
    found = _matching(call, [pattern])
    if not found:
        call.say(f'no file matches "{pattern}"')
    return found


def _matching(call: ActionCall, patterns: list[str]) -> list[str]:
    """Files below the workspace that one of the patterns takes, in order; folders of tools and packages are left out."""
    try:
        wanted = Patterns([posixpath.normpath(pattern) for pattern in patterns], call.place.workspace_folder)
    except PatternInvalid as invalid:
        raise ActionFailed(str(invalid)) from invalid
    found = []
    for here, folders, files in os.walk(call.place.workspace_folder):
        folders[:] = sorted(name for name in folders if name not in _NEVER_IN)
        paths = (Path(here, name).relative_to(call.place.workspace_folder).as_posix() for name in sorted(files))
        found += [path for path in paths if wanted.match(path)]
    return found
