{
    echo 'test_group "g" {'
    for i in 1 2 3 4 5 6 7 8; do echo "func f$i(a) { return [a, a, {x: [a, a, a]}, len(a)] } n$i := [[1, 2, 3], [4, 5, [6, 7, 8]]]"; done
    echo 'test_setup { k := n1[0] } test "all there" { assert_equal(f8(k)[1], n8[0]) } }'
} > t.ruff
$RUFF test-run t.ruff --verbose | sed -E "s/\([0-9]+ms\)/(0ms)/" | grep -v Time
