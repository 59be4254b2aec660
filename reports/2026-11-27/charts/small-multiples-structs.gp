# Redraw: gnuplot small-multiples-structs.gp; as PNG: gnuplot -e png=1 small-multiples-structs.gp
# Made by: ruffbench chart small-multiples -q --db reports/2026-11-27/results.db --dir reports/2026-11-27/charts
if (!exists('png')) png = 0
height = 420
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
set output 'small-multiples-structs'.(dark ? '-dark' : '').(png ? '.png' : '.svg')
set label 1 "structs: python takes 40.1× the time of ruff:jit" at screen 0.02,0.9548 left front font 'sans-serif,13' tc ls 9 noenhanced
set label 2 "time relative to ruff:jit, log scale, 95 % intervals, session 1, machine 16c75, commit 4fdb3740d" at screen 0.02,0.9048 left front font 'sans-serif,9' tc ls 11 noenhanced
set multiplot layout 1,2 margins 0.11,0.97,0.1095,0.8190 spacing 0.12,0.1405
set title "scheduler" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
set logscale x
set xrange [0.501886:206.483]
set xtics autofreq norotate noenhanced font 'sans-serif,7'
set format x '%.10g'
set ylabel "" noenhanced
unset logscale y
set yrange [0.4:6.6]
set ytics norotate noenhanced font 'sans-serif,8' ("python" 1, "node" 2, "go" 3, "ruff:interp" 4, "ruff:vm" 5, "ruff:jit" 6)
unset arrow
set arrow from 1,graph 0 to 1,graph 1 nohead back ls 9 lw 0.8
unset grid
set grid x ls 10
unset key
plot 'small-multiples-structs.dat' index 0 using 1:2:3:4 with xerrorbars ls 4 notitle, \
     'small-multiples-structs.dat' index 1 using 1:2:3:4 with xerrorbars ls 7 notitle, \
     'small-multiples-structs.dat' index 2 using 1:2:3:4 with xerrorbars ls 3 notitle, \
     'small-multiples-structs.dat' index 3 using 1:2:3:4 with xerrorbars ls 6 notitle, \
     'small-multiples-structs.dat' index 4 using 1:2:3:4 with xerrorbars ls 1 notitle, \
     'small-multiples-structs.dat' index 5 using 1:2 with points ls 2 notitle
unset label 1
unset label 2
unset label 3
set title "struct_ops" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
set logscale x
set xrange [0.6878:256.749]
set xtics autofreq norotate noenhanced font 'sans-serif,7'
set format x '%.10g'
set ylabel "" noenhanced
unset logscale y
set yrange [0.4:6.6]
set ytics norotate noenhanced font 'sans-serif,8' ("python" 1, "node" 2, "go" 3, "ruff:interp" 4, "ruff:vm" 5, "ruff:jit" 6)
unset arrow
set arrow from 1,graph 0 to 1,graph 1 nohead back ls 9 lw 0.8
unset grid
set grid x ls 10
unset key
plot 'small-multiples-structs.dat' index 6 using 1:2:3:4 with xerrorbars ls 4 notitle, \
     'small-multiples-structs.dat' index 7 using 1:2:3:4 with xerrorbars ls 7 notitle, \
     'small-multiples-structs.dat' index 8 using 1:2:3:4 with xerrorbars ls 3 notitle, \
     'small-multiples-structs.dat' index 9 using 1:2:3:4 with xerrorbars ls 6 notitle, \
     'small-multiples-structs.dat' index 10 using 1:2:3:4 with xerrorbars ls 1 notitle, \
     'small-multiples-structs.dat' index 11 using 1:2 with points ls 2 notitle
unset multiplot
set output
reset
}
