# cmake -DIN=page.js -DOUT=page_js.inc -P embed.cmake: the bytes of an ASCII file, for an array initialiser, NUL at the end.
file(READ "${IN}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUT}" "${bytes}0x00\n")
