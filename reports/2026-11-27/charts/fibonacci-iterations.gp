# Redraw: gnuplot fibonacci-iterations.gp; as PNG: gnuplot -e png=1 fibonacci-iterations.gp
# Made by: ruffbench chart iterations fibonacci -q --db reports/2026-11-27/results.db --dir reports/2026-11-27/charts
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
set output 'fibonacci-iterations'.(dark ? '-dark' : '').(png ? '.png' : '.svg')
set label 1 "fibonacci: 4 of 6 variants reach no common steady state" at screen 0.02,0.9548 left front font 'sans-serif,13' tc ls 9 noenhanced
set label 2 "fibonacci, n = 27, ms by iteration (log), a line a process, levels of the first on top, 5 blocks, session 1" at screen 0.02,0.9048 left front font 'sans-serif,9' tc ls 11 noenhanced
set label 3 "machine 16c75, commit 4fdb3740d" at screen 0.02,0.8690 left front font 'sans-serif,9' tc ls 11 noenhanced
set multiplot layout 2,3 margins 0.09,0.97,0.1095,0.7833 spacing 0.06,0.1405
set title "ruff:jit  !" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
unset logscale x
set xrange [0:529.94]
set xtics autofreq norotate noenhanced font 'sans-serif,7'
set format x '%g'
set ylabel "" noenhanced
set logscale y
set yrange [0.395471:10.4891]
set ytics autofreq norotate noenhanced font 'sans-serif,7'
set format y '%.10g'
set ytics ("0.5" 0.5, "1" 1, "2" 2, "5" 5, "10" 10) noenhanced
unset arrow
unset grid
set grid y ls 10
unset key
plot 'fibonacci-iterations.dat' index 0 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 1 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 2 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 3 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 4 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 5 using 1:2 with lines ls 2 notitle
unset label 1
unset label 2
unset label 3
set title "go  !" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
unset logscale x
set xrange [0:105.94]
set xtics autofreq norotate noenhanced font 'sans-serif,7'
set format x '%g'
set ylabel "" noenhanced
set logscale y
set yrange [0.833897:1.52673]
set ytics autofreq norotate noenhanced font 'sans-serif,7'
set format y '%.10g'
set ytics ("0.9" 0.9, "1" 1, "1.1" 1.1, "1.2" 1.2, "1.3" 1.3, "1.4" 1.4, "1.5" 1.5) noenhanced
unset arrow
unset grid
set grid y ls 10
unset key
plot 'fibonacci-iterations.dat' index 6 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 7 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 8 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 9 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 10 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 11 using 1:2 with lines ls 2 notitle
set title "node  !" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
unset logscale x
set xrange [0:529.94]
set xtics autofreq norotate noenhanced font 'sans-serif,7'
set format x '%g'
set ylabel "" noenhanced
set logscale y
set yrange [1.59484:7.04202]
set ytics autofreq norotate noenhanced font 'sans-serif,7'
set format y '%.10g'
set ytics ("2" 2, "3" 3, "5" 5, "7" 7) noenhanced
unset arrow
unset grid
set grid y ls 10
unset key
plot 'fibonacci-iterations.dat' index 12 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 13 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 14 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 15 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 16 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 17 using 1:2 with lines ls 2 notitle
set title "ruff:vm  !" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
unset logscale x
set xrange [0:34.92]
set xtics autofreq norotate noenhanced font 'sans-serif,7'
set format x '%g'
set ylabel "" noenhanced
set logscale y
set yrange [5.7738:9.4652]
set ytics autofreq norotate noenhanced font 'sans-serif,7'
set format y '%.10g'
set ytics ("6" 6, "7" 7, "8" 8, "9" 9) noenhanced
unset arrow
unset grid
set grid y ls 10
unset key
plot 'fibonacci-iterations.dat' index 18 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 19 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 20 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 21 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 22 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 23 using 1:2 with lines ls 2 notitle
set title "python  F" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
unset logscale x
set xrange [0:9.48]
set xtics autofreq norotate noenhanced font 'sans-serif,7'
set format x '%g'
set ylabel "" noenhanced
set logscale y
set yrange [21.61:36.4416]
set ytics autofreq norotate noenhanced font 'sans-serif,7'
set format y '%.10g'
set ytics ("25" 25, "30" 30, "35" 35) noenhanced
unset arrow
unset grid
set grid y ls 10
unset key
plot 'fibonacci-iterations.dat' index 24 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 25 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 26 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 27 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 28 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 29 using 1:2 with lines ls 2 notitle
set title "ruff:interp  F" noenhanced font 'sans-serif,9' offset 0,-0.7
set xlabel "" noenhanced
unset logscale x
set xrange [0.88:3.12]
set xtics 1 norotate noenhanced font 'sans-serif,7'
set format x '%g'
set ylabel "" noenhanced
set logscale y
set yrange [77.7405:127.718]
set ytics autofreq norotate noenhanced font 'sans-serif,7'
set format y '%.10g'
set ytics ("80" 80, "90" 90, "100" 100, "110" 110, "120" 120) noenhanced
unset arrow
unset grid
set grid y ls 10
unset key
plot 'fibonacci-iterations.dat' index 30 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 31 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 32 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 33 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 34 using 1:2 with lines ls 6 notitle, \
     'fibonacci-iterations.dat' index 35 using 1:2 with lines ls 2 notitle
unset multiplot
set output
reset
}
