# What does not just go on to the next instruction: errors through frames, returns that store back, generators, pushes to
# others than arrays, tasks that are never done.
cat > flow.ruff <<'END'
struct Counter {
    n
    func add(k) {
        n := n + k
        return n
    }
    func read() { return n }
}

func raises(n) {
    if n == 0 { throw "deep" }
    return 1 + raises(n - 1)
}

func catches(n) {
    mut caught := 0
    for i in range(n) {
        try {
            raises(3)
            caught := caught + 100
        } except e {
            caught := caught + 1
        }
    }
    return caught
}

func finds(n) {
    v := fails(n)?
    return Ok(v + 1)
}

func fails(n) {
    if n % 2 == 0 { return Err("even") }
    return Ok(n)
}

func* numbers(n) {
    for i in range(n) {
        yield raises_never(i)
    }
}

func raises_never(i) { return i * 2 }

func pushes(n) {
    mut list := []
    mut line := Stack()
    for i in range(n) {
        push(list, i)
        line.push(i)
        push(list, i + 1)
    }
    return len(list)
}

func methods(n) {
    mut c := Counter { n: 0 }
    mut many := [Counter { n: 0 }]
    for i in range(n) {
        c.add(i)
        many[0].add(i)
        many[0].read()
    }
    return c.read()
}

func waits() {
    started.send(true)
    never.receive()
    return 1
}

func never_done() {
    x := waits()
    return x + 1
}

print(catches(10))
for i in range(6) { finds(i) }
mut sum := 0
for x in numbers(5) { sum := sum + x }
print(sum, pushes(7), methods(8), map([1, 2, 3], |x| x + 1))
started := channel()
never := channel()
left := spawn_task(never_done)
started.receive()
exit(0)
END
$RUFF profile --cpu --vm --json --output report flow.ruff
python3 - <<'END'
import json
report = json.load(open("report"))
for line in sorted(report["cpu"]["lines"], key=lambda line: line["line"]):
    if line["instructions"] is not None:
        print(line["line"], line["hits"], line["instructions"])
END
