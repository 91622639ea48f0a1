"""What `container: options:` may say: the options of `docker create` that make sense for a leg's container."""

import argparse
from dataclasses import dataclass, field
from typing import Any

from pipelinekit.model.problem import SurroundingsMissing

_HOST = {  # option to the engine's name for it, as docker-py spells it; each may be given more than once
    "--cap-add": "cap_add",
    "--cap-drop": "cap_drop",
    "--add-host": "extra_hosts",
    "--security-opt": "security_opt",
    "--device": "devices",
    "--dns": "dns",
    "--volume": "binds",
    "--group-add": "group_add",
}


@dataclass(frozen=True, slots=True)
class ContainerOptions:
    """settings: keyword arguments of docker-py's `create_host_config`."""

    settings: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    hostname: str | None = None


def host_options(words: tuple[str, ...]) -> ContainerOptions:
    """The options, read as `docker create` does. Raises SurroundingsMissing for one that can't be given here."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option, name in _HOST.items():
        parser.add_argument(option, *(["-v"] if name == "binds" else []), dest=name, action="append")
    parser.add_argument("-e", "--env", dest="environment", action="append", default=[])
    parser.add_argument("-u", "--user")
    parser.add_argument("-h", "--hostname")
    parser.add_argument("-m", "--memory", dest="mem_limit")
    parser.add_argument("--shm-size", dest="shm_size")
    parser.add_argument("--cpus", type=float)
    parser.add_argument("--privileged", action="store_true", default=None)
    parser.add_argument("--init", action="store_true", default=None)
    parser.add_argument("--name")  # a leg's container goes by its labels
    try:
        read, unknown = parser.parse_known_args(words)
    except argparse.ArgumentError as wrong:
        raise SurroundingsMissing(f"the container's options can't be read ({wrong})") from wrong
    if unknown:
        known = sorted(option for action in parser._actions for option in action.option_strings if option.startswith("--"))
        raise SurroundingsMissing(
            f'the container\'s option "{unknown[0]}" can\'t be given here', f"options that can: {', '.join(known)}"
        )
    given = {name: value for name, value in vars(read).items() if value is not None}
    environment = dict(entry.partition("=")[::2] for entry in given.pop("environment"))
    user, hostname, cpus = given.pop("user", None), given.pop("hostname", None), given.pop("cpus", None)
    given.pop("name", None)
    if cpus is not None:
        given["nano_cpus"] = int(cpus * 1e9)
    return ContainerOptions(given, environment, user, hostname)
