import re

from rb import measure

LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"]
PATHS = ["/index.html", "/api/users/17", "/static/app.js", "/api/orders/9", "/login"]

SERIOUS = re.compile(r"^\[(WARN|ERROR)\]")
ADDRESS = re.compile(r"(\d+)\.(\d+)\.\d+\.\d+")
NUMBER = re.compile(r"\d+")
API = re.compile(r"GET /api/[a-z]+/\d+ ")


def make_lines(size, seed):
    x = seed % 2147483646 + 1
    lines = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        lines.append(
            f"[{LEVELS[x % 4]}] 10.{x // 4 % 256}.{x // 1024 % 256}.{x % 200} "
            f"GET {PATHS[x // 16 % 5]} {x % 400 + 200} {x // 3 % 5000}ms"
        )
    return lines


def run(size, seed):
    acc = 0
    serious = api = 0
    for line in make_lines(size, seed):
        if SERIOUS.search(line):
            serious += 1
        if API.search(line):
            api += 1
        masked = ADDRESS.sub(r"\1.\2.x.x", line)
        acc = (acc * 31 + len(masked)) % 1000000007
        for number in NUMBER.findall(masked):
            acc = (acc * 31 + int(number)) % 1000000007
    return (acc * 31 + serious * 1000 + api) % 1000000007


measure(run)
