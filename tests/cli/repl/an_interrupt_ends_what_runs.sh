# LANGUAGE 19: Ctrl-C abandons the input that runs, whatever it does, in each engine; what was assigned before stays
cat > drive.py <<"P"
import os, pty, sys

child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "dumb"
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0"  # libedit keeps two strings
    os.execv(sys.argv[1], ["ruff", "repl", sys.argv[2]])
seen = b""

def wait_for(mark):
    """Reads until mark has come; what was before it."""
    global seen
    while mark not in seen:
        seen += os.read(terminal, 4096)
    before, _, seen = seen.partition(mark)
    return before

def enter(text):
    os.write(terminal, text.encode() + b"\n")

wait_for(b"ruff> ")
for program in ["loop {}", "for i in 1000000000000 { x := i }", "sleep(1000000)", "await async_sleep(1000000)",
                "loop { try { loop {} } except e { print(\"caught\") } }", "channel().receive() loop { channel() }",
                "func g(n) { return if n < 2 { 1 } else { g(n - 1) + g(n - 2) } }  g(100)",
                "[1, 2].map(|v| g(100))", "func* h() { loop { yield 1 } }  for v in h() { }"]:
    enter("x := 7 print(\"be\" + \"gun\"); " + program)
    wait_for(b"begun\r\n")
    os.write(terminal, b"\x03")
    wait_for(b"ruff> ")
enter("print(\"x\" + \"=\", x)")
wait_for(b"x= ")
print(sys.argv[2], "still knows x:", wait_for(b"\r\n").decode() == "7")
enter("exit(3)")
try:
    while os.read(terminal, 4096):
        pass
except OSError:  # the other end is closed
    pass
print("ends with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
P
for engine in --interpreter --vm --jit; do timeout 60 python3 drive.py $RUFF $engine || echo "no end with $engine"; done
