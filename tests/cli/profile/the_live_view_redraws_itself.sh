cat > p.ruff <<'EOF'
func spin() {
    mut i := 0
    while true {
        i := i + 1
        if i == 1000000 { write_file("ready", "") }
    }
}
spin()
EOF
python3 - <<'EOF'
import os, pty, signal
child, terminal = pty.fork()
if child == 0:
    os.execv(os.environ["RUFF"], ["ruff", "profile", "--vm", "--watch", "--output", "report", "--flamegraph", "p.svg", "p.ruff"])
seen, is_asked = b"", False
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    seen += data
    if not is_asked and os.path.exists("ready") and seen.count(b"\033[2K") > 10 and b"spin" in seen:
        os.write(terminal, b"\x03")  # as a user would
        is_asked = True
status = os.waitpid(child, 0)[1]
print("redrawn with the hottest function:", is_asked)
print("ended by", signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
print("files:", os.path.exists("report"), os.path.exists("p.svg"))
EOF
