/* What happens to objects of each kind when they die or are walked; for release.c, collect.c and the files that define
 * the kinds. */
#ifndef RF_VALUE_OBJECT_H
#define RF_VALUE_OBJECT_H

#include "value/collection.h"
#include "value/dict.h"
#include "value/function.h"
#include "value/struct_type.h"

typedef void (*rf_visitor)(void *context, rf_value value);

/* X_free: the count is zero: releases what the object holds and its memory. */
/* X_visit: calls visit for every counted reference the object holds. */
void rf_string_free(rf_isolate *isolate, rf_string *s);
void rf_array_free(rf_isolate *isolate, struct rf_array *a);
void rf_array_visit(struct rf_array *a, rf_visitor visit, void *context);
void rf_dict_free(rf_isolate *isolate, rf_dict *d);
void rf_dict_visit(rf_dict *d, rf_visitor visit, void *context);
void rf_set_free(rf_isolate *isolate, rf_set *s);
void rf_set_visit(rf_set *s, rf_visitor visit, void *context);
void rf_sequence_free(rf_isolate *isolate, rf_sequence *s);
void rf_sequence_visit(rf_sequence *s, rf_visitor visit, void *context);
void rf_struct_free(rf_isolate *isolate, rf_struct *s);
void rf_struct_visit(rf_struct *s, rf_visitor visit, void *context);
void rf_enum_free(rf_isolate *isolate, rf_enum *e);
void rf_enum_visit(rf_enum *e, rf_visitor visit, void *context);
void rf_structdef_free(rf_isolate *isolate, rf_structdef *def);
void rf_structdef_visit(rf_structdef *def, rf_visitor visit, void *context);
void rf_enumdef_free(rf_isolate *isolate, rf_enumdef *def);
void rf_function_free(rf_isolate *isolate, rf_function *f);
void rf_function_visit(rf_function *f, rf_visitor visit, void *context);
void rf_generator_free(rf_isolate *isolate, rf_generator *g);
void rf_generator_visit(rf_isolate *isolate, rf_generator *g, rf_visitor visit, void *context);
void rf_module_free(rf_isolate *isolate, rf_module *m);
/* releases what the object holds and leaves it empty but whole: how the collector breaks a cycle */
void rf_function_drop(rf_isolate *isolate, rf_function *f);
void rf_generator_drop(rf_isolate *isolate, rf_generator *g);

typedef struct rf_box { /* the content of a wrapped value that is itself wrapped */
    rf_object object;
    rf_value content;
} rf_box;

/* A function of that kind with everything unset, for transfer. */
rf_function *rf_function_new_empty(rf_isolate *isolate, rf_function_kind kind, uint32_t capture_count);

/* What an object holds besides its own block. */
size_t rf_array_buffer_size(const struct rf_array *a);
size_t rf_dict_buffer_size(const rf_dict *d);
size_t rf_set_buffer_size(const rf_set *s);
size_t rf_sequence_buffer_size(const rf_sequence *s);
size_t rf_object_buffer_size(const rf_object *object);

/* The references of any object. */
void rf_object_visit(rf_isolate *isolate, rf_object *object, rf_visitor visit, void *context);

#endif
