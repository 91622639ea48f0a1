"""`actions/checkout`: lays the run's snapshot of the repository into the workspace."""

import posixpath
from collections.abc import Mapping
from pathlib import PurePosixPath

from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult, Answer, Input

_NO_PROGRAM = 127
_GIT_FATAL = 128


class Checkout:
    """The files are those of the author's working tree, uncommitted changes included, unless `ref` names another
    commit.

    Only what the local repository has can be checked out: nothing is fetched. Source: actions/checkout v4, action.yml.
    """

    inputs: Mapping[str, Input] = {
        "repository": Input(),
        "ref": Input(),
        "token": Input(),
        "ssh-key": Input(),
        "ssh-known-hosts": Input(),
        "ssh-strict": Input("true"),
        "ssh-user": Input("git"),
        "persist-credentials": Input("true"),
        "path": Input(),
        "clean": Input("true"),
        "filter": Input(),
        "sparse-checkout": Input(),
        "sparse-checkout-cone-mode": Input("true"),
        "fetch-depth": Input("1"),
        "fetch-tags": Input("false"),
        "show-progress": Input("true"),
        "lfs": Input("false"),
        "submodules": Input("false"),
        "set-safe-directory": Input("true"),
        "github-server-url": Input(),
    }

    def main(self, call: ActionCall) -> ActionResult:
        repository = str(call.github.get("repository", ""))
        wanted = call.inputs["repository"]
        if wanted and wanted.lower() != repository.lower():
            raise ActionFailed(
                f'the repository "{wanted}" can\'t be checked out: only "{repository}", which this run is of, is at hand'
            )
        folder = _folder(call)
        inside = posixpath.normpath(posixpath.join(call.place.workspace, folder))
        outside = call.place.workspace_folder / folder
        if outside.is_dir() and any(outside.iterdir()):
            if call.inputs["clean"] == "false" and (outside / ".git").exists():
                call.say(f"{inside} holds a repository already, and is left as it is, because of `clean: false`")
            else:
                call.say(f"Deleting the contents of '{inside}'")
                call.ask("sh", "-c", 'rm -rf -- "$1"/..?* "$1"/.[!.]* "$1"/*', "sh", inside, moves=True)
                call.snapshot.lay(outside)
        else:
            call.snapshot.lay(outside)
        commit, ref = str(call.github.get("sha", "")), call.inputs["ref"]
        if (outside / ".git").exists():
            _trust(call, inside)
            if not _is_current(call, ref):
                commit = _switch(call, inside, ref)
        at = f" at {commit[:7]}" if commit else ""
        call.say(f"{repository}{at} is in {inside}")
        return ActionResult(outputs={"ref": ref or str(call.github.get("ref", "")), "commit": commit})


def _folder(call: ActionCall) -> str:
    """`path` from the workspace's top, `.` for the top itself."""
    path = call.inputs["path"] or "."
    folder = posixpath.normpath(posixpath.join(call.place.workspace, path))
    if not PurePosixPath(folder).is_relative_to(call.place.workspace):
        raise ActionFailed(f"Repository path '{folder}' is not under '{call.place.workspace}'")
    return posixpath.relpath(folder, call.place.workspace)


def _trust(call: ActionCall, folder: str) -> None:
    """Let git bring its index up to date, for copies are other files; where it won't trust their owner, tell it to."""
    refresh = ("git", "-C", folder, "update-index", "-q", "--refresh")
    answer = call.ask(*refresh, moves=True)
    if answer.exit_code == _NO_PROGRAM:
        call.say("there is no git in this place: the files are there, but no step can look into their history")
        return
    is_refused = answer.exit_code == _GIT_FATAL and "dubious ownership" in answer.text
    if is_refused and call.inputs["set-safe-directory"] != "false":
        call.ask("git", "config", "--global", "--add", "safe.directory", folder, moves=True)
        call.ask(*refresh, moves=True)


def _is_current(call: ActionCall, ref: str) -> bool:
    names = ("ref", "sha", "ref_name", "head_ref")
    return not ref or ref in {str(call.github.get(name) or "") for name in names}


def _switch(call: ActionCall, folder: str, ref: str) -> str:
    """Check out another ref of the local repository, without what was not committed; its commit.

    Branches are searched as the author has them, then as they were last fetched, then tags, then commits.
    """
    branch = ref.removeprefix("refs/heads/")
    candidates = [f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"] if not ref.startswith("refs/tags/") else []
    for name in (*candidates, ref if ref.startswith("refs/") else f"refs/tags/{ref}", ref):
        found = _git(call, folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if found.exit_code == 0:
            how = ("-B", branch) if name in candidates else ("--detach",)
            for words in (("checkout", "--quiet", "--force", *how, found.text), ("clean", "-ffdxq")):
                answer = _git(call, folder, *words)
                if answer.exit_code:
                    raise ActionFailed(f'"{ref}" can\'t be checked out: {answer.text}')
            return found.text
        if found.exit_code == _NO_PROGRAM:
            raise ActionFailed(f'"{ref}" can\'t be checked out: there is no git in this place ({call.place.image or "the host"})')
    raise ActionFailed(
        f'the local repository has no branch, tag or commit "{ref}", and nothing is fetched here; '
        f"to have it: git fetch origin {ref}"
    )


def _git(call: ActionCall, folder: str, *words: str) -> Answer:
    return call.ask("git", "-C", folder, "-c", "advice.detachedHead=false", *words, moves=True)
