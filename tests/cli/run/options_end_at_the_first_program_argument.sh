echo "print(args())" > tool.ruff
$RUFF run tool.ruff --interpreter in.txt --jit
$RUFF run tool.ruff -- --help
$RUFF run --vm tool.ruff --unknown -x
