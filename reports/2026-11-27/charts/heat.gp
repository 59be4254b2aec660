# Redraw: gnuplot heat.gp; as PNG: gnuplot -e png=1 heat.gp
# Made by: ruffbench chart heat -q --db reports/2026-11-27/results.db --dir reports/2026-11-27/charts
if (!exists('png')) png = 0
height = 750
do for [dark = 0:1] {
# The look of every chart: one sans font, hairline grid, Okabe-Ito colours, distinct point types, light or dark.
paper = dark ? '#14171a' : 'white'
if (png) { set term pngcairo size 1520,2*height font 'sans-serif,10' fontscale 2 linewidth 2 pointscale 2 background rgb paper } \
else { set term svg size 760,height dynamic font 'sans-serif,10' background rgb paper }
set encoding utf8
ink = dark ? '#e8e8e8' : '#1a1a1a'
faint = dark ? '#9aa0a6' : '#666666'
hair = dark ? '#33383d' : '#dddddd'
set border 3 lw 0.5 lc rgb faint
set tics nomirror out scale 0.5 textcolor rgb ink
set xlabel textcolor rgb ink
set ylabel textcolor rgb ink
set title textcolor rgb ink
set style line 1 lc rgb (dark ? '#4AA8E8' : '#0072B2') pt 7 ps 0.6 lw 1.3
set style line 2 lc rgb (dark ? '#F08040' : '#D55E00') pt 5 ps 0.6 lw 1.3
set style line 3 lc rgb (dark ? '#2FC494' : '#009E73') pt 9 ps 0.7 lw 1.3
set style line 4 lc rgb (dark ? '#E09AC4' : '#CC79A7') pt 13 ps 0.7 lw 1.3
set style line 5 lc rgb (dark ? '#E69F00' : '#B87F00') pt 11 ps 0.7 lw 1.3
set style line 6 lc rgb (dark ? '#8CCBF2' : '#56B4E9') pt 3 ps 0.7 lw 1.3
set style line 7 lc rgb (dark ? '#F0E442' : '#8F8700') pt 2 ps 0.7 lw 1.3
set style line 8 lc rgb (dark ? '#B0B0B0' : '#777777') pt 6 ps 0.7 lw 1.3
set style line 9 lc rgb ink pt 7 ps 0.6 lw 1.0
set style line 10 lc rgb hair lw 0.5
set style line 11 lc rgb faint lw 0.5
set output 'heat'.(dark ? '-dark' : '').(png ? '.png' : '.svg')
set label 1 "ruff:jit is faster than python in 40 of 40 benchmarks" at screen 0.02,0.9747 left front font 'sans-serif,13' tc ls 9 noenhanced
set label 2 "time relative to ruff:jit: blue is faster, orange slower, session 1, machine 16c75, commit 4fdb3740d" at screen 0.02,0.9467 left front font 'sans-serif,9' tc ls 11 noenhanced
set tmargin at screen 0.9067
set xlabel "" noenhanced
unset logscale x
set xrange [0.4:6.6]
set xtics norotate noenhanced ("ruff:jit" 1, "ruff:vm" 2, "ruff:interp" 3, "go" 4, "node" 5, "python" 6)
set ylabel "" noenhanced
unset logscale y
set yrange [0.4:40.6]
set ytics norotate noenhanced font 'sans-serif,8' ("struct_ops" 1, "scheduler" 2, "text_upper" 3, "text_replace" 4, "string_processing" 5, "string_concat" 6, "split_join" 7, "sort_strings" 8, "levenshtein" 9, "regex_log" 10, "permutations" 11, "nested_loops" 12, "collatz" 13, "sorting" 14, "json_write" 15, "json_roundtrip" 16, "json_parse" 17, "file_io" 18, "generators" 19, "spectral_norm" 20, "nbody" 21, "matmul" 22, "mandelbrot" 23, "exceptions" 24, "word_count" 25, "lru" 26, "json_records" 27, "dict_ops" 28, "higher_order" 29, "closures" 30, "tak" 31, "primes" 32, "fibonacci" 33, "ackermann" 34, "sort_ints" 35, "sieve" 36, "quicksort" 37, "fannkuch" 38, "array_ops" 39, "binary_trees" 40)
unset arrow
unset grid
unset key
plot 'heat.dat' index 0 using 1:2:($1-0.48):($1+0.48):($2-0.46):($2+0.46):6 with boxxyerror fs solid 1 noborder lc rgb variable notitle, 'heat.dat' index 0 using 1:2:5:7 with labels noenhanced font 'sans-serif,7' tc rgb variable notitle
unset label 1
unset label 2
unset label 3
set output
reset
}
