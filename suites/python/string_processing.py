from rb import measure

NAMES = ["alpha_one", "beta_two", "gamma_three", "delta_four", "omega_five"]


def make_lines(size, seed):
    x = seed % 2147483646 + 1
    lines = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        lines.append("  " + NAMES[x % 5] + " = " + str(x // 5 % 100000) + " ; note " + str(x % 97) + "  ")
    return lines


def run(size, seed):
    out = []
    total = 0
    for line in make_lines(size, seed):
        parts = line.strip().split(" = ")
        name = parts[0].upper().replace("_", "-")
        rest = parts[1]
        end = rest.find(" ;")
        number = int(rest[:end])
        note = rest[end + 2:].strip()
        if note.endswith("7") or name.startswith("OMEGA"):
            note = note[::-1]
        total += number
        out.append(name + ":" + str(number).rjust(8, "0") + ":" + note)
    text = "\n".join(out)
    acc = (total * 31 + len(text)) % 1000000007
    for line in text.split("\n"):
        acc = (acc * 31 + line.find("7") + len(line)) % 1000000007
    return acc


measure(run)
