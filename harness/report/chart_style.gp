# The look of every chart: one sans font, hairline grid, Okabe-Ito colours, distinct point types.
set term svg size 760,420 dynamic font 'sans-serif,10' background rgb 'white'
set encoding utf8
set border 3 lw 0.5 lc rgb '#666666'
set tics nomirror out scale 0.5
set style line 1 lc rgb '#0072B2' pt 7 ps 0.9 lw 1.2
set style line 2 lc rgb '#D55E00' pt 5 ps 0.9 lw 1.2
set style line 3 lc rgb '#009E73' pt 9 ps 0.9 lw 1.2
set style line 4 lc rgb '#CC79A7' pt 13 ps 0.9 lw 1.2
set style line 5 lc rgb '#E69F00' pt 11 ps 0.9 lw 1.2
set style line 6 lc rgb '#56B4E9' pt 3 ps 0.9 lw 1.2
set style line 10 lc rgb '#dddddd' lw 0.5
