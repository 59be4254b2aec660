# LANGUAGE 18.11: tools that are not of this build
$RUFF serve
