"""What is known to act on the world outside of a run, and what only looks like it."""

from pathlib import Path

import pytest

from pipelinekit.runs.folders import Actions
from pipelinekit.runs.outside import acts_outside
from tests.plans.written import workflow

OUTSIDE = [
    "docker push registry.example.org/shop:1", "docker login -u me", "git push origin main", "git -C site push --force",
    "twine upload dist/*", "python -m twine upload dist/*", "npm publish", "uv publish", "cargo publish", "mvn -B deploy",
    "kubectl apply -f shop.yml", "helm upgrade shop ./chart", "terraform apply", "ssh shop@example.org restart",
    "scp dist.zip example.org:", "rsync -a site/ example.org:", "aws s3 sync site s3://shop", "gh release create v1",
    "curl -X POST https://example.org", "curl --request PUT https://example.org", "curl -d a=b https://example.org",
    "curl -s \\\n  -X DELETE https://example.org", "curl -T dist.zip https://example.org", "make deploy", "npm run release",
    "./deploy.sh production", "bash scripts/publish.sh", "python scripts/upload.py",
]
INSIDE = [
    "pytest -q", "docker build -t shop .", "git log --oneline", "git diff --stat", "pip install -r requirements.txt", "npm ci",
    "npm test", "curl -fsSL https://example.org/install.sh", "make test", "python -m build", "echo published", "# git push later",
    "cargo test", "cp release-notes.md out/",
]


def told(step: str) -> str:
    return acts_outside(workflow(f"on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n      - {step}\n").job("t"), Actions(Path()))


def script(text: str) -> str:
    return told("run: |\n" + "".join(f"          {line}\n" for line in text.splitlines()))


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_command_that_acts_outside_is_told(text: str) -> None:
    assert script(f"echo first\n{text}") == text.replace("\\\n", " ")


@pytest.mark.parametrize("text", INSIDE)
def test_a_command_that_keeps_to_its_place_is_not_told(text: str) -> None:
    assert script(text) == ""


@pytest.mark.parametrize(
    ("uses", "name"),
    [
        ("acme/deploy@v1", "acme/deploy"), ("pypa/gh-action-pypi-publish@release/v1", "pypa/gh-action-pypi-publish"),
        ("actions/upload-artifact@v4", ""), ("codecov/codecov-action@v5", ""), ("acme/lint@v1", ""),
    ],
)
def test_an_action_is_told_by_its_name_unless_it_keeps_to_the_store(uses: str, name: str) -> None:
    assert told(f"uses: {uses}") == name
