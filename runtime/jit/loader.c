/* Sections that are allocated are copied into one image, in file order; behind them a table with one 8-byte address and one
 * 16-byte jump for each symbol that needs it (R_X86_64_GOTPCREL*; calls out of reach).  Then relocations are applied in
 * the image and it is sealed.
 *
 * Format: System V ABI, AMD64 supplement, 4.4 (relocation types); ELF-64 object file format 1.5. */
#include "jit/loader.h"

#include "base/alloc.h"
#include "base/error.h"

#include <elf.h>
#include <string.h>

enum { MAX_SECTIONS = 512, MAX_SYMBOLS = 65536, MAX_IMAGE = 16 << 20, SLOT_SIZE = 24 };

typedef struct section {
    Elf64_Shdr header;
    size_t place; /* offset in the image, of allocated sections */
    bool is_placed;
} section;

typedef struct object {
    const uint8_t *bytes;
    size_t size;
    section *sections;
    uint32_t section_count;
    const Elf64_Shdr *symbols;     /* .symtab */
    const Elf64_Shdr *names;       /* its strings */
    uint32_t symbol_count;
    uint32_t *slots;               /* by symbol: number of its slot + 1 */
    uint32_t slot_count;
    size_t slots_at;               /* offset of the table in the image */
    char *image;
    size_t image_size;
    rf_symbol_resolver resolve;
    void *resolve_context;
    ruff_error *err;
} object;

static ruff_status bad(object *o, const char *what)
{
    return rf_error_set(o->err, RUFF_E_MISUSE, "native code rejected: %s", what);
}

/* [offset, offset + size) lies within limit. */
static bool lies_within(uint64_t offset, uint64_t size, uint64_t limit)
{
    return offset <= limit && size <= limit - offset;
}

static ruff_status read_headers(object *o)
{
    Elf64_Ehdr header, *h = &header;
    if (o->size < sizeof *h) return bad(o, "too short");
    memcpy(h, o->bytes, sizeof *h);
    if (memcmp(h->e_ident, ELFMAG, SELFMAG) != 0 || h->e_ident[EI_CLASS] != ELFCLASS64 ||
        h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_type != ET_REL || h->e_machine != EM_X86_64)
        return bad(o, "not a relocatable x86-64 object");
    if (h->e_shentsize != sizeof(Elf64_Shdr) || h->e_shnum == 0 || h->e_shnum > MAX_SECTIONS)
        return bad(o, "section table");
    if (!lies_within(h->e_shoff, (uint64_t)h->e_shnum * sizeof(Elf64_Shdr), o->size)) return bad(o, "section table");
    o->section_count = h->e_shnum;
    o->sections = rf_alloc_array_zero(section, o->section_count);
    for (uint32_t i = 0; i < o->section_count; i++)
        memcpy(&o->sections[i].header, o->bytes + h->e_shoff + i * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr));
    return RUFF_OK;
}

static ruff_status place_sections(object *o)
{
    size_t at = 0;
    for (uint32_t i = 0; i < o->section_count; i++) {
        const Elf64_Shdr *s = &o->sections[i].header;
        if (s->sh_type == SHT_SYMTAB) {
            if (o->symbols) return bad(o, "two symbol tables");
            o->symbols = s;
        }
        if (!(s->sh_flags & SHF_ALLOC) || s->sh_size == 0) continue;
        if (s->sh_flags & (SHF_WRITE | SHF_TLS)) return bad(o, "writable data");
        if (s->sh_type != SHT_PROGBITS) {
            if (s->sh_type == SHT_X86_64_UNWIND || s->sh_type == SHT_NOTE) continue;
            return bad(o, "section type");
        }
        if (!lies_within(s->sh_offset, s->sh_size, o->size)) return bad(o, "section out of bounds");
        const uint64_t align = s->sh_addralign ? s->sh_addralign : 1;
        if ((align & (align - 1)) || align > 4096) return bad(o, "alignment");
        at = (at + align - 1) & ~(size_t)(align - 1);
        if (s->sh_size > MAX_IMAGE - at) return bad(o, "too large");
        o->sections[i].place = at;
        o->sections[i].is_placed = true;
        at += s->sh_size;
    }
    if (at == 0) return bad(o, "no code");
    o->slots_at = (at + 15) & ~(size_t)15;
    return RUFF_OK;
}

static ruff_status read_symbol_table(object *o)
{
    const Elf64_Shdr *s = o->symbols;
    if (!s) return bad(o, "no symbols");
    if (s->sh_entsize != sizeof(Elf64_Sym) || !lies_within(s->sh_offset, s->sh_size, o->size) ||
        s->sh_size / sizeof(Elf64_Sym) > MAX_SYMBOLS || s->sh_link >= o->section_count)
        return bad(o, "symbol table");
    o->symbol_count = (uint32_t)(s->sh_size / sizeof(Elf64_Sym));
    o->names = &o->sections[s->sh_link].header;
    if (o->names->sh_type != SHT_STRTAB || o->names->sh_size == 0 ||
        !lies_within(o->names->sh_offset, o->names->sh_size, o->size) ||
        o->bytes[o->names->sh_offset + o->names->sh_size - 1] != '\0')
        return bad(o, "symbol names");
    o->slots = rf_alloc_array_zero(uint32_t, o->symbol_count);
    return RUFF_OK;
}

static Elf64_Sym symbol_at(const object *o, uint32_t index)
{
    Elf64_Sym symbol;
    memcpy(&symbol, o->bytes + o->symbols->sh_offset + index * sizeof symbol, sizeof symbol);
    return symbol;
}

static const char *symbol_name(const object *o, const Elf64_Sym *symbol)
{
    if (symbol->st_name >= o->names->sh_size) return NULL;
    return (const char *)o->bytes + o->names->sh_offset + symbol->st_name;
}

/* Address in the image or of the allowed outside symbol; NULL with the reason set. */
static char *symbol_address(object *o, uint32_t index)
{
    const Elf64_Sym symbol = symbol_at(o, index);
    if (symbol.st_shndx == SHN_UNDEF) {
        const char *name = symbol_name(o, &symbol);
        char *address = name && *name ? o->resolve(o->resolve_context, name) : NULL;
        if (!address)
            rf_error_set(o->err, RUFF_E_MISUSE, "native code rejected: symbol %s is not allowed", name ? name : "?");
        return address;
    }
    const section *s = symbol.st_shndx < o->section_count ? &o->sections[symbol.st_shndx] : NULL;
    if (!s || !s->is_placed || symbol.st_value > s->header.sh_size) {
        bad(o, "symbol out of bounds");
        return NULL;
    }
    return o->image + s->place + symbol.st_value;
}

static const Elf64_Rela *next_relocation(const object *o, const Elf64_Shdr *s, size_t index, Elf64_Rela *out)
{
    if (index >= s->sh_size / sizeof *out) return NULL;
    memcpy(out, o->bytes + s->sh_offset + index * sizeof *out, sizeof *out);
    return out;
}

static bool wants_slot(uint32_t type)
{
    return type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX || type == R_X86_64_REX_GOTPCRELX ||
           type == R_X86_64_PLT32;
}

typedef ruff_status (*relocation_visitor)(object *o, const section *in, const Elf64_Rela *r);

static ruff_status visit_relocations(object *o, relocation_visitor visit)
{
    for (uint32_t i = 0; i < o->section_count; i++) {
        const Elf64_Shdr *s = &o->sections[i].header;
        if (s->sh_type == SHT_REL) return bad(o, "relocation type");
        if (s->sh_type != SHT_RELA) continue;
        if (s->sh_info >= o->section_count) return bad(o, "relocation section");
        if (!o->sections[s->sh_info].is_placed) continue;
        if (s->sh_entsize != sizeof(Elf64_Rela) || !lies_within(s->sh_offset, s->sh_size, o->size))
            return bad(o, "relocation section");
        Elf64_Rela r;
        for (size_t at = 0; next_relocation(o, s, at, &r); at++) {
            if (ELF64_R_SYM(r.r_info) >= o->symbol_count) return bad(o, "relocation symbol");
            ruff_status status = visit(o, &o->sections[s->sh_info], &r);
            if (status) return status;
        }
    }
    return RUFF_OK;
}

static ruff_status count_slot(object *o, const section *in, const Elf64_Rela *r)
{
    (void)in;
    const uint32_t index = (uint32_t)ELF64_R_SYM(r->r_info);
    if (wants_slot((uint32_t)ELF64_R_TYPE(r->r_info)) && !o->slots[index]) o->slots[index] = ++o->slot_count;
    return RUFF_OK;
}

static char *slot_of(const object *o, uint32_t symbol)
{
    return o->image + o->slots_at + (size_t)(o->slots[symbol] - 1) * SLOT_SIZE;
}

/* A slot: the address, then `jmp *-14(%rip)` to it. */
static ruff_status fill_slots(object *o)
{
    static const uint8_t jump[] = {0xFF, 0x25, 0xF2, 0xFF, 0xFF, 0xFF};
    for (uint32_t i = 0; i < o->symbol_count; i++) {
        if (!o->slots[i]) continue;
        char *address = symbol_address(o, i);
        if (!address) return RUFF_E_MISUSE;
        memcpy(slot_of(o, i), &address, sizeof address);
        memcpy(slot_of(o, i) + 8, jump, sizeof jump);
    }
    return RUFF_OK;
}

static ruff_status put_relative(object *o, char *at, int64_t distance)
{
    if (distance != (int32_t)distance) return bad(o, "relocation out of reach");
    const int32_t value = (int32_t)distance;
    memcpy(at, &value, sizeof value);
    return RUFF_OK;
}

static int64_t slot_distance(const object *o, uint32_t symbol, const char *at, const Elf64_Rela *r)
{
    return (int64_t)((uint64_t)(slot_of(o, symbol) - at) + (uint64_t)r->r_addend);
}

static ruff_status apply(object *o, const section *in, const Elf64_Rela *r)
{
    const uint32_t type = (uint32_t)ELF64_R_TYPE(r->r_info), index = (uint32_t)ELF64_R_SYM(r->r_info);
    const size_t width = type == R_X86_64_64 ? 8 : 4;
    if (!lies_within(r->r_offset, width, in->header.sh_size)) return bad(o, "relocation out of bounds");
    char *at = o->image + in->place + r->r_offset;
    if (type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX || type == R_X86_64_REX_GOTPCRELX)
        return put_relative(o, at, slot_distance(o, index, at, r));
    char *target = symbol_address(o, index);
    if (!target) return RUFF_E_MISUSE;
    /* as unsigned integers: a hostile addend need not stay inside anything */
    const uint64_t value = (uint64_t)(uintptr_t)target + (uint64_t)r->r_addend;
    int64_t distance = (int64_t)(value - (uint64_t)(uintptr_t)at);
    switch (type) {
    case R_X86_64_64: memcpy(at, &value, sizeof value); return RUFF_OK;
    case R_X86_64_PLT32:
        if (distance != (int32_t)distance) distance = slot_distance(o, index, at, r) + 8;
        return put_relative(o, at, distance);
    case R_X86_64_PC32: return put_relative(o, at, distance);
    default: return bad(o, "relocation type");
    }
}

static void report_symbols(object *o, rf_symbol_visitor defined, void *context)
{
    for (uint32_t i = 0; i < o->symbol_count; i++) {
        const Elf64_Sym symbol = symbol_at(o, i);
        const bool is_named = ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL || ELF64_ST_TYPE(symbol.st_info) == STT_FUNC;
        if (!is_named || symbol.st_shndx == SHN_UNDEF) continue;
        const char *name = symbol_name(o, &symbol);
        char *address = name ? symbol_address(o, i) : NULL;
        if (address) defined(context, name, address);
    }
}

ruff_status rf_native_load(rf_code_region *region, const uint8_t *bytes, size_t size, rf_symbol_resolver resolve,
                           void *resolve_context, rf_symbol_visitor defined, void *defined_context,
                           rf_native_code *out, ruff_error *err)
{
    object loaded = {.bytes = bytes, .size = size, .resolve = resolve, .resolve_context = resolve_context, .err = err};
    object *o = &loaded;
    ruff_status status = read_headers(o);
    if (!status) status = place_sections(o);
    if (!status) status = read_symbol_table(o);
    if (!status) status = visit_relocations(o, count_slot);
    if (status) goto done;
    o->image_size = o->slots_at + (size_t)o->slot_count * SLOT_SIZE;
    o->image = rf_code_region_take(region, o->image_size);
    if (!o->image) {
        status = rf_error_set(err, RUFF_E_NOMEM, "no room for %zu bytes of native code", o->image_size);
        goto done;
    }
    for (uint32_t i = 0; i < o->section_count; i++) {
        const section *s = &o->sections[i];
        if (s->is_placed) memcpy(o->image + s->place, bytes + s->header.sh_offset, s->header.sh_size);
    }
    status = fill_slots(o);
    if (!status) status = visit_relocations(o, apply);
    if (!status && !rf_code_region_seal(region, o->image, o->image_size))
        status = rf_error_set(err, RUFF_E_NOMEM, "the system refuses executable memory");
    if (status) goto done;
    report_symbols(o, defined, defined_context);
    *out = (rf_native_code){o->image, o->image_size};
done:
    rf_free(o->slots);
    rf_free(o->sections);
    return status;
}
