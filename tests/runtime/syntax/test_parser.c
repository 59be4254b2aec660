/* The shape of the tree: grammar, precedence, line breaks, disambiguation (LANGUAGE 1.3 and 3). */
#include "probe.h"

#include "support/ruff_test.h"

static void operators_bind_by_level(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"a or b and c == d < e + f * -g.h",
         "#0 <module>() slots=0 hidden\n"
         "  eval (or a@- (and b@- (== c@- (< d@- (+ e@- (* f@- (- (field g@- .h))))))))\n"},
        {"not a == b",
         "#0 <module>() slots=0 hidden\n"
         "  eval (== (! a@-) b@-)\n"},
        {"-x.y  ; -a[0] ; !f()",
         "#0 <module>() slots=0 hidden\n"
         "  eval (- (field x@- .y))\n"
         "  eval (- (index a@- 0))\n"
         "  eval (! (call f@-))\n"},
        {"1 < 2 == 3 < 4",
         "#0 <module>() slots=0 hidden\n"
         "  eval (== (< 1 2) (< 3 4))\n"},
        {"await f() + 1",
         "#0 <module>() slots=0 hidden\n"
         "  eval (+ (await (call f@-)) 1)\n"},
        {"a |> b ?? c || d",
         "#0 <module>() slots=0 hidden\n"
         "  eval (|> a@- (?? b@- (or c@- d@-)))\n"},
        {"a - b - c; a / b * c % d",
         "#0 <module>() slots=0 hidden\n"
         "  eval (- (- a@- b@-) c@-)\n"
         "  eval (% (* (/ a@- b@-) c@-) d@-)\n"},
        {"x |> f(1) |> o.m(2) |> (g)",
         "#0 <module>() slots=0 hidden\n"
         "  eval (|> (|> (|> x@- (call f@- 1)) (method o@- .m place 2)) g@-)\n"},
        {"a && b || !c != d",
         "#0 <module>() slots=0 hidden\n"
         "  eval (or (and a@- b@-) (!= (! c@-) d@-))\n"},
        {"a?.b?.c(1)?.d",
         "#0 <module>() slots=0 hidden\n"
         "  eval (field? (method? (field? a@- .b) .c 1) .d)\n"},
        {"(f()?).x ; f()? + 1",
         "#0 <module>() slots=0 hidden\n"
         "  eval (field (try! (call f@-)) .x)\n"
         "  eval (+ (try! (call f@-)) 1)\n"},
        {"a > 1\n"
         " && b < 2",
         "#0 <module>() slots=0 hidden\n"
         "  eval (and (> a@- 1) (< b@- 2))\n"},
        {"a\n"
         "- b",
         "#0 <module>() slots=0 hidden\n"
         "  eval (- a@- b@-)\n"},
        {"a;\n"
         "- b",
         "#0 <module>() slots=0 hidden\n"
         "  eval a@-\n"
         "  eval (- b@-)\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void line_breaks_end_calls_indexes_and_values(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"a\n"
         "(b)",
         "#0 <module>() slots=0 hidden\n"
         "  eval a@-\n"
         "  eval b@-\n"},
        {"a\n"
         "[b] := c",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:b\n"
         "  eval a@-\n"
         "  bind [b@L0] := c@-\n"},
        {"a\n"
         "[b]",
         "#0 <module>() slots=0 hidden\n"
         "  eval a@-\n"
         "  eval (array b@-)\n"},
        {"a.b\n"
         "(c)",
         "#0 <module>() slots=0 hidden\n"
         "  eval (field a@- .b)\n"
         "  eval c@-\n"},
        {"a\n"
         ".b\n"
         "?.c()",
         "#0 <module>() slots=0 hidden\n"
         "  eval (method? (field a@- .b) .c place)\n"},
        {"func f() { return\n"
         "1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"
         "  return\n"
         "  eval 1\n"},
        {"func f() { return (x) y return }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"
         "  return x@-\n"
         "  eval y@-\n"
         "  return\n"},
        {"func f() { return if a { 1 } else { 2 } }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"
         "  return (if a@- 1 2)\n"},
        {"func* g() { x := yield\n"
         "y := yield 1 + 2 yield || a; (yield) || b yield + 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:g\n"
         "  hoist g\n"
         "  func g@L0 #1\n"
         "#1 g*() slots=2\n"
         "  scope L0:x L1:y\n"
         "  assign x@L0 := (yield)\n"
         "  assign y@L1 := (yield (+ 1 2))\n"
         "  eval (yield #2)\n"
         "  eval (or (yield) b@-)\n"
         "  eval (+ (yield) 1)\n"
         "#2 <anonymous function>() slots=0\n"
         "  return a@-\n"},
        {"P {x: 1} P\n"
         "{x: 1}",
         "#0 <module>() slots=0 hidden\n"
         "  eval (new P@- x: 1)\n"
         "  eval P@-\n"
         "  eval (dict x: 1)\n"},
        {"E::V (1) E::V\n"
         "(1)",
         "#0 <module>() slots=0 hidden\n"
         "  eval (variant E@-::V args 1)\n"
         "  eval (variant E@-::V)\n"
         "  eval 1\n"},
        {"if a\n"
         "{ b }\n"
         "else\n"
         "{ c }",
         "#0 <module>() slots=0 hidden\n"
         "  if a@-\n"
         "    eval b@-\n"
         "  else\n"
         "    eval c@-\n"},
        {"try { a }\n"
         "except\n"
         "e\n"
         "{ b }",
         "#0 <module>() slots=1 hidden\n"
         "  try\n"
         "    eval a@-\n"
         "  except e@L0\n"
         "    scope L0:e\n"
         "    eval b@-\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void headers_do_not_hold_struct_literals(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"if ready { print(1) }",
         "#0 <module>() slots=0 hidden\n"
         "  if ready@-\n"
         "    eval (call print@B 1)\n"},
        {"if (P { a: 1 }).a == f(Q {}) { x }",
         "#0 <module>() slots=0 hidden\n"
         "  if (== (field (new P@- a: 1) .a) (call f@- (new Q@-)))\n"
         "    eval x@-\n"},
        {"while [P {}] == x { y }",
         "#0 <module>() slots=0 hidden\n"
         "  while (== (array (new P@-)) x@-)\n"
         "    eval y@-\n"},
        {"for x in f(P { a: 1 }) { y }",
         "#0 <module>() slots=1 hidden\n"
         "  for x@L0 in (call f@- (new P@- a: 1))\n"
         "    scope L0:x\n"
         "    eval y@-\n"},
        {"match P { case 1: x }",
         "#0 <module>() slots=0 hidden\n"
         "  match P@-\n"
         "  case 1\n"
         "    eval x@-\n"},
        {"if {} { x }",
         "#0 <module>() slots=0 hidden\n"
         "  if (dict)\n"
         "    eval x@-\n"},
        {"if {a: 1}.a { x }",
         "#0 <module>() slots=0 hidden\n"
         "  if (field (dict a: 1) .a)\n"
         "    eval x@-\n"},
        {"if fn (x) { y }",
         "#0 <module>() slots=0 hidden\n"
         "  if (call fn@- x@-)\n"
         "    eval y@-\n"},
        {"x := fn (a) { b }\n"
         "fn (a)\n"
         "{ b }\n"
         "fn (a) -> int { b }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  assign x@L0 := #1\n"
         "  eval (call fn@- a@-)\n"
         "  block\n"
         "    eval b@-\n"
         "  eval #2\n"
         "#1 <anonymous function>(a) slots=1\n"
         "  scope L0:a\n"
         "  eval b@-\n"
         "#2 <anonymous function>(a) : int slots=1\n"
         "  scope L0:a\n"
         "  eval b@-\n"},
        {"if f(fn (a) { b }) { c }",
         "#0 <module>() slots=0 hidden\n"
         "  if (call f@- #1)\n"
         "    eval c@-\n"
         "#1 <anonymous function>(a) slots=1\n"
         "  scope L0:a\n"
         "  eval b@-\n"},
        {"if |x| x { y }",
         "#0 <module>() slots=0 hidden\n"
         "  if #1\n"
         "    eval y@-\n"
         "#1 <anonymous function>(x) slots=1\n"
         "  scope L0:x\n"
         "  return x@L0\n"},
        {"if func() { return P {} }() { y }",
         "#0 <module>() slots=0 hidden\n"
         "  if (call #1)\n"
         "    eval y@-\n"
         "#1 <anonymous function>() slots=0\n"
         "  return (new P@-)\n"},
        {"x := if P { Q {} } else { R {} }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  assign x@L0 := (if P@- (new Q@-) (new R@-))\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void braces_are_blocks_dicts_or_patterns(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"{ a }",
         "#0 <module>() slots=0 hidden\n"
         "  block\n"
         "    eval a@-\n"},
        {"{}",
         "#0 <module>() slots=0 hidden\n"
         "  block\n"},
        {"{a: 1}.b",
         "#0 <module>() slots=0 hidden\n"
         "  eval (field (dict a: 1) .b)\n"},
        {"{...a}",
         "#0 <module>() slots=0 hidden\n"
         "  eval (dict ...a@-)\n"},
        {"{\"x\": 1}",
         "#0 <module>() slots=0 hidden\n"
         "  eval (dict \"x\": 1)\n"},
        {"{1: 2}",
         "#0 <module>() slots=0 hidden\n"
         "  eval (dict 1: 2)\n"},
        {"{if: 2}",
         "#0 <module>() slots=0 hidden\n"
         "  eval (dict if: 2)\n"},
        {"{a, b} := c",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:a L1:b\n"
         "  bind {a: a@L0, b: b@L1} := c@-\n"},
        {"{a: [b, _], ...r} = c",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:b L1:r\n"
         "  bind {a: [b@L0, _], ...r@L1} := c@-\n"},
        {"{a}",
         "#0 <module>() slots=0 hidden\n"
         "  block\n"
         "    eval a@-\n"},
        {"{ a b }",
         "#0 <module>() slots=0 hidden\n"
         "  block\n"
         "    eval a@-\n"
         "    eval b@-\n"},
        {"x := {port: 80, \"p\": 1, (k): 2, 3 + 4: 5, ...e, if: 6, }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  assign x@L0 := (dict port: 80 \"p\": 1 k@-: 2 (+ 3 4): 5 ...e@- if: 6)\n"},
        {"x := P {default: 1, ...q,}",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  assign x@L0 := (new P@- default: 1 ...q@-)\n"},
        {"f := |x| {}",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>(x) slots=1\n"
         "  scope L0:x\n"},
        {"f := |x| { n: int := 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>(x) slots=2\n"
         "  scope L0:x L1:n\n"
         "  assign n@L1 : int := 1\n"},
        {"f := |x| ({})",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>(x) slots=1\n"
         "  scope L0:x\n"
         "  return (dict)\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void functions_have_four_forms(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"func f(a, _, b: int,) -> int { return a }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(a, _, b : int) : int slots=3\n"
         "  scope L0:a L2:b\n"
         "  return a@L0\n"},
        {"fn f() {}",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=0\n"},
        {"func* g() {} fn* h() {} async func i() {} async fn j() {}",
         "#0 <module>() slots=4 hidden\n"
         "  scope L0:g L1:h L2:i L3:j\n"
         "  hoist g h i j\n"
         "  func g@L0 #1\n"
         "  func h@L1 #2\n"
         "  func i@L2 #3\n"
         "  func j@L3 #4\n"
         "#1 g*() slots=0\n"
         "#2 h*() slots=0\n"
         "#3 async i() slots=0\n"
         "#4 async j() slots=0\n"},
        {"x := func* () {}\n"
         "y := async func() {}",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:x L1:y\n"
         "  assign x@L0 := #1\n"
         "  assign y@L1 := #2\n"
         "#1 <anonymous function>*() slots=0\n"
         "#2 async <anonymous function>() slots=0\n"},
        {"fn * g(2)",
         "#0 <module>() slots=0 hidden\n"
         "  eval (* fn@- (call g@- 2))\n"},
        {"func (a) { b }",
         "#0 <module>() slots=0 hidden\n"
         "  eval #1\n"
         "#1 <anonymous function>(a) slots=1\n"
         "  scope L0:a\n"
         "  eval b@-\n"},
        {"async func() {}",
         "#0 <module>() slots=0 hidden\n"
         "  eval #1\n"
         "#1 async <anonymous function>() slots=0\n"},
        {"f := |a, _, b,| a + b",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>(a, _, b) slots=3\n"
         "  scope L0:a L2:b\n"
         "  return (+ a@L0 b@L2)\n"},
        {"f := || |x| x",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>() slots=0\n"
         "  return #2\n"
         "#2 <anonymous function>(x) slots=1\n"
         "  scope L0:x\n"
         "  return x@L0\n"},
        {"f := |x| { return x }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>(x) slots=1\n"
         "  scope L0:x\n"
         "  return x@L0\n"},
        {"f := |x| x\n"
         "(y)",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "  eval y@-\n"
         "#1 <anonymous function>(x) slots=1\n"
         "  scope L0:x\n"
         "  return x@L0\n"},
        {"f := |x| x |> g",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  assign f@L0 := #1\n"
         "#1 <anonymous function>(x) slots=1\n"
         "  scope L0:x\n"
         "  return (|> x@L0 g@-)\n"},
        {"func f(g: func(int, A<B>) -> R?, h: int[]?, i: A | null) {}",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f(g : func(int, A<B>) -> R?, h : int[]?, i : A | null) slots=3\n"
         "  scope L0:g L1:h L2:i\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void contextual_words_are_names_elsewhere(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"case := default + from",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:case\n"
         "  assign case@L0 := (+ default@- from@-)\n"},
        {"test := 1 test_setup := 2",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:test L1:test_setup\n"
         "  assign test@L0 := 1\n"
         "  assign test_setup@L1 := 2\n"},
        {"test \n"
         " \"x\"",
         "#0 <module>() slots=0 hidden\n"
         "  eval test@-\n"
         "  eval \"x\"\n"},
        {"fn := 1 fn(2) fn",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:fn\n"
         "  assign fn@L0 := 1\n"
         "  eval (call fn@L0 2)\n"
         "  eval fn@L0\n"},
        {"pub := 1\n"
         "pub\n"
         "let x := 2",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:pub L1:x\n"
         "  assign pub@L0 := 1\n"
         "  eval pub@L0\n"
         "  let x@L1 := 2\n"},
        {"from := 1 from \"x\"",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:from\n"
         "  assign from@L0 := 1\n"
         "  eval from@L0\n"
         "  eval \"x\"\n"},
        {"x.match.if?.let(1).case",
         "#0 <module>() slots=0 hidden\n"
         "  eval (field (method? (field (field x@- .match) .if) .let place 1) .case)\n"},
        {"int := float(string)",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:int\n"
         "  assign int@L0 := (call float@- string@-)\n"},
        {"Result::Ok(1) Result::Err Option::None Option::Some(x) Result::Other Some::V",
         "#0 <module>() slots=0 hidden\n"
         "  eval (call ::Ok@B 1)\n"
         "  eval ::Err@B\n"
         "  eval ::None@B\n"
         "  eval (call ::Some@B x@-)\n"
         "  eval (variant Result@-::Other)\n"
         "  eval (variant Some@B::V)\n"},
        {"self.x := self",
         "#0 <module>() slots=0 hidden\n"
         "  assign self@-.x := self@-\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void match_has_patterns_guards_and_arms(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"match v { case 0: a, case -1: b; case -2.5: b case \"s\": c case true { d } case null: e }",
         "#0 <module>() slots=0 hidden\n"
         "  match v@-\n"
         "  case 0\n"
         "    eval a@-\n"
         "  case -1\n"
         "    eval b@-\n"
         "  case -2.5f\n"
         "    eval b@-\n"
         "  case \"s\"\n"
         "    eval c@-\n"
         "  case true\n"
         "    eval d@-\n"
         "  case null\n"
         "    eval e@-\n"},
        {"match v { case x if x > 1: { a } case _: b default: c }",
         "#0 <module>() slots=1 hidden\n"
         "  match v@-\n"
         "  case x@L0 if (> x@L0 1)\n"
         "    scope L0:x\n"
         "    eval a@-\n"
         "  case _\n"
         "    eval b@-\n"
         "  default\n"
         "    eval c@-\n"},
        {"match v { case V: a case v(x): b case E::V: c case E::v(_, W(y)): d case V(): e }",
         "#0 <module>() slots=2 hidden\n"
         "  match v@-\n"
         "  case V\n"
         "    eval a@-\n"
         "  case v(x@L0)\n"
         "    scope L0:x\n"
         "    eval b@-\n"
         "  case E::V\n"
         "    eval c@-\n"
         "  case E::v(_, W(y@L1))\n"
         "    scope L1:y\n"
         "    eval d@-\n"
         "  case V()\n"
         "    eval e@-\n"},
        {"match v { case [a, 1, ...r]: b case []: c case {k, m: N(x), ...s,}: d case {K}: e }",
         "#0 <module>() slots=6 hidden\n"
         "  match v@-\n"
         "  case [a@L0, 1, ...r@L1]\n"
         "    scope L0:a L1:r\n"
         "    eval b@-\n"
         "  case []\n"
         "    eval c@-\n"
         "  case {k: k@L2, m: N(x@L3), ...s@L4}\n"
         "    scope L2:k L3:x L4:s\n"
         "    eval d@-\n"
         "  case {K: K@L5}\n"
         "    scope L5:K\n"
         "    eval e@-\n"},
        {"match v { default { a }; case x: return case y: f(case) }",
         "#0 <module>() slots=2 hidden\n"
         "  match v@-\n"
         "  case x@L0\n"
         "    scope L0:x\n"
         "    return\n"
         "  case y@L1\n"
         "    scope L1:y\n"
         "    eval (call f@- case@-)\n"
         "  default\n"
         "    eval a@-\n"},
        {"match v { case 1: x := 2 case 2: match w { case 3: y } default: z }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  match v@-\n"
         "  case 1\n"
         "    assign x@L0 := 2\n"
         "  case 2\n"
         "    match w@-\n"
         "    case 3\n"
         "      eval y@-\n"
         "  default\n"
         "    eval z@-\n"},
        {"match v { case 1: {a} case 2: x: int := 1 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  match v@-\n"
         "  case 1\n"
         "    eval a@-\n"
         "  case 2\n"
         "    assign x@L0 : int := 1\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void declarations_keep_names_and_types(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"let a := 1 mut b = 2 let mut c := 3 const D: int = 4",
         "#0 <module>() slots=4 hidden\n"
         "  scope L0:a L1:b L2:c L3:D=\n"
         "  let a@L0 := 1\n"
         "  let b@L1 := 2\n"
         "  let c@L2 := 3\n"
         "  const D@L3 : int := 4\n"},
        {"let [a, [b], ...c] := x let {d, e: {f}, ..._} := y",
         "#0 <module>() slots=5 hidden\n"
         "  scope L0:a L1:b L2:c L3:d L4:f\n"
         "  let [a@L0, [b@L1], ...c@L2] := x@-\n"
         "  let {d: d@L3, e: {f: f@L4}, ..._} := y@-\n"},
        {"let [a ...b] := x let _ := y",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:a L1:b\n"
         "  let [a@L0, ...b@L1] := x@-\n"
         "  let _ := y@-\n"},
        {"x: Dict<string, int> = {} _: int := 3 _ := 4",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  assign x@L0 : Dict<string, int> := (dict)\n"
         "  assign _@- : int := 3\n"
         "  assign _@- := 4\n"},
        {"struct S { a, b: int; c = 1, d: float := f(2) func: int, async = 3 match: x\n"
         " pub func m(self, x) {} fn n() {} async func o() {} pub }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:S\n"
         "  hoist S\n"
         "  struct S@L0 a b : int c = #1 d : float = #2 func : int async = #3 match : x pub m() #4 n() #5 o() "
         "#6\n"
         "#1 <anonymous function>() slots=0 hidden\n"
         "  return 1\n"
         "#2 <anonymous function>() slots=0 hidden\n"
         "  return (call f@- 2)\n"
         "#3 <anonymous function>() slots=0 hidden\n"
         "  return 3\n"
         "#4 S.m(self, x) slots=2\n"
         "  scope L0:self L1:x\n"
         "#5 S.n() slots=1\n"
         "  scope L0:self\n"
         "#6 async S.o() slots=1\n"
         "  scope L0:self\n"},
        {"struct S { fn: int fn: x }",
         "1:20 Duplicate declaration in the same scope: fn (RUFRUN001, exit 4)"},
        {"enum E { A, B(int, x: Array<y>), C(), }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:E\n"
         "  hoist E\n"
         "  enum E@L0 A B C\n"},
        {"import a.b.c from d.e import f, g import shapes import geo",
         "#0 <module>() slots=7 hidden\n"
         "  scope L0:c L1:f L2:g L3:area L4:shapes L5:PI L6:geo\n"
         "  import a.b.c as c@L0\n"
         "  from d.e f@L1 g@L2\n"
         "  import shapes area@L3 shapes@L4\n"
         "  import geo area@L3 PI@L5 as geo@L6\n"},
        {"func f() { import shapes }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:f\n"
         "  hoist f\n"
         "  func f@L0 #1\n"
         "#1 f() slots=2\n"
         "  scope L0:area L1:shapes\n"
         "  import shapes area@L0 shapes@L1\n"},
        {"export func f() {} export const [A, B] := x export y := 1 export z pub let w := 2 export q[0] := 1",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:f M1:A= M2:B= M3:y M4:w\n"
         "  hoist f\n"
         "  export func f@M0 #1\n"
         "  export const [A@M1, B@M2] := x@-\n"
         "  export assign y@M3 := 1\n"
         "  export name\n"
         "  export let w@M4 := 2\n"
         "  export assign q@-[0] := 1\n"
         "#1 f() slots=0\n"
         "exports f A B y w -z -q\n"},
        {"a.b[1].c += 2 a -= 1 a *= 1 a /= 1 a %= 1",
         "#0 <module>() slots=0 hidden\n"
         "  assign a@-.b[1].c += 2\n"
         "  assign a@- -= 1\n"
         "  assign a@- *= 1\n"
         "  assign a@- /= 1\n"
         "  assign a@- %= 1\n"},
        {"[a, b] = [b, a]",
         "#0 <module>() slots=2 hidden\n"
         "  scope L0:a! L1:b!\n"
         "  bind [a@L0, b@L1] := (array b@L1? a@L0?)\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

static void control_flow_nests(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"if a { b } else if c { d } else if e { f } else { g }",
         "#0 <module>() slots=0 hidden\n"
         "  if a@-\n"
         "    eval b@-\n"
         "  else if c@-\n"
         "    eval d@-\n"
         "  else if e@-\n"
         "    eval f@-\n"
         "  else\n"
         "    eval g@-\n"},
        {"while a { break } loop { continue } loop while a { b }",
         "#0 <module>() slots=0 hidden\n"
         "  while a@-\n"
         "    break\n"
         "  loop\n"
         "    continue\n"
         "  while a@-\n"
         "    eval b@-\n"},
        {"for [k, v] in items(d) { k } for _ in 3 {} for i := 0; i < 9; i += 1 { i } for _ := 0; a; b() {}",
         "#0 <module>() slots=3 hidden\n"
         "  for [k@L0, v@L1] in (call items@- d@-)\n"
         "    scope L0:k L1:v\n"
         "    eval k@L0\n"
         "  for _ in 3\n"
         "  for\n"
         "    scope L2:i\n"
         "    let i@L2 := 0\n"
         "    while (< i@L2 9)\n"
         "    step assign i@L2 += 1\n"
         "    eval i@L2\n"
         "  for\n"
         "    let _ := 0\n"
         "    while a@-\n"
         "    step eval (call b@-)\n"},
        {"for i := 0; i < 3; xs.push(i) { push(xs, i) }",
         "#0 <module>() slots=1 hidden\n"
         "  for\n"
         "    scope L0:i\n"
         "    let i@L0 := 0\n"
         "    while (< i@L0 3)\n"
         "    step eval (method xs@- .push updates=11 place i@L0)\n"
         "    update push xs@- updates=1 i@L0\n"},
        {"try { a } except { b } try { c } except e { e } try { d } except _ { e }",
         "#0 <module>() slots=1 hidden\n"
         "  try\n"
         "    eval a@-\n"
         "  except\n"
         "    eval b@-\n"
         "  try\n"
         "    eval c@-\n"
         "  except e@L0\n"
         "    scope L0:e\n"
         "    eval e@L0\n"
         "  try\n"
         "    eval d@-\n"
         "  except\n"
         "    eval e@-\n"},
        {"spawn { a } { b } throw c",
         "#0 <module>() slots=0 hidden\n"
         "  spawn #1\n"
         "  block\n"
         "    eval b@-\n"
         "  eval (throw c@-)\n"
         "#1 <anonymous function>() slots=0 hidden\n"
         "  eval a@-\n"},
        {"x := if a { 1 } else if b { 2 } else { 3 }",
         "#0 <module>() slots=1 hidden\n"
         "  scope L0:x\n"
         "  assign x@L0 := (if a@- 1 (if b@- 2 3))\n"},
        {"f(throw \"x\" + 1) a ?? throw b",
         "#0 <module>() slots=0 hidden\n"
         "  eval (call f@- (throw (+ \"x\" 1)))\n"
         "  eval (?? a@- (throw b@-))\n"},
        {"\"a${x}b${\"c${y}\"}${z}\" '${x}'",
         "#0 <module>() slots=0 hidden\n"
         "  eval (interp \"a\" x@- \"b\" (interp \"c\" y@-) z@-)\n"
         "  eval \"${x}\"\n"},
        {"\"${x}\"",
         "#0 <module>() slots=0 hidden\n"
         "  eval (interp x@-)\n"},
        {"return 1",
         "#0 <module>() slots=0 hidden\n"
         "  return 1\n"},
        {";;a;;b;",
         "#0 <module>() slots=0 hidden\n"
         "  eval a@-\n"
         "  eval b@-\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_by_level),
        cmocka_unit_test(line_breaks_end_calls_indexes_and_values),
        cmocka_unit_test(headers_do_not_hold_struct_literals),
        cmocka_unit_test(braces_are_blocks_dicts_or_patterns),
        cmocka_unit_test(functions_have_four_forms),
        cmocka_unit_test(contextual_words_are_names_elsewhere),
        cmocka_unit_test(match_has_patterns_guards_and_arms),
        cmocka_unit_test(declarations_keep_names_and_types),
        cmocka_unit_test(control_flow_nests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
