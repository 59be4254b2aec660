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
