"""Hosts for tests: network namespaces of this machine, joined by a bridge, which reach each other and nothing else."""

import os
import shutil
import stat
import subprocess

PREFIX = "nbshost"
NETWORK = "10.213.77"


def sh(*words, check=True):
    return subprocess.run(words, check=check, capture_output=True, text=True)


def missing():
    """What this machine lacks for such hosts; an empty text where it lacks nothing."""
    for program in ["ip", "unshare", "mpirun"]:
        if not shutil.which(program):
            return f"there is no `{program}`"
    probe = sh("ip", "netns", "add", PREFIX + "probe", check=False)
    if probe.returncode:
        return f"no network namespace can be made: {probe.stderr.strip()}"
    sh("ip", "netns", "del", PREFIX + "probe", check=False)
    return ""


class Hosts:
    """So many hosts, named nbshost1, nbshost2 and so on. A `with` block has them; they go with it.

    They share the disk of this machine, but for one folder if it is named: there each has a disk of its own.
    """

    def __init__(self, count, folder, own=None):
        self.own = own
        self.names = [f"{PREFIX}{number}" for number in range(1, count + 1)]
        self.addresses = [f"{NETWORK}.{number}" for number in range(1, count + 1)]
        self.folder = folder

    def __enter__(self):
        self.remove()
        sh("ip", "netns", "add", PREFIX + "switch")
        self.inside("switch", "ip", "link", "add", "bridge", "type", "bridge")
        self.inside("switch", "ip", "link", "set", "bridge", "up")
        for number, (name, address) in enumerate(zip(self.names, self.addresses), 1):
            sh("ip", "netns", "add", name)
            port = f"port{number}"
            self.inside("switch", "ip", "link", "add", port, "type", "veth", "peer", "name", "net0", "netns", name)
            self.inside("switch", "ip", "link", "set", port, "master", "bridge", "up")
            self.inside(number, "ip", "addr", "add", f"{address}/24", "dev", "net0")
            self.inside(number, "ip", "link", "set", "net0", "up")
            self.inside(number, "ip", "link", "set", "lo", "up")
        self.agent = self.write_agent()
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for name in [*self.names, PREFIX + "switch"]:
            sh("ip", "netns", "del", name, check=False)

    def inside(self, host, *words, check=True):
        return sh("ip", "netns", "exec", f"{PREFIX}{host}", *words, check=check)

    def disk(self, number):
        """Where the folder of its own stands that a host sees as `own`."""
        path = os.path.join(self.folder, f"disk{number}")
        os.makedirs(path, exist_ok=True)
        return path

    def entering(self, number):
        """The shell commands that a host begins with: its name, and its disk."""
        mount = f"mount --bind {self.disk(number)} {self.own} && cd {self.own} && " if self.own else ""
        return f"{mount}hostname {PREFIX}{number}"

    def write_agent(self):
        """What Open MPI starts its daemons with, in place of ssh: a shell in the namespace, with a host name of its own."""
        cases = "".join(
            f"{number}) enter='{self.entering(number)}' ;;\n" for number in range(1, len(self.names) + 1))
        path = os.path.join(self.folder, "agent.sh")
        with open(path, "w") as file:
            file.write(
                f'#!/bin/sh\nnumber=${{1##*.}}\nshift\ncase $number in\n{cases}esac\n'
                f'exec ip netns exec {PREFIX}$number unshare --uts --mount sh -c "$enter && $*"\n')
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return path

    def slow_down(self):
        """Makes messages between hosts take longer: each by some time, or else by a narrow link. How, in words; an empty text
        where this machine has no means for it."""
        ways = {
            "2 ms each way": ["netem", "delay", "2ms"],
            "20 Mbit/s": ["tbf", "rate", "20mbit", "burst", "64kb", "latency", "100ms"],
        }
        for words, way in ways.items():
            if all(
                    self.inside(number, "tc", "qdisc", "add", "dev", "net0", "root", *way, check=False).returncode == 0
                    for number in range(1, len(self.names) + 1)):
                return words
        return ""

    def mpirun(self, ranks, *command, hosts=None):
        """The words that start a command on so many ranks, dealt to the hosts one by one."""
        hosts = hosts or len(self.names)
        slots = ",".join(f"{address}:{-(-ranks // hosts)}" for address in self.addresses[:hosts])
        return [
            "ip", "netns", "exec", self.names[0], "unshare", "--uts", "--mount", "sh", "-c",
            f'{self.entering(1)} && exec "$@"', "sh",
            "mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks), "--host", slots, "--map-by", "node",
            "--bind-to", "none",
            "--mca", "plm_rsh_agent", self.agent, "--mca", "btl", "tcp,self", "--mca", "pml", "ob1",
            "--mca", "btl_tcp_if_include", f"{NETWORK}.0/24", "--mca", "oob_tcp_if_include", f"{NETWORK}.0/24",
            *command]
