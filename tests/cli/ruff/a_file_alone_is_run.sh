echo "print(args())" > a.ruff; $RUFF a.ruff x --vm
