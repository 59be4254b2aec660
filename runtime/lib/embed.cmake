# cmake -DINPUT=file -DOUTPUT=file.c -DSYMBOL=name -DHEADER=header -P embed.cmake
# Writes a C source that defines SYMBOL_source (the bytes of INPUT and a NUL) and SYMBOL_size.
file(READ ${INPUT} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"${HEADER}\"\n\nconst char ${SYMBOL}_source[] = {\n${bytes}0};\n"
    "const size_t ${SYMBOL}_size = ${size};\n")
