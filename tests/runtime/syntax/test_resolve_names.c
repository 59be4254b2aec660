/* Which variable a name means: visibility, home scopes, hoisting, constants (LANGUAGE 4). */
#include "probe.h"

#include "support/ruff_test.h"

static void assignments_create_or_update(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"hits := 0 func record() { hits := hits + 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:record M0:hits\n"
         "  hoist record\n"
         "  assign hits@M0 := 0\n"
         "  func record@L0 #1\n"
         "#1 record() slots=0\n"
         "  assign hits@M0 := (+ hits@M0? 1)\n"},
        {"func total(xs) { sum := 0 for x in xs { sum := sum + x } return sum } sum := total([1])",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:total L1:sum\n"
         "  hoist total\n"
         "  func total@L0 #1\n"
         "  assign sum@L1 := (call total@L0 (array 1))\n"
         "#1 total(xs) slots=3\n"
         "  scope L0:xs L1:sum\n"
         "  assign sum@L1 := 0\n"
         "  for x@L2 in xs@L0\n"
         "    scope L2:x\n"
         "    assign sum@L1 := (+ sum@L1 x@L2)\n"
         "  return sum@L1\n"},
        {"func late() { return limit * 2 } limit := 21",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:late M0:limit\n"
         "  hoist late\n"
         "  func late@L0 #1\n"
         "  assign limit@M0 := 21\n"
         "#1 late() slots=0\n"
         "  return (* limit@M0? 2)\n"},
        {"func bump() { ticks := ticks + 1 } ticks := 5",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:bump M0:ticks\n"
         "  hoist bump\n"
         "  func bump@L0 #1\n"
         "  assign ticks@M0 := 5\n"
         "#1 bump() slots=0\n"
         "  assign ticks@M0 := (+ ticks@M0? 1)\n"},
        {"func f() { x := 1 } x := 2",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:f L1:x\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign x@L1 := 2\n"
         "#1 f() slots=1\n"
         "  scope L0:x\n"
         "  assign x@L0 := 1\n"},
        {"x := 2 func f() { x := 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f M0:x\n"
         "  hoist f\n"
         "  assign x@M0 := 2\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"
         "  assign x@M0 := 1\n"},
        {"func f() { x := func() { return x } } x := 2",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:f L1:x\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign x@L1 := 2\n"
         "#1 f() slots=1\n"
         "  scope L0:x~\n"
         "  assign x@L0~ := #2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures x@L0~\n"
         "  return x@C0~?\n"},
        {"func f() { len := len } len := 2",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f M0:len\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign len@M0 := 2\n"
         "#1 f() slots=1\n"
         "  scope L0:len\n"
         "  assign len@L0 := len@M0?\n"},
        {"func f() { [a, b] := [b, 1] } a := 1 b := 2",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:f L1:a M0:b\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign a@L1 := 1\n"
         "  assign b@M0 := 2\n"
         "#1 f() slots=1\n"
         "  scope L0:a\n"
         "  bind [a@L0, b@M0] := (array b@M0? 1)\n"},
        {"func f() { v := \"${v}\" } v := 1",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f M0:v\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign v@M0 := 1\n"
         "#1 f() slots=0\n"
         "  assign v@M0 := (interp v@M0?)\n"},
        {"func f() { v := {v: 1} } v := 1",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:f L1:v\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign v@L1 := 1\n"
         "#1 f() slots=1\n"
         "  scope L0:v\n"
         "  assign v@L0 := (dict v: 1)\n"},
        {"func f() { v := v {a: 1} w := w::X } v := 1 w := 2",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f M0:v M1:w\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign v@M0 := 1\n"
         "  assign w@M1 := 2\n"
         "#1 f() slots=0\n"
         "  assign v@M0 := (new v@M0? a: 1)\n"
         "  assign w@M1 := (variant w@M1?::X)\n"},
        {"x += 1 y[0] := 1 z.a := 2 _ := 3 _ += 1 _[0] := 1",
         "#0 <module>() slots=0 hidden\n"
         "  assign x@- += 1\n"
         "  assign y@-[0] := 1\n"
         "  assign z@-.a := 2\n"
         "  assign _@- := 3\n"
         "  assign _@- += 1\n"
         "  assign _@-[0] := 1\n"},
        {"f := func() { f := null return f }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>() slots=1\n"
         "  scope L0:f\n"
         "  assign f@L0 := null\n"
         "  return f@L0\n"},
        {"f := func() { f := f + 1 }",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:f\n"
         "  assign f@M0 := #1\n"
         "#1 <anonymous function>() slots=0\n"
         "  assign f@M0 := (+ f@M0? 1)\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void branches_share_the_home_scope(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"func grade(s) { if s { verdict := 1 } else { verdict := 2 } return verdict }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:grade\n"
         "  hoist grade\n"
         "  func grade@L0 #1\n"
         "#1 grade(s) slots=2\n"
         "  scope L0:s L1:verdict\n"
         "  if s@L0\n"
         "    assign verdict@L1 := 1\n"
         "  else\n"
         "    assign verdict@L1 := 2\n"
         "  return verdict@L1\n"},
        {"for k in 3 { square := k * k } square",
         "#0 <module>() slots=2 hidden\n"
         "  for k@L0 in 3\n"
         "    scope L0:k L1:square\n"
         "    assign square@L1 := (* k@L0 k@L0)\n"
         "  eval square@-\n"},
        {"if a { x := 1 } x",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x!\n"
         "  if a@-\n"
         "    assign x@L0 := 1\n"
         "  eval x@L0?\n"},
        {"if a { let x := 1 x := 2 } x",
         "#0 <module>() slots=1 hidden\n"
         "  if a@-\n"
         "    scope L0:x\n"
         "    let x@L0 := 1\n"
         "    assign x@L0 := 2\n"
         "  eval x@-\n"},
        {"if a { let x := 1 { x := 2 { let x := 3 x := 4 } } } x := 5",
         "#0 <module>() slots=3 hidden\n"
         "  scope L2:x\n"
         "  if a@-\n"
         "    scope L0:x\n"
         "    let x@L0 := 1\n"
         "    block\n"
         "      assign x@L0 := 2\n"
         "      block\n"
         "        scope L1:x\n"
         "        let x@L1 := 3\n"
         "        assign x@L1 := 4\n"
         "  assign x@L2 := 5\n"},
        {"match a { case x: { y := x x := 3 } default { z := 1 } } y z x",
         "#0 <module>() slots=3 hidden\n"
         "  scope L1:y! L2:z!\n"
         "  match a@-\n"
         "  case x@L0\n"
         "    scope L0:x\n"
         "    assign y@L1 := x@L0\n"
         "    assign x@L0 := 3\n"
         "  default\n"
         "    assign z@L2 := 1\n"
         "  eval y@L1?\n"
         "  eval z@L2?\n"
         "  eval x@-\n"},
        {"{ a := 1 } a",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:a\n"
         "  block\n"
         "    assign a@L0 := 1\n"
         "  eval a@L0\n"},
        {"try { a := 1 } except e { b := e a := 2 } a b",
         "#0 <module>() slots=4 hidden\n"
         "  try\n"
         "    scope L0:a\n"
         "    assign a@L0 := 1\n"
         "  except e@L1\n"
         "    scope L1:e L2:b L3:a\n"
         "    assign b@L2 := e@L1\n"
         "    assign a@L3 := 2\n"
         "  eval a@-\n"
         "  eval b@-\n"},
        {"while a { b := 1 if c { d := b } d } b d",
         "#0 <module>() slots=2 hidden\n"
         "  while a@-\n"
         "    scope L0:b L1:d!\n"
         "    assign b@L0 := 1\n"
         "    if c@-\n"
         "      assign d@L1 := b@L0\n"
         "    eval d@L1?\n"
         "  eval b@-\n"
         "  eval d@-\n"},
        {"loop { a := 1 loop { a := 2 b := a } }",
         "#0 <module>() slots=2 hidden\n"
         "  loop\n"
         "    scope L0:a\n"
         "    assign a@L0 := 1\n"
         "    loop\n"
         "      scope L1:b\n"
         "      assign a@L0 := 2\n"
         "      assign b@L1 := a@L0\n"},
        {"for i := 0; i < 3; j := i { k := j } i j k",
         "#0 <module>() slots=3 hidden\n"
         "  for\n"
         "    scope L0:i L1:j!\n"
         "    let i@L0 := 0\n"
         "    while (< i@L0 3)\n"
         "    step assign j@L1 := i@L0\n"
         "    scope L2:k\n"
         "    assign k@L2 := j@L1?\n"
         "  eval i@-\n"
         "  eval j@-\n"
         "  eval k@-\n"},
        {"for x in x { x := 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  for x@L0 in x@-\n"
         "    scope L0:x\n"
         "    assign x@L0 := 1\n"},
        {"x := 1 for x in x { x := x }",
         "#0 <module>() slots=2 hidden\n"
         "  scope L1:x\n"
         "  assign x@L1 := 1\n"
         "  for x@L0 in x@L1\n"
         "    scope L0:x\n"
         "    assign x@L0 := x@L0\n"},
        {"let x := 1 { let x := x + 1 x } x",
         "#0 <module>() slots=2 hidden\n"
         "  scope L1:x\n"
         "  let x@L1 := 1\n"
         "  block\n"
         "    scope L0:x\n"
         "    let x@L0 := (+ x@L1 1)\n"
         "    eval x@L0\n"
         "  eval x@L1\n"},
        {"let n := 1 let n := n + 1 if true { let n := 50 n } n",
         "#0 <module>() slots=2 hidden\n"
         "  scope L1:n\n"
         "  let n@L1 := 1\n"
         "  let n@L1 := (+ n@L1 1)\n"
         "  if true\n"
         "    scope L0:n\n"
         "    let n@L0 := 50\n"
         "    eval n@L0\n"
         "  eval n@L1\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void functions_see_all_variables_around_them(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"func f() { g := func() { return a } a := 1 return g }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  scope L0:g L1:a~\n"
         "  assign g@L0 := #2\n"
         "  assign a@L1~ := 1\n"
         "  return g@L0\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures a@L1~\n"
         "  return a@C0~?\n"},
        {"func f() { func g() { return a } if x { a := 1 } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  scope L0:g L1:a~\n"
         "  hoist g\n"
         "  func g@L0 #2\n"
         "  if x@-\n"
         "    assign a@L1~ := 1\n"
         "#2 g() slots=0\n"
         "  captures a@L1~\n"
         "  return a@C0~?\n"},
        {"for i in 3 { f := func() { return y } y := i }",
         "#0 <module>() slots=3 hidden\n"
         "  for i@L0 in 3\n"
         "    scope L0:i L1:f L2:y~\n"
         "    assign f@L1 := #1\n"
         "    assign y@L2~ := i@L0\n"
         "#1 <anonymous function>() slots=0\n"
         "  captures y@L2~\n"
         "  return y@C0~?\n"},
        {"y := 0 for i in 3 { f := func() { y := 1 } let y := i }",
         "#0 <module>() slots=4 hidden\n"
         "  scope L3:y\n"
         "  assign y@L3 := 0\n"
         "  for i@L0 in 3\n"
         "    scope L0:i L1:f L2:y\n"
         "    assign f@L1 := #1\n"
         "    let y@L2 := i@L0\n"
         "#1 <anonymous function>() slots=1\n"
         "  scope L0:y\n"
         "  assign y@L0 := 1\n"},
        {"y := 0 for i in 3 { f := func() { y := y + 1 } let y := i }",
         "#0 <module>() slots=4 hidden\n"
         "  scope L3:y\n"
         "  assign y@L3 := 0\n"
         "  for i@L0 in 3\n"
         "    scope L0:i L1:f L2:y~\n"
         "    assign f@L1 := #1\n"
         "    let y@L2~ := i@L0\n"
         "#1 <anonymous function>() slots=0\n"
         "  captures y@L2~\n"
         "  assign y@C0~ := (+ y@C0~? 1)\n"},
        {"func f() { return func() { return func() { return x } } } x := 1",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f M0:x\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  assign x@M0 := 1\n"
         "#1 f() slots=0\n"
         "  return #2\n"
         "#2 <anonymous function>() slots=0\n"
         "  return #3\n"
         "#3 <anonymous function>() slots=0\n"
         "  return x@M0?\n"},
        {"func f(x) { return func() { return func() { return x } } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(x) slots=1\n"
         "  scope L0:x\n"
         "  return #2\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures x@L0\n"
         "  return #3\n"
         "#3 <anonymous function>() slots=0\n"
         "  captures x@C0\n"
         "  return x@C0?\n"},
        {"func f(x) { a := func() { x := 1 return func() { return x } } return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(x) slots=2\n"
         "  scope L0:x~ L1:a\n"
         "  assign a@L1 := #2\n"
         "  return a@L1\n"
         "#2 <anonymous function>() slots=0\n"
         "  captures x@L0~\n"
         "  assign x@C0~ := 1\n"
         "  return #3\n"
         "#3 <anonymous function>() slots=0\n"
         "  captures x@C0~\n"
         "  return x@C0~?\n"},
        {"func f() { x } func g() { x := 1 f() }",
         "#0 <module>() slots=1 hidden\n"
         "  scope M0:f L0:g\n"
         "  hoist f g\n"
         "  func f@M0 #1\n"
         "  func g@L0 #2\n"
         "#1 f() slots=0\n"
         "  eval x@-\n"
         "#2 g() slots=1\n"
         "  scope L0:x\n"
         "  assign x@L0 := 1\n"
         "  eval (call f@M0)\n"},
        {"{ let x := 1 func f() { return x } }",
         "#0 <module>() slots=2 hidden\n"
         "  block\n"
         "    scope L0:f L1:x~\n"
         "    hoist f\n"
         "    let x@L1~ := 1\n"
         "    func f@L0 #1\n"
         "#1 f() slots=0\n"
         "  captures x@L1~\n"
         "  return x@C0~?\n"},
        {"if a { func f() { return b } let b := 1 }",
         "#0 <module>() slots=2 hidden\n"
         "  if a@-\n"
         "    scope L0:f L1:b~\n"
         "    hoist f\n"
         "    func f@L0 #1\n"
         "    let b@L1~ := 1\n"
         "#1 f() slots=0\n"
         "  captures b@L1~\n"
         "  return b@C0~?\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void declarations_are_hoisted(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"twice(4) func twice(n) { return n * 2 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:twice\n"
         "  hoist twice\n"
         "  eval (call twice@L0 4)\n"
         "  func twice@L0 #1\n"
         "#1 twice(n) slots=1\n"
         "  scope L0:n\n"
         "  return (* n@L0 2)\n"},
        {"func f() {} f() func f() {} f()",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "  eval (call f@L0)\n"
         "  func f@L0 #2\n"
         "  eval (call f@L0)\n"
         "#1 f() slots=0\n"
         "#2 f() slots=0\n"},
        {"func f(x) { func x() {} return x }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(x) slots=1\n"
         "  scope L0:x\n"
         "  hoist x\n"
         "  func x@L0 #2\n"
         "  return x@L0\n"
         "#2 x() slots=0\n"},
        {"f := 1 func f() {}",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  assign f@L0 := 1\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"},
        {"func a() { return b() } func b() { return a() }",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:a M1:b\n"
         "  hoist a b\n"
         "  func a@M0 #1\n"
         "  func b@M1 #2\n"
         "#1 a() slots=0\n"
         "  return (call b@M1)\n"
         "#2 b() slots=0\n"
         "  return (call a@M0)\n"},
        {"func o() { func a() { return b() } func b() { return a() } a() }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:o\n"
         "  hoist o\n"
         "  func o@L0 #1\n"
         "#1 o() slots=2\n"
         "  scope L0:a L1:b~\n"
         "  hoist a b\n"
         "  func a@L0 #2\n"
         "  func b@L1~ #3\n"
         "  eval (call a@L0)\n"
         "#2 a() slots=0\n"
         "  captures b@L1~\n"
         "  return (call b@C0~)\n"
         "#3 b() slots=0\n"
         "  captures a@L0\n"
         "  return (call a@C0)\n"},
        {"func o() { return S { x: 1 } struct S { x } enum E { A } E::A }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:o\n"
         "  hoist o\n"
         "  func o@L0 #1\n"
         "#1 o() slots=2\n"
         "  scope L0:S L1:E\n"
         "  hoist S E\n"
         "  return (new S@L0 x: 1)\n"
         "  struct S@L0 x\n"
         "  enum E@L1 A\n"
         "  eval (variant E@L1::A)\n"},
        {"if c { g() func g() {} } g",
         "#0 <module>() slots=1 hidden\n"
         "  if c@-\n"
         "    scope L0:g\n"
         "    hoist g\n"
         "    eval (call g@L0)\n"
         "    func g@L0 #1\n"
         "  eval g@-\n"
         "#1 g() slots=0\n"},
        {"func o() { func f() {} f := 2 return f }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:o\n"
         "  hoist o\n"
         "  func o@L0 #1\n"
         "#1 o() slots=1\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #2\n"
         "  assign f@L0 := 2\n"
         "  return f@L0\n"
         "#2 f() slots=0\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void constants_keep_their_scope(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"const A := 1 A := 2 { let A := 3 } func f() { A := 4 }",
         "#0 <module>() slots=2 hidden\n"
         "  scope L1:f M0:A=\n"
         "  hoist f\n"
         "  const A@M0 := 1\n"
         "  assign A@M0 := 2\n"
         "  block\n"
         "    scope L0:A\n"
         "    let A@L0 := 3\n"
         "  func f@L1 #1\n"
         "#1 f() slots=0\n"
         "  assign A@M0 := 4\n"},
        {"const A := 1 const A := 2",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:A=\n"
         "  const A@L0 := 1\n"
         "  const A@L0!duplicate := 2\n"},
        {"let a := 1 const a := 2",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:a\n"
         "  let a@L0 := 1\n"
         "  const a@L0!duplicate := 2\n"},
        {"const a := 1 let a := 2",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:a=\n"
         "  const a@L0 := 1\n"
         "  let a@L0!duplicate := 2\n"},
        {"const f := 1 func f() {}",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  const f@L0!duplicate := 1\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"},
        {"func g(a) { const a := 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:g\n"
         "  hoist g\n"
         "  func g@L0 #1\n"
         "#1 g(a) slots=1\n"
         "  scope L0:a\n"
         "  const a@L0!duplicate := 1\n"},
        {"const [a, a] := x",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:a=\n"
         "  const [a@L0, a@L0!duplicate] := x@-\n"},
        {"for x in y { const x := 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  for x@L0 in y@-\n"
         "    scope L0:x\n"
         "    const x@L0!duplicate := 1\n"},
        {"const area := 1 import geo",
         "#0 <module>() slots=3 hidden\n"
         "  scope L0:area= L1:PI L2:geo\n"
         "  const area@L0 := 1\n"
         "  import geo area@L0 PI@L1 as geo@L2\n"},
        {"match a { case x: { const x := 1 } }",
         "#0 <module>() slots=1 hidden\n"
         "  match a@-\n"
         "  case x@L0\n"
         "    scope L0:x\n"
         "    const x@L0!duplicate := 1\n"},
        {"const C := [] C.push(1) push(C, 1) C[0] := 1 C += 1",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:C=\n"
         "  const C@L0 := (array)\n"
         "  eval (method C@L0 .push updates=11 place 1)\n"
         "  update push C@L0 updates=1 1\n"
         "  assign C@L0[0] := 1\n"
         "  assign C@L0 += 1\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assignments_create_or_update),
        cmocka_unit_test(branches_share_the_home_scope),
        cmocka_unit_test(functions_see_all_variables_around_them),
        cmocka_unit_test(declarations_are_hoisted),
        cmocka_unit_test(constants_keep_their_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
