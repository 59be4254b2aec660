# LANGUAGE 18.7: samples of each engine; a path that is missing is 5
echo "s := 0 for i in 1000 { s += i }" > b.ruff; $RUFF bench b.ruff -i 2 -w 0 | grep -c " n 2$"; $RUFF bench absent
