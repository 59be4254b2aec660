import os
import tempfile

from rb import measure


def run(size, seed):
    x = seed % 2147483646 + 1
    lines = []
    for i in range(size):
        x = x * 48271 % 2147483647
        lines.append(f"{i} {x % 1000000} record-{x % 977}")
    folder = tempfile.mkdtemp(prefix="ruffbench-")
    path = os.path.join(folder, "data.txt")
    with open(path, "w") as file:
        file.write("\n".join(lines[: size // 2]) + "\n")
    with open(path, "a") as file:
        file.write("\n".join(lines[size // 2:]) + "\n")
    acc = os.path.getsize(path)
    with open(path) as file:
        text = file.read()
    for line in text.splitlines():
        fields = line.split(" ")
        acc = (acc * 31 + int(fields[0]) + int(fields[1]) + len(fields[2])) % 1000000007
    os.remove(path)
    os.rmdir(folder)
    return acc


measure(run)
