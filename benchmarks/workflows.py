"""The workflows that are timed, each in a git repository of its own."""

import subprocess
from pathlib import Path

ONE_JOB = "on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hello\n"


FAILING = (
    "on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo done\n      - run: echo trying; exit 1\n"
)


def steps(count: int) -> str:
    """One job of so many steps that do nothing."""
    return "on: push\njobs:\n  many:\n    runs-on: ubuntu-latest\n    steps:\n" + "      - run: 'true'\n" * count


def jobs(count: int) -> str:
    """So many jobs of one step, each by itself."""
    return "on: push\njobs:\n" + "".join(
        f"  j{n}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo {n}\n" for n in range(count)
    )


def checking_out(count: int) -> str:
    """So many jobs that check the repository out, and look into it."""
    return "on: push\njobs:\n" + "".join(
        f"  j{n}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: ls; echo {n}\n"
        for n in range(count)
    )


def printing(lines: int) -> str:
    """One job whose one step prints so many lines."""
    return f"on: push\njobs:\n  loud:\n    runs-on: ubuntu-latest\n    steps:\n      - run: seq 1 {lines}\n"


def repository(folder: Path, text: str, image: str) -> Path:
    """A repository with this workflow as ci.yml, its label mapped to the image; its top."""
    workflows = folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "ci.yml").write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text(f'[tool.pipelinekit.runners]\nubuntu-latest = "{image}"\n', encoding="utf-8")
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Bench")):
        subprocess.run(["git", *identity, *words], cwd=folder, check=True)
    return folder
