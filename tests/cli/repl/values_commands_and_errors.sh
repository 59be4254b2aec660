# LANGUAGE 18.4, 19: state stays, values are shown in inspect form, errors end the input only
$RUFF repl <<"E"
1 + 2
"a\nb"
x := [1, "two"]
x
null
push(x, 3)
x
1 / 0
func f(n) {
  return n *
    2 }
f(4)
{"b": "q", "a": 1}
:vars
later()
func g() { return later() }
func later() { return 9 }
g()
async_sleep(100000) throw "what sleeps is abandoned"
:nope
:reset
x
:quit
E
echo $?
