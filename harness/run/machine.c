#include "run/machine.h"

#include "base/buffer.h"
#include "base/file.h"

#include <gnu/libc-version.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* ---- reading ---- */

/* A small file of /proc or /sys without its last line ending; new, NULL when it cannot be read. */
static char *read_text(const char *path)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (rf_file_read(path, &text, NULL) || !text.data) {
        rf_buffer_release(&text);
        return NULL;
    }
    while (text.size && (text.data[text.size - 1] == '\n' || text.data[text.size - 1] == ' '))
        text.data[--text.size] = '\0';
    return rf_buffer_take(&text);
}

/* The value of the first "key<blanks>: value" line; new, "" when there is none. */
static char *field_of(const char *text, const char *key, const char *separators)
{
    size_t length = strlen(key);
    for (const char *line = text; line && *line;) {
        const char *rest = line + length;
        if (strncmp(line, key, length) == 0 && strspn(rest, separators)) {
            rest += strspn(rest, separators);
            size_t size = strcspn(rest, "\n");
            while (size && (rest[size - 1] == '"' || rest[size - 1] == ' ')) size--;
            return rf_strndup(rest, size);
        }
        line = strchr(line, '\n');
        if (line) line++;
    }
    return rf_strdup("");
}

static unsigned count_lines_with(const char *text, const char *start)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, start)); at++)
        count += at == text || at[-1] == '\n';
    return count;
}

/* ---- identity ---- */

/* Distinct (physical id, core id) pairs; the logical count when the kernel does not tell. */
static unsigned count_cores(const char *cpuinfo, unsigned logical)
{
    char *siblings = field_of(cpuinfo, "siblings", "\t: "),
         *cores = field_of(cpuinfo, "cpu cores", "\t: ");
    unsigned long per_socket = strtoul(siblings, NULL, 10),
                  cores_per_socket = strtoul(cores, NULL, 10);
    rf_free(siblings);
    rf_free(cores);
    if (per_socket == 0 || cores_per_socket == 0) return logical;
    unsigned sockets = (unsigned)((logical + per_socket - 1) / per_socket);
    return sockets * (unsigned)cores_per_socket;
}

static char *find_virtualisation(const char *cpuinfo)
{
    char *flags = field_of(cpuinfo, "flags", "\t: ");
    bool guest = strstr(flags, "hypervisor") != NULL;
    rf_free(flags);
    char *product = read_text("/sys/class/dmi/id/product_name");
    char *result = guest ? rf_format_text("vm%s%s", product ? " " : "", product ? product : "")
                         : rf_strdup("");
    rf_free(product);
    if (access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0) {
        char *inside = rf_format_text("%s%scontainer", result, *result ? ", " : "");
        rf_free(result);
        result = inside;
    }
    return result;
}

static void digest_text(const char *text, char hex[RUN_SHA256_SIZE])
{
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add_text(&digest, text);
    run_sha256_finish(&digest, hex);
}

static void identify(run_machine *machine, const char *cpuinfo)
{
    char *flags = field_of(cpuinfo, "flags", "\t: ");
    if (!*flags) {
        rf_free(flags);
        flags = field_of(cpuinfo, "Features", "\t: ");
    }
    digest_text(flags, machine->isa);
    rf_free(flags);
    machine->cpu_model = field_of(cpuinfo, "model name", "\t: ");
    if (!*machine->cpu_model) {
        rf_free(machine->cpu_model);
        machine->cpu_model = rf_strdup("unknown");
    }
    machine->cores_logical = count_lines_with(cpuinfo, "processor");
    if (!machine->cores_logical) machine->cores_logical = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    machine->cores_physical = count_cores(cpuinfo, machine->cores_logical);
    machine->virtualisation = find_virtualisation(cpuinfo);
    uint64_t bytes = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE),
             step = (uint64_t)256 << 20;
    machine->memory_bytes = (bytes + step / 2) / step * step;
    char host[256] = "unknown";
    gethostname(host, sizeof host - 1);
    machine->name = rf_strdup(host);
    char *all = rf_format_text("%s\n%s\n%u %u\n%llu\n%s", machine->cpu_model, machine->isa,
                               machine->cores_physical, machine->cores_logical,
                               (unsigned long long)machine->memory_bytes, machine->virtualisation);
    digest_text(all, machine->fingerprint);
    rf_free(all);
}

/* ---- facts ---- */

static void add_fact(run_machine *machine, const char *key, const char *grade, char *value)
{
    if (!value) return;
    run_fact fact = {rf_strdup(key), value, grade};
    rf_vector_push(&machine->facts, fact);
}

/* "always [madvise] never" says madvise. */
static char *chosen(char *text)
{
    char *open = text ? strchr(text, '[') : NULL, *close = open ? strchr(open, ']') : NULL;
    if (!close) return text;
    char *word = rf_strndup(open + 1, (size_t)(close - open - 1));
    rf_free(text);
    return word;
}

static void gather_facts(run_machine *machine)
{
    static const struct {
        const char *key, *path, *grade;
    } files[] = {
        {"governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "warn"},
        {"boost", "/sys/devices/system/cpu/cpufreq/boost", "warn"},
        {"no_turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", "warn"},
        {"smt", "/sys/devices/system/cpu/smt/active", "info"},
        {"isolated_cpus", "/sys/devices/system/cpu/isolated", "info"},
        {"nohz_full", "/sys/devices/system/cpu/nohz_full", "info"},
        {"aslr", "/proc/sys/kernel/randomize_va_space", "warn"},
        {"perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid", "info"},
        {"clock_source", "/sys/devices/system/clocksource/clocksource0/current_clocksource",
         "info"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(files); i++)
        add_fact(machine, files[i].key, files[i].grade, read_text(files[i].path));
    char *online = read_text("/sys/class/power_supply/AC/online");
    if (online) add_fact(machine, "power", "warn", rf_strdup(*online == '0' ? "battery" : "mains"));
    rf_free(online);
    add_fact(machine, "huge_pages", "info",
             chosen(read_text("/sys/kernel/mm/transparent_hugepage/enabled")));
}

static void gather_system(run_machine *machine)
{
    struct utsname system;
    uname(&system);
    machine->kernel = rf_format_text("%s %s", system.sysname, system.release);
    machine->libc = rf_format_text("glibc %s", gnu_get_libc_version());
    char *release = read_text("/etc/os-release");
    machine->os = release ? field_of(release, "PRETTY_NAME", "=\"") : rf_strdup("unknown");
    rf_free(release);
}

static void digest_environment(run_machine *machine)
{
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add_text(&digest, machine->fingerprint);
    run_sha256_add_text(&digest, machine->os);
    run_sha256_add_text(&digest, machine->kernel);
    run_sha256_add_text(&digest, machine->libc);
    for (size_t i = 0; i < machine->facts.count; i++) {
        run_sha256_add_text(&digest, machine->facts.data[i].key);
        run_sha256_add_text(&digest, machine->facts.data[i].value);
    }
    run_sha256_finish(&digest, machine->environment);
}

void run_machine_capture(run_machine *machine)
{
    *machine = (run_machine){0};
    char *cpuinfo = read_text("/proc/cpuinfo");
    identify(machine, cpuinfo ? cpuinfo : "");
    rf_free(cpuinfo);
    gather_system(machine);
    gather_facts(machine);
    digest_environment(machine);
}

const char *run_machine_fact(const run_machine *machine, const char *key)
{
    for (size_t i = 0; i < machine->facts.count; i++)
        if (strcmp(machine->facts.data[i].key, key) == 0) return machine->facts.data[i].value;
    return NULL;
}

void run_machine_release(run_machine *machine)
{
    for (size_t i = 0; i < machine->facts.count; i++) {
        rf_free(machine->facts.data[i].key);
        rf_free(machine->facts.data[i].value);
    }
    rf_vector_release(&machine->facts);
    rf_free(machine->name);
    rf_free(machine->cpu_model);
    rf_free(machine->virtualisation);
    rf_free(machine->os);
    rf_free(machine->kernel);
    rf_free(machine->libc);
}

void run_machine_short_name(const char *fingerprint, char out[8])
{
    snprintf(out, 8, "%.5s", fingerprint);
}

/* ---- readings ---- */

int64_t run_machine_steal_ns(void)
{
    char *text = read_text("/proc/stat");
    long long ticks = -1;
    if (text && sscanf(text, "cpu %*s %*s %*s %*s %*s %*s %*s %lld", &ticks) != 1) ticks = -1;
    rf_free(text);
    return ticks < 0 ? -1 : (int64_t)(ticks * (1000000000 / sysconf(_SC_CLK_TCK)));
}

double run_machine_pressure_us(void)
{
    char *text = read_text("/proc/pressure/cpu");
    const char *total = text ? strstr(text, "total=") : NULL;
    double us = total ? strtod(total + 6, NULL) : -1;
    rf_free(text);
    return us;
}

double run_machine_load(void)
{
    char *text = read_text("/proc/loadavg");
    double load = text ? strtod(text, NULL) : -1;
    rf_free(text);
    return load;
}

/* The number in a file of one CPU; false when there is none. */
static bool read_cpu_number(unsigned cpu, const char *file, double *value)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/%s", cpu, file);
    char *text = read_text(path);
    bool found = text && *text;
    if (found) *value = strtod(text, NULL);
    rf_free(text);
    return found;
}

int64_t run_machine_throttle_count(void)
{
    double sum = 0, value;
    unsigned cpu = 0;
    for (; read_cpu_number(cpu, "thermal_throttle/core_throttle_count", &value); cpu++)
        sum += value;
    return cpu ? (int64_t)sum : -1;
}

double run_machine_frequency_khz(void)
{
    double fastest = -1, value;
    for (unsigned cpu = 0; read_cpu_number(cpu, "cpufreq/scaling_cur_freq", &value); cpu++)
        if (value > fastest) fastest = value;
    return fastest;
}

bool run_machine_has_counters(void)
{
    struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE,
                                   .size = sizeof attr,
                                   .config = PERF_COUNT_HW_INSTRUCTIONS,
                                   .disabled = 1,
                                   .exclude_kernel = 1};
    long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd >= 0) close((int)fd);
    return fd >= 0;
}
