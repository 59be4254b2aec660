printf 'func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }\nprint(fib(20))\n' > p.ruff
$RUFF --version | grep -q unavailable && { cat "$HERE/native_code_is_shown_in_three_forms.stdout.exact"; cat "$HERE/native_code_is_shown_in_three_forms.stderr.exact" >&2; exit 0; }
$RUFF dump --exits p.ruff | grep -e '^==' -e '^  function 0 is' -e 'SUBI' | head -3
$RUFF dump --ir p.ruff | grep -o 'ruff_entry (.*context)' | head -1
$RUFF dump --asm p.ruff | grep -o '^ruff_entry:'
RF_JIT_WITHOUT=helper $RUFF dump --asm p.ruff; echo $?
