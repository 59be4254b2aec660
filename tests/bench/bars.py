"""Measures what VM, library and harness promise about time and memory; see README.md."""
import argparse
import os
from pathlib import Path

from engine import ROOT
from instruction_counts import print_instructions
from jit_start import print_jit_start, print_warm_up
from linear_cost import print_linear_cost
from memory_use import print_memory
from operation_points import print_points
from profile_bars import print_profile
from store_speed import print_store
from suite_table import print_library_table, print_suite_table

TABLES = ["table", "library", "points", "linear", "memory", "instructions", "store", "jit-start", "warm-up", "profile"]


def main():
    parser = argparse.ArgumentParser(prog="./dev bars", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"which: {', '.join(TABLES)} (default: all)")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release", help="where bin/ruff is")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is run")
    parser.add_argument("--write", action="store_true", help="record the instruction counts")
    parser.add_argument("--check", action="store_true", help="fail when an instruction count has grown")
    options = parser.parse_args()
    for table in options.tables:
        if table not in TABLES:
            parser.error(f"no table {table}: choose from {', '.join(TABLES)}")
    build = options.build.resolve()
    if not (build / "bin/ruff").exists():
        parser.error(f"{build}/bin/ruff is missing: build first, or name a build with --build")
    chosen = options.tables or TABLES
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {build.name}")
    if "table" in chosen:
        print_suite_table(build, options.rounds)
    if "library" in chosen:
        print_library_table(build, options.rounds)
    if "points" in chosen:
        print_points(build, options.rounds)
    if "linear" in chosen:
        print_linear_cost(build, options.rounds)
    if "memory" in chosen:
        print_memory(build, options.rounds)
    if "instructions" in chosen:
        print_instructions(build, options.write, options.check)
    if "store" in chosen:
        print_store(build, options.rounds)
    if "jit-start" in chosen:
        print_jit_start(build, options.rounds)
    if "warm-up" in chosen:
        print_warm_up(build, options.rounds)
    if "profile" in chosen:
        print_profile(build, options.rounds * 5)


if __name__ == "__main__":
    main()
