printf "print(1)\nnope()\n" > e.ruff; $RUFF run e.ruff 2>&1
