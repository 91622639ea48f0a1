"""What acts on the world outside of a run: one table. A leg that does so would do it again each time, and must not be spared it
unless its author says what it reads.

It knows words, not intentions: what is in a script that a step calls it can't see.
"""

import re
from collections.abc import Iterator

from pipelinekit.model.workflow import Job
from pipelinekit.runs.folders import Actions
from pipelinekit.runs.used import Kind, every_step, used

_TASK = r"(?:make|just|task|invoke|npm run|yarn|pnpm|bash|sh|python3?)\s.*"
OUTSIDE: tuple[re.Pattern[str], ...] = tuple(
    re.compile(words)
    for words in (
        r"\b(?:docker|podman|buildah|skopeo)\s.*\b(?:push|login|copy)\b",
        r"\bgit\s.*\bpush\b",
        r"\btwine\s.*\bupload\b",
        r"\b(?:npm|yarn|pnpm|cargo|poetry|uv|pdm|flit|hatch|lerna)\s.*\bpublish\b",
        r"\b(?:gem|nuget|dotnet)\s.*\bpush\b",
        r"\b(?:mvn|gradle|gradlew)\s.*\b(?:deploy|publish\w*|release)\b",
        r"\b(?:kubectl|helm|kustomize|argocd|terraform|tofu|pulumi|ansible-playbook|ansible)\s",
        r"\b(?:ssh|scp|sftp|rsync|ftp|lftp)\s",
        r"\b(?:aws|gcloud|gsutil|az|doctl|flyctl|fly|heroku|vercel|netlify|wrangler|surge|firebase)\s",
        r"\bgh\s+(?:release|pr|issue|api|workflow|gist|repo)\b",
        r"\bcurl\b.*(?:(?:-X\s*|--request[= ])(?:POST|PUT|PATCH|DELETE)|--data|\s-[dFT]|--form|--json|--upload-file)",
        r"\bwget\s.*--(?:post|method|body)",
        _TASK + r"\b(?:deploy|publish|release|upload)\b",
        r"(?:^|/|[;&|]\s*)(?:deploy|publish|release)(?:[\w-]*\.(?:sh|py|js))?(?:\s|$)",
    )
)
_ACTIONS = re.compile(r"deploy|publish|release|push|pages|login|credentials|upload|notify|slack|comment", re.IGNORECASE)


def acts_outside(job: Job, actions: Actions) -> str:
    """What in the job acts on the world outside, as its author wrote it; '' where nothing is known to.

    Of an action whose steps are known these count, of another one its name.
    """
    return next(_found(job, actions), "")


def _found(job: Job, actions: Actions) -> Iterator[str]:
    for use in used(job.steps, actions):
        name = use.uses.text.split("@", maxsplit=1)[0]
        if use.kind in (Kind.FOREIGN, Kind.LATER) and _ACTIONS.search(name):
            yield name
    for step in every_step(job.steps, actions):
        if step.run is not None:
            for line in step.run.text.replace("\\\n", " ").splitlines():
                command = line.strip()
                if not command.startswith("#") and any(words.search(command) for words in OUTSIDE):
                    yield command
