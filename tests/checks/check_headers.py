"""Every header compiles alone."""
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

root, build, compiler = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
flags = subprocess.run(["pkg-config", "--cflags", "sqlite3", "jansson", "libcyaml", "popt", "libpcre2-8"],
                       capture_output=True, text=True, check=True).stdout.split()


def compile_alone(header):
    base = root / header.parts[0]
    command = [compiler, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Werror", "-fsyntax-only", "-x", "c",
               f"-I{base}", f"-I{root / 'runtime'}", f"-I{root / 'runtime/include'}", f"-I{build}/runtime/include",
               f"-I{build}/harness",
               *flags, str(root / header)]
    return header, subprocess.run(command, capture_output=True, text=True)


headers = [p.relative_to(root) for room in ("runtime", "harness") for p in sorted((root / room).rglob("*.h"))]
failed = 0
with ThreadPoolExecutor(2) as pool:
    for header, result in pool.map(compile_alone, headers):
        if result.returncode:
            failed += 1
            print(f"{header} does not stand alone:\n{result.stderr}")
print(f"{len(headers)} headers, {failed} fail")
sys.exit(1 if failed or not headers else 0)
