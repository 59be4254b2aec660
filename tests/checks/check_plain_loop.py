"""The plain interpreter loop knows nothing of the profiler: its object code is the same without it.

usage: check_plain_loop.py ROOT WITHOUT OBJECT...   (dispatch.c compiled without the profiler; the objects of the VM)
"""
import hashlib
import os
import re
import subprocess
import sys

LOOP = "rf_vm_run_plain"


def code_of(path):
    """Instructions and what they refer to, where functions that are not inlined lie left out."""
    text = subprocess.run(["objdump", "-dr", "--no-show-raw-insn", f"--disassemble={LOOP}", path], check=True,
                          capture_output=True, text=True).stdout
    return [line for line in text.splitlines() if re.match(r"\s+[0-9a-f]+:", line)]


without = code_of(sys.argv[2])
made = next(path for path in sys.argv[3:] if os.path.basename(path) == "dispatch.c.o")
with_it = code_of(made)
digests = [hashlib.sha256("\n".join(code).encode()).hexdigest()[:16] for code in (with_it, without)]
print(f"{LOOP}: {len(with_it)} lines of code, digest {digests[0]}; without the profiler {digests[1]}")
if len(with_it) < 1000:
    sys.exit(f"{LOOP} was not found in {made}")
if any("rf_prof" in line or "rf_vm_profile" in line for line in with_it):
    sys.exit(f"{LOOP} refers to the profiler")
if with_it != without:
    sys.exit("the code differs")
