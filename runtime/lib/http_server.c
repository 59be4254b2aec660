/* Responses of HTTP servers (BUILTINS 29).  They are values in effect: the functions on them return
 * changed copies.  The server itself needs a library this build does without. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/function.h"

#include "base/alloc.h"

#include <string.h>
#include <strings.h>

typedef struct header {
    rf_value name, value; /* strings */
} header;

typedef struct response {
    int64_t status;
    rf_value body;
    header *headers;
    uint32_t count;
} response;

static void free_response(rf_isolate *isolate, rf_handle *handle)
{
    response *r = handle->data;
    for (uint32_t i = 0; i < r->count; i++) {
        rf_release(isolate, r->headers[i].name);
        rf_release(isolate, r->headers[i].value);
    }
    rf_release(isolate, r->body);
    rf_free(r->headers);
    rf_free(r);
}

static void inspect_response(rf_isolate *isolate, rf_handle *handle, rf_buffer *out)
{
    (void)isolate;
    rf_buffer_format(out, "HttpResponse(status: %lld)",
                     (long long)((response *)handle->data)->status);
}

static const rf_handle_type response_type = {
    .type_name = "httpresponse", .free = free_response, .inspect = inspect_response};

/* New handle; steals body. */
static rf_value new_response(rf_isolate *isolate, int64_t status, rf_value body)
{
    response *r = rf_new(response);
    r->status = status;
    r->body = body;
    return rf_handle_new(isolate, &response_type, r);
}

static const response *want_response(rf_isolate *isolate, const char *name, const rf_value *args)
{
    if (args[0].head == RF_HANDLE && args[0].as.handle->type == &response_type)
        return args[0].as.handle->data;
    rf_args_wrong(isolate, name, 0, "httpresponse", args[0]);
    return NULL;
}

/* A status and, unless it is json_response's data, a text: types are looked at before values. */
static bool want_status(rf_isolate *isolate, const char *name, const rf_value *args, bool has_text,
                        int64_t *status)
{
    if (!rf_args_int(isolate, name, args, 0, status) ||
        (has_text && !rf_args_string(isolate, name, args, 1)))
        return false;
    if (*status >= 100 && *status <= 599) return true;
    rf_raise(isolate, "%s expects a status of 100 to 599, got %lld", name, (long long)*status);
    return false;
}

/* A line break in a header would let a text add headers of its own. */
static bool want_header(rf_isolate *isolate, const char *function, const rf_string *name,
                        const rf_string *value)
{
    const bool is_name = name->size && strcspn(name->text, "\r\n: ") == name->size;
    if (is_name && strcspn(value->text, "\r\n") == value->size) return true;
    rf_raise(isolate, "%s: '%s: %s' is no header", function, rf_args_shown(isolate, name),
             rf_args_shown(isolate, value));
    return false;
}

/* Sets a header of a response that nobody else has yet; the last one of a name wins. */
static void put_header(rf_isolate *isolate, response *r, rf_value name, rf_value value)
{
    header *h = r->headers;
    while (h < r->headers + r->count &&
           strcasecmp(h->name.as.string->text, name.as.string->text) != 0)
        h++;
    if (h == r->headers + r->count) {
        r->headers = rf_realloc(r->headers, rf_array_size(r->count + 1, sizeof *r->headers));
        h = &r->headers[r->count++];
        *h = (header){rf_unset(), rf_unset()};
    }
    rf_store(isolate, &h->name, rf_copy(name));
    rf_store(isolate, &h->value, rf_copy(value));
}

static void put_text_header(rf_isolate *isolate, response *r, const char *name, const char *value)
{
    rf_value name_text = rf_string_from(isolate, name), value_text = rf_string_from(isolate, value);
    put_header(isolate, r, name_text, value_text);
    rf_release(isolate, name_text);
    rf_release(isolate, value_text);
}

/* ---- making responses ---- */

rf_value rf_lib_http_response(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t status;
    if (!want_status(isolate, "http_response", args, true, &status)) return rf_raised();
    return new_response(isolate, status, rf_take(&args[1]));
}

rf_value rf_lib_html_response(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t status;
    if (!want_status(isolate, "html_response", args, true, &status)) return rf_raised();
    rf_value handle = new_response(isolate, status, rf_take(&args[1]));
    put_text_header(isolate, handle.as.handle->data, "Content-Type", "text/html; charset=utf-8");
    return handle;
}

rf_value rf_lib_json_response(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    int64_t status = 200;
    if (arg_count > 1 && !want_status(isolate, "json_response", args, false, &status))
        return rf_raised();
    rf_value body = rf_lib_to_json(isolate, &args[arg_count - 1], 1);
    if (rf_is_raised(body)) return body;
    rf_value handle = new_response(isolate, status, body);
    put_text_header(isolate, handle.as.handle->data, "Content-Type", "application/json");
    return handle;
}

/* Adds the entries that are strings; false after raising. */
static bool put_headers(rf_isolate *isolate, const char *function, response *r,
                        const rf_dict *headers)
{
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(headers, &at, &key, &value);) {
        if (value.head != RF_STRING) continue;
        rf_value name = rf_key_to_string(isolate, key);
        const bool is_header = want_header(isolate, function, name.as.string, value.as.string);
        if (is_header) put_header(isolate, r, name, value);
        rf_release(isolate, name);
        if (!is_header) return false;
    }
    return true;
}

rf_value rf_lib_redirect_response(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    static const char name[] = "redirect_response";
    if (!rf_args_string(isolate, name, args, 0)) return rf_raised();
    if (arg_count > 1 && !rf_args_want(isolate, name, args, 1, RF_KIND(RF_DICT), "dict"))
        return rf_raised();
    const rf_string *url = args[0].as.string;
    if (strcspn(url->text, "\r\n") != url->size)
        return rf_raise(isolate, "%s: '%s' is no address", name, rf_args_shown(isolate, url));
    rf_value handle =
        new_response(isolate, 302, rf_string_format(isolate, "Redirecting to %s", url->text));
    put_text_header(isolate, handle.as.handle->data, "Location", url->text);
    if (arg_count < 2 || put_headers(isolate, name, handle.as.handle->data, args[1].as.dict))
        return handle;
    rf_release(isolate, handle);
    return rf_raised();
}

/* ---- changing them ---- */

static rf_value copy_response(rf_isolate *isolate, const response *r)
{
    rf_value handle = new_response(isolate, r->status, rf_copy(r->body));
    for (uint32_t i = 0; i < r->count; i++)
        put_header(isolate, handle.as.handle->data, r->headers[i].name, r->headers[i].value);
    return handle;
}

rf_value rf_lib_set_header(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const response *r = want_response(isolate, "set_header", args);
    if (!r || !rf_args_string(isolate, "set_header", args, 1) ||
        !rf_args_string(isolate, "set_header", args, 2))
        return rf_raised();
    if (!want_header(isolate, "set_header", args[1].as.string, args[2].as.string))
        return rf_raised();
    rf_value handle = copy_response(isolate, r);
    put_header(isolate, handle.as.handle->data, args[1], args[2]);
    return handle;
}

rf_value rf_lib_set_headers(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const response *r = want_response(isolate, "set_headers", args);
    if (!r || !rf_args_want(isolate, "set_headers", args, 1, RF_KIND(RF_DICT), "dict"))
        return rf_raised();
    rf_value handle = copy_response(isolate, r);
    if (put_headers(isolate, "set_headers", handle.as.handle->data, args[1].as.dict)) return handle;
    rf_release(isolate, handle);
    return rf_raised();
}
