/* One function a format: appends the whole file to out. */
#ifndef RF_REPORT_WRITER_H
#define RF_REPORT_WRITER_H

#include "base/buffer.h"
#include "prof/profile.h"

typedef void rf_report_writer(const rf_profile *profile, rf_buffer *out);

rf_report_writer rf_report_folded, rf_report_svg, rf_report_page, rf_report_speedscope, rf_report_pprof, rf_report_cpuprofile,
    rf_report_firefox;

#endif
