/* Captures and cells, reads before the first value, methods, update statements, spawn (LANGUAGE 4.6, 7.8, 9, 14.4). */
#include "probe.h"

#include "support/ruff_test.h"

static void captures_become_cells_only_when_needed(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"func f(a) { return |b| a + b }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=1\n"
         "  scope L0:a\n"
         "  return #2\n"
         "#2 <anonymous function>(b) slots=1\n"
         "  captures a@L0\n"
         "  scope L0:b\n"
         "  return (+ a@C0? b@L0)\n"},
        {"func f() { a := 1 a := 2 return || a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  scope L0:a\n"
         "  assign a@L0 := 1\n"
         "  assign a@L0 := 2\n"
         "  return #2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0\n"
         "  return a@C0?\n"},
        {"func f() { a := 1 g := || a a := 2 return g }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  scope L0:a~ L1:g\n"
         "  assign a@L0~ := 1\n"
         "  assign g@L1 := #2\n"
         "  assign a@L0~ := 2\n"
         "  return g@L1\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return a@C0~?\n"},
        {"func f() { a := 1 return func() { a := a + 1 } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  scope L0:a~\n"
         "  assign a@L0~ := 1\n"
         "  return #2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  assign a@C0~ := (+ a@C0~? 1)\n"},
        {"func f() { a := 0 fs := [] loop { a := a + 1 fs := push(fs, || a) } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  scope L0:a~ L1:fs\n"
         "  assign a@L0~ := 0\n"
         "  assign fs@L1 := (array)\n"
         "  loop\n"
         "    assign a@L0~ := (+ a@L0~ 1)\n"
         "    assign fs@L1 := (call push@B fs@L1 #2)\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return a@C0~?\n"},
        {"func f() { for i in 3 { g(|| i) } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  for i@L0 in 3\n"
         "    scope L0:i\n"
         "    eval (call g@- #2)\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures i@L0\n"
         "  return i@C0?\n"},
        {"func f() { for i in 3 { j := i g(|| j) } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  for i@L0 in 3\n"
         "    scope L0:i L1:j\n"
         "    assign j@L1 := i@L0\n"
         "    eval (call g@- #2)\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures j@L1\n"
         "  return j@C0?\n"},
        {"func f() { for i := 0; i < 3; i += 1 { g(|| i) } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  for\n"
         "    scope L0:i~\n"
         "    let i@L0~ := 0\n"
         "    while (< i@L0~ 3)\n"
         "    step assign i@L0~ += 1\n"
         "    eval (call g@- #2)\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures i@L0~\n"
         "  return i@C0~?\n"},
        {"func f() { while c(|| a) { a := 1 } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  while (call c@- #2)\n"
         "    scope L0:a\n"
         "    assign a@L0 := 1\n"
         "#2 <anonymous function>() slots=0\n"
         "  return a@-\n"},
        {"func f() { a := 0 while c(|| a) { a := 1 } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  scope L0:a~\n"
         "  assign a@L0~ := 0\n"
         "  while (call c@- #2)\n"
         "    assign a@L0~ := 1\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return a@C0~?\n"},
        {"func f(a) { g := || a a[0] := 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=2\n"
         "  scope L0:a~ L1:g\n"
         "  assign g@L1 := #2\n"
         "  assign a@L0~[0] := 1\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return a@C0~?\n"},
        {"func f(a) { g := || a push(a, 1) }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=2\n"
         "  scope L0:a~ L1:g\n"
         "  assign g@L1 := #2\n"
         "  update push a@L0~ updates=1 1\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return a@C0~?\n"},
        {"func f(a) { g := || a a.m() }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=2\n"
         "  scope L0:a~ L1:g\n"
         "  assign g@L1 := #2\n"
         "  eval (method a@L0~ .m place)\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return a@C0~?\n"},
        {"func f(a) { return || a.m() }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=1\n"
         "  scope L0:a~\n"
         "  return #2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return (method a@C0~? .m place)\n"},
        {"func f(a) { return || || a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=1\n"
         "  scope L0:a\n"
         "  return #2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0\n"
         "  return #3\n"
         "#3 <anonymous function>() slots=0\n"
         "  captures a@C0\n"
         "  return a@C0?\n"},
        {"func f() { a := 1 g := || || a a := 2 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  scope L0:a~ L1:g\n"
         "  assign a@L0~ := 1\n"
         "  assign g@L1 := #2\n"
         "  assign a@L0~ := 2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return #3\n"
         "#3 <anonymous function>() slots=0\n"
         "  captures a@C0~\n"
         "  return a@C0~?\n"},
        {"func f(c) { if c { a := 1 } g := || a return g }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=3\n"
         "  scope L0:c L1:a! L2:g\n"
         "  if c@L0\n"
         "    assign a@L1 := 1\n"
         "  assign g@L2 := #2\n"
         "  return g@L2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L1\n"
         "  return a@C0?\n"},
        {"func f(c) { loop { if c { a := 1 } g(|| a) } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c\n"
         "  loop\n"
         "    scope L1:a!\n"
         "    if c@L0\n"
         "      assign a@L1 := 1\n"
         "    eval (call g@- #2)\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L1\n"
         "  return a@C0?\n"},
        {"func f() { a := 1 func g() { return a } return g }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  scope L0:g L1:a~\n"
         "  hoist g\n"
         "  assign a@L1~ := 1\n"
         "  func g@L0 #2\n"
         "  return g@L0\n"
         "#2 g() slots=0\n"
         "  captures a@L1~\n"
         "  return a@C0~?\n"},
        {"func f(a) { func g() { return a } return g }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=2\n"
         "  scope L0:a L1:g\n"
         "  hoist g\n"
         "  func g@L1 #2\n"
         "  return g@L1\n"
         "#2 g() slots=0\n"
         "  captures a@L0\n"
         "  return a@C0?\n"},
        {"try { x } except e { f := || e }",
         "#0 <module>() slots=2 hidden\n"
         "  try\n"
         "    eval x@-\n"
         "  except e@L0\n"
         "    scope L0:e L1:f\n"
         "    assign f@L1 := #1\n"
         "#1 <anonymous function>() slots=0\n"
         "  captures e@L0\n"
         "  return e@C0?\n"},
        {"match v { case [a, b]: f(|| a) }",
         "#0 <module>() slots=2 hidden\n"
         "  match v@-\n"
         "  case [a@L0, b@L1]\n"
         "    scope L0:a L1:b\n"
         "    eval (call f@- #1)\n"
         "#1 <anonymous function>() slots=0\n"
         "  captures a@L0\n"
         "  return a@C0?\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void reads_before_the_first_value_are_marked(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"func f(c) { if c { a := 1 } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c L1:a!\n"
         "  if c@L0\n"
         "    assign a@L1 := 1\n"
         "  return a@L1?\n"},
        {"func f(c) { if c { a := 1 } else { a := 2 } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c L1:a\n"
         "  if c@L0\n"
         "    assign a@L1 := 1\n"
         "  else\n"
         "    assign a@L1 := 2\n"
         "  return a@L1\n"},
        {"func f(c) { if c { a := 1 } else { return } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c L1:a\n"
         "  if c@L0\n"
         "    assign a@L1 := 1\n"
         "  else\n"
         "    return\n"
         "  return a@L1\n"},
        {"func f(c) { if c { a := 1 } else { throw 1 } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c L1:a\n"
         "  if c@L0\n"
         "    assign a@L1 := 1\n"
         "  else\n"
         "    eval (throw 1)\n"
         "  return a@L1\n"},
        {"func f(c) { if c { a := 1 } else if d { a := 2 } else { a := 3 } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c L1:a\n"
         "  if c@L0\n"
         "    assign a@L1 := 1\n"
         "  else if d@-\n"
         "    assign a@L1 := 2\n"
         "  else\n"
         "    assign a@L1 := 3\n"
         "  return a@L1\n"},
        {"func f(c) { match c { case 1: a := 1 case 2: a := 2 } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c L1:a!\n"
         "  match c@L0\n"
         "  case 1\n"
         "    assign a@L1 := 1\n"
         "  case 2\n"
         "    assign a@L1 := 2\n"
         "  return a@L1?\n"},
        {"func f(c) { match c { case 1: a := 1 default: a := 2 } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c L1:a\n"
         "  match c@L0\n"
         "  case 1\n"
         "    assign a@L1 := 1\n"
         "  default\n"
         "    assign a@L1 := 2\n"
         "  return a@L1\n"},
        {"func f(c) { loop { if c { a := 1 } a if d { break } } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c\n"
         "  loop\n"
         "    scope L1:a!\n"
         "    if c@L0\n"
         "      assign a@L1 := 1\n"
         "    eval a@L1?\n"
         "    if d@-\n"
         "      break\n"},
        {"func f(c) { loop { if c { break } else { a := 1 } a } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(c) slots=2\n"
         "  scope L0:c\n"
         "  loop\n"
         "    scope L1:a\n"
         "    if c@L0\n"
         "      break\n"
         "    else\n"
         "      assign a@L1 := 1\n"
         "    eval a@L1\n"},
        {"g() x := 1 func g() { return x } x",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:g M0:x\n"
         "  hoist g\n"
         "  eval (call g@L0)\n"
         "  assign x@M0 := 1\n"
         "  func g@L0 #1\n"
         "  eval x@M0\n"
         "#1 g() slots=0\n"
         "  return x@M0?\n"},
        {"x y x := 1 x",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x!\n"
         "  eval x@L0?\n"
         "  eval y@-\n"
         "  assign x@L0 := 1\n"
         "  eval x@L0\n"},
        {"f() func f() {}",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  eval (call f@L0)\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"},
        {"func f() { if c { func g() {} g() } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  if c@-\n"
         "    scope L0:g\n"
         "    hoist g\n"
         "    func g@L0 #2\n"
         "    eval (call g@L0)\n"
         "#2 g() slots=0\n"},
        {"keys := keys(d) keys",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:keys\n"
         "  assign keys@M0 := (call keys@M0 d@-)\n"
         "  eval keys@M0\n"},
        {"if c { len := 1 } len",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:len\n"
         "  if c@-\n"
         "    assign len@M0 := 1\n"
         "  eval len@M0\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void methods_find_fields_or_self(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"struct B { w, h func area() { return w * h } func big(self) { return self.area() > w } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:B\n"
         "  hoist B\n"
         "  struct B@L0 w h area() #1 big() #2\n"
         "#1 B.area() slots=1\n"
         "  scope L0:self\n"
         "  return (* w@F0(L0) h@F1(L0))\n"
         "#2 B.big(self) slots=1\n"
         "  scope L0:self\n"
         "  return (> (method self@L0 .area place) w@-)\n"},
        {"struct B { w func set(w) { w := 1 } func put() { w := 2 w += 1 w.x := 3 } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:B\n"
         "  hoist B\n"
         "  struct B@L0 w set() #1 put() #2\n"
         "#1 B.set(w) slots=2\n"
         "  scope L0:self L1:w\n"
         "  assign w@L1 := 1\n"
         "#2 B.put() slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  assign w@F0(L0) := 2\n"
         "  assign w@F0(L0) += 1\n"
         "  assign w@F0(L0).x := 3\n"},
        {"struct B { func m() { return self } func n(self) { return func() { return self.x } } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:B\n"
         "  hoist B\n"
         "  struct B@L0 m() #1 n() #2\n"
         "#1 B.m() slots=1\n"
         "  scope L0:self\n"
         "  return self@-\n"
         "#2 B.n(self) slots=1\n"
         "  scope L0:self\n"
         "  return #3\n"
         "#3 <anonymous function>() slots=0\n"
         "  captures self@L0\n"
         "  return (field self@C0? .x)\n"},
        {"struct B { func m() { return late } late }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:B\n"
         "  hoist B\n"
         "  struct B@L0 late m() #1\n"
         "#1 B.m() slots=1\n"
         "  scope L0:self\n"
         "  return late@F0(L0)\n"},
        {"struct B { w func m() { return |x| w + x } func n() { return |x| { w := x } } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:B\n"
         "  hoist B\n"
         "  struct B@L0 w m() #1 n() #2\n"
         "#1 B.m() slots=1\n"
         "  scope L0:self\n"
         "  return #3\n"
         "#2 B.n() slots=1 modifies-self\n"
         "  scope L0:self~\n"
         "  return #4\n"
         "#3 <anonymous function>(x) slots=1\n"
         "  captures @L0\n"
         "  scope L0:x\n"
         "  return (+ w@F0(C0)? x@L0)\n"
         "#4 <anonymous function>(x) slots=1\n"
         "  captures @L0~\n"
         "  scope L0:x\n"
         "  assign w@F0(C0)~ := x@L0\n"},
        {"struct B { w, xs func a(self) { self.b() } func b(self) { self.c() } func c(self) { self.w += 1 } "
         "func d(self) { self.a() self.e() } func e(self) { f(self) } func g(self) { self.xs.push(1) } func "
         "h() { xs.push(1) } func i(self) { self := 1 } func j(self) { push(self.xs, 1) } func k() { push(xs, "
         "1) } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:B\n"
         "  hoist B\n"
         "  struct B@L0 w xs a() #1 b() #2 c() #3 d() #4 e() #5 g() #6 h() #7 i() #8 j() #9 k() #10\n"
         "#1 B.a(self) slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  eval (method self@L0 .b place)\n"
         "#2 B.b(self) slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  eval (method self@L0 .c place)\n"
         "#3 B.c(self) slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  assign self@L0.w += 1\n"
         "#4 B.d(self) slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  eval (method self@L0 .a place)\n"
         "  eval (method self@L0 .e place)\n"
         "#5 B.e(self) slots=1\n"
         "  scope L0:self\n"
         "  eval (call f@- self@L0)\n"
         "#6 B.g(self) slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  eval (method (field self@L0 .xs) .push updates=11 place 1)\n"
         "#7 B.h() slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  eval (method xs@F1(L0) .push updates=11 place 1)\n"
         "#8 B.i(self) slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  assign self@L0 := 1\n"
         "#9 B.j(self) slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  update push self@L0.xs updates=1 1\n"
         "#10 B.k() slots=1 modifies-self\n"
         "  scope L0:self\n"
         "  update push xs@F1(L0) updates=1 1\n"},
        {"struct B { w func m() { area() m() w() } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:B\n"
         "  hoist B\n"
         "  struct B@L0 w m() #1\n"
         "#1 B.m() slots=1\n"
         "  scope L0:self\n"
         "  eval (call area@-)\n"
         "  eval (call m@-)\n"
         "  eval (call w@F0(L0))\n"},
        {"func f(a) { struct S { x = a y = x func m() { return a + x } } return S }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=2\n"
         "  scope L0:a L1:S\n"
         "  hoist S\n"
         "  struct S@L1 x = #2 y = #3 m() #4\n"
         "  return S@L1\n"
         "#2 <anonymous function>() slots=0 hidden\n"
         "  captures a@L0\n"
         "  return a@C0?\n"
         "#3 <anonymous function>() slots=0 hidden\n"
         "  return x@-\n"
         "#4 S.m() slots=1\n"
         "  captures a@L0\n"
         "  scope L0:self\n"
         "  return (+ a@C0? x@F0(L0))\n"},
        {"struct O { a func m() { struct I { b func n() { return a + b } } } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:O\n"
         "  hoist O\n"
         "  struct O@L0 a m() #1\n"
         "#1 O.m() slots=2\n"
         "  scope L0:self L1:I\n"
         "  hoist I\n"
         "  struct I@L1 b n() #2\n"
         "#2 I.n() slots=1\n"
         "  captures @L0\n"
         "  scope L0:self\n"
         "  return (+ a@F0(C0)? b@F0(L0))\n"},
        {"self self := 1 func f() { self := self + 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  eval self@-\n"
         "  assign self@- := 1\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"
         "  assign self@- := (+ self@- 1)\n"},
        {"struct S { func m(self) { let self := 2 for self in self { self } } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:S\n"
         "  hoist S\n"
         "  struct S@L0 m() #1\n"
         "#1 S.m(self) slots=2 modifies-self\n"
         "  scope L0:self\n"
         "  let self@L0 := 2\n"
         "  for self@L1 in self@L0\n"
         "    scope L1:self\n"
         "    eval self@L1\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void updates_need_the_builtin_and_a_place(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"push(xs, 1) push(xs) push(xs[0].a, 1, 2) push((xs), 1) (push(xs, 1)) (push)(xs, 1) push(f(), 1) "
         "push() x := push(xs, 1)",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  update push xs@- updates=1 1\n"
         "  update push xs@- updates=1\n"
         "  update push xs@-[0].a updates=1 1 2\n"
         "  eval (call (call (call (call push@B xs@- 1) (call push@B xs@- 1)) push@B) xs@- 1)\n"
         "  eval (call push@B (call f@-) 1)\n"
         "  eval (call push@B)\n"
         "  assign x@L0 := (call push@B xs@- 1)\n"},
        {"pop(xs) remove(d, k) sort(xs) add(s, 1) len(xs)",
         "#0 <module>() slots=0 hidden\n"
         "  update pop xs@- updates=100\n"
         "  update remove d@- updates=201 k@-\n"
         "  update sort xs@- updates=1\n"
         "  eval (call add@B s@- 1)\n"
         "  eval (call len@B xs@-)\n"},
        {"func push(a, b) {} push(xs, 1)",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:push\n"
         "  hoist push\n"
         "  func push@L0 #1\n"
         "  eval (call push@L0 xs@- 1)\n"
         "#1 push(a, b) slots=2\n"
         "  scope L0:a L1:b\n"},
        {"push(xs, 1) push := 1",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:push\n"
         "  eval (call push@M0 xs@- 1)\n"
         "  assign push@M0 := 1\n"},
        {"func f() { push(xs, 1) push := 2 push(xs, 1) }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  scope L0:push\n"
         "  update push xs@- updates=1 1\n"
         "  assign push@L0 := 2\n"
         "  eval (call push@L0 xs@- 1)\n"},
        {"func f(push) { push(xs, 1) }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(push) slots=1\n"
         "  scope L0:push\n"
         "  eval (call push@L0 xs@- 1)\n"},
        {"xs.push(1) xs.add(1) xs.remove(1) xs.a[1].pop() xs?.push(1) (xs).push(1) (xs.push(1)) "
         "xs.a?.b.push(1) f().push(1) xs.len() x := xs.push(1)",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  eval (method xs@- .push updates=11 place 1)\n"
         "  eval (method xs@- .add updates=4 place 1)\n"
         "  eval (method xs@- .remove updates=205 place 1)\n"
         "  eval (method (index (field xs@- .a) 1) .pop updates=1100 place)\n"
         "  eval (call (method (call (method? xs@- .push place 1) xs@-) .push 1) (method xs@- .push place 1))\n"
         "  eval (method (field? (field xs@- .a) .b) .push 1)\n"
         "  eval (method (call f@-) .push 1)\n"
         "  eval (method xs@- .len place)\n"
         "  assign x@L0 := (method xs@- .push place 1)\n"},
        {"struct S { push func m() { push(xs, 1) } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:S\n"
         "  hoist S\n"
         "  struct S@L0 push m() #1\n"
         "#1 S.m() slots=1\n"
         "  scope L0:self\n"
         "  eval (call push@F0(L0) xs@- 1)\n"},
        {"f := || push(xs, 1) g := || { push(xs, 1) } match x { case 1: push(xs, 1) }",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:f L1:g\n"
         "  assign f@L0 := #1\n"
         "  assign g@L1 := #2\n"
         "  match x@-\n"
         "  case 1\n"
         "    update push xs@- updates=1 1\n"
         "#1 <anonymous function>() slots=0\n"
         "  return (call push@B xs@- 1)\n"
         "#2 <anonymous function>() slots=0\n"
         "  update push xs@- updates=1 1\n"},
        {"Result::Ok(xs) _.push(1) push(_, 1)",
         "#0 <module>() slots=0 hidden\n"
         "  eval (call ::Ok@B xs@-)\n"
         "  eval (method _@- .push updates=11 place 1)\n"
         "  update push _@- updates=1 1\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void spawn_blocks_are_walked_in_line(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"x := 1 spawn { x := 2 y := x }",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:x\n"
         "  assign x@M0 := 1\n"
         "  spawn #1\n"
         "#1 <anonymous function>() slots=1 hidden\n"
         "  scope L0:y\n"
         "  assign x@M0 := 2\n"
         "  assign y@L0 := x@M0?\n"},
        {"func f(a) { spawn { b := a a := 2 } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a) slots=1\n"
         "  scope L0:a~\n"
         "  spawn #2\n"
         "#2 <anonymous function>() slots=1 hidden\n"
         "  captures a@L0~\n"
         "  scope L0:b\n"
         "  assign b@L0 := a@C0~?\n"
         "  assign a@C0~ := 2\n"},
        {"func f() { spawn { x } x := 1 } x := 2",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f M0:x\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign x@M0 := 2\n"
         "#1 f() slots=1\n"
         "  scope L0:x\n"
         "  spawn #2\n"
         "  assign x@L0 := 1\n"
         "#2 <anonymous function>() slots=0 hidden\n"
         "  eval x@M0?\n"},
        {"func f() { a := 1 spawn { g := || a spawn { a } } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=1\n"
         "  scope L0:a\n"
         "  assign a@L0 := 1\n"
         "  spawn #2\n"
         "#2 <anonymous function>() slots=1 hidden\n"
         "  captures a@L0\n"
         "  scope L0:g\n"
         "  assign g@L0 := #3\n"
         "  spawn #4\n"
         "#3 <anonymous function>() slots=0\n"
         "  captures a@C0\n"
         "  return a@C0?\n"
         "#4 <anonymous function>() slots=0 hidden\n"
         "  captures a@C0\n"
         "  eval a@C0?\n"},
        {"spawn { a := 1 f := || a a := 2 }",
         "#0 <module>() slots=0 hidden\n"
         "  spawn #1\n"
         "#1 <anonymous function>() slots=2 hidden\n"
         "  scope L0:a~ L1:f\n"
         "  assign a@L0~ := 1\n"
         "  assign f@L1 := #2\n"
         "  assign a@L0~ := 2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L0~\n"
         "  return a@C0~?\n"},
        {"spawn { loop { x := 1 break } func g() { return h } h := g }",
         "#0 <module>() slots=0 hidden\n"
         "  spawn #1\n"
         "#1 <anonymous function>() slots=3 hidden\n"
         "  scope L0:g L2:h~\n"
         "  hoist g\n"
         "  loop\n"
         "    scope L1:x\n"
         "    assign x@L1 := 1\n"
         "    break\n"
         "  func g@L0 #2\n"
         "  assign h@L2~ := g@L0\n"
         "#2 g() slots=0\n"
         "  captures h@L2~\n"
         "  return h@C0~?\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captures_become_cells_only_when_needed),
        cmocka_unit_test(reads_before_the_first_value_are_marked),
        cmocka_unit_test(methods_find_fields_or_self),
        cmocka_unit_test(updates_need_the_builtin_and_a_place),
        cmocka_unit_test(spawn_blocks_are_walked_in_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
