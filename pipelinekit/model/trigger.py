"""What happened in the repository, so that a workflow runs."""

from dataclasses import dataclass, field

from pipelinekit.model.node import Value


@dataclass(frozen=True, slots=True)
class Trigger:
    """event: `push`, `pull_request`, `workflow_dispatch` ... ref: `refs/heads/main`. commit: full hash, '' outside git.

    before: the commit that the branch pointed at before a push. tree: hash of the files as they are, changes included.
    payload: what `github.event` holds. inputs: of a dispatch, coerced to their types.
    changed_files: paths from the repository's top, or None where it is not known.
    """

    event: str = "push"
    ref: str = "refs/heads/main"
    commit: str = ""
    before: str = ""
    tree: str = ""
    dirty: bool = False
    repository: str = "local/repository"
    default_branch: str = "main"
    actor: str = "local"
    subject: str = ""
    base_ref: str = ""
    head_ref: str = ""
    payload: dict[str, Value] = field(default_factory=dict)
    inputs: dict[str, Value] = field(default_factory=dict)
    changed_files: tuple[str, ...] | None = None

    @property
    def ref_type(self) -> str:
        return "tag" if self.ref.startswith("refs/tags/") else "branch"

    @property
    def ref_name(self) -> str:
        """`main`, `v1.0`, `7/merge`."""
        for prefix in ("refs/heads/", "refs/tags/", "refs/pull/"):
            if self.ref.startswith(prefix):
                return self.ref.removeprefix(prefix)
        return self.ref

    @property
    def branch(self) -> str:
        """The branch that people think of: of a pull request its head."""
        return self.head_ref or (self.ref_name if self.ref_type == "branch" else "")
