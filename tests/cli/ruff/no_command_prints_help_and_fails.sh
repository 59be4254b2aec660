$RUFF 2>&1 >/dev/null | head -1; $RUFF >/dev/null 2>&1; echo $?
