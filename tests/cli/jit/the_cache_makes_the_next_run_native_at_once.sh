# cold: compiled and kept; warm: taken from the cache; whatever is wrong with the file only costs a slow start.
$RUFF --version | grep -q unavailable && { cat "$HERE/the_cache_makes_the_next_run_native_at_once.stdout.exact"; exit 0; }
printf 'struct P { x: int }\nfunc f(n) { s := 0 for i in range(0, n) { s = s + i } return s }\nfunc g(p) { return p.x + f(3) }\nt := 0\nfor i in range(0, 300) { p := P { x: i } t = t + f(20) + g(p) }\nprint(t)\n' > p.ruff
export RF_JIT_HOT=10 RF_JIT_SYNC=1 RUFF_JIT_CACHE="$PWD/cache"
count() {
    echo "$1: $($RUFF run --counters p.ruff 2>&1 | sed -n "s/^@c jit\.\($2\) //p" | awk '{ print ($1 > 0 ? "some" : "none") }' | tr '\n' ' ')"
}
names='compiled\|cache_hits\|cache_rejected'
pack() { ls cache/*.pack; }
count 'cold' "$names"; count 'warm' "$names"
cp "$(pack)" good
head -c 500 good > "$(pack)"; count 'cut short' "$names"; count 'made anew' "$names"
printf 'garbage' > "$(pack)"; count 'foreign' "$names"
size=$(stat -c %s good)
cp good "$(pack)"; printf 'XXXX' | dd of="$(pack)" bs=1 seek=$((size - 3000)) conv=notrunc 2>&-; count 'changed in a piece' "$names"
chmod 666 "$(pack)"; count 'open to others' "$names"
name=$(basename "$(pack)"); rm "cache/$name"; ln -s "$PWD/good" "cache/$name"; count 'a link' "$names"
cmp good cache/"$name" > /dev/null || echo 'what it points to was left alone'
[ -L "cache/$name" ] && echo 'the link is still there'
chmod 777 cache; count 'a folder open to others' "$names"; chmod 700 cache
cp good "cache/$name.new" && mv "cache/$name.new" "cache/$name"
RUFF_JIT_CACHE="ro:$PWD/cache" count 'read only' "$names"
RUFF_JIT_CACHE=off count 'off' "$names"
rm -r cache; RUFF_JIT_CACHE="ro:$PWD/cache" count 'read only, absent' "$names"; [ -e cache ] || echo 'not made'
rm -rf cache; $RUFF run --untrusted p.ruff; [ -e cache ] || echo 'not made for a program that may not write files'
unset RUFF_JIT_CACHE; $RUFF run p.ruff; find .cache -type d -printf '%m %P\n' | sort
printf 'x' > blocked; RUFF_JIT_CACHE="$PWD/blocked" count 'a file in place of the folder' "$names"
