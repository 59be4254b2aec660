head -c 1048577 /dev/zero | tr "\000" "#" > big.ruff; $RUFF run big.ruff; echo $?
head -c 1048576 big.ruff > fits.ruff; $RUFF run fits.ruff; echo $?
