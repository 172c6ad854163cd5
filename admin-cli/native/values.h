/* Values between JavaScript and Cryptoki: each function reports failure with a pending JavaScript exception.
 */
#ifndef STRONGROOM_CLI_VALUES_H
#define STRONGROOM_CLI_VALUES_H

#define CK_API
#include "../../module/generated/cryptoki.h"

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>

struct bytes {
    uint8_t *data;
    size_t size;
};

/* Fetches exactly `count` arguments. */
bool cli_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values);

bool cli_get_ulong(napi_env env, napi_value value, CK_ULONG *out);

/* A view of a Uint8Array's own bytes: what is overwritten here is overwritten there. */
bool cli_get_bytes(napi_env env, napi_value value, struct bytes *out);

napi_value cli_number(napi_env env, CK_ULONG number);
napi_value cli_copy(napi_env env, const void *data, size_t size);

/* Sets a property to a number, or to the text of a field that Cryptoki pads with blanks. */
void cli_set_number(napi_env env, napi_value object, const char *name, CK_ULONG number);
void cli_set_padded(napi_env env, napi_value object, const char *name, const CK_UTF8CHAR *text, size_t size);

/* True for CKR_OK; else throws an Error with the properties `rv` and `call`. */
bool cli_succeeded(napi_env env, const char *call, CK_RV rv);

napi_value cli_undefined(napi_env env);

/* A function as JavaScript sees it. */
struct cli_function {
    const char *name;
    napi_callback call;
};

/* Gives an object these functions. */
bool cli_define(napi_env env, napi_value exports, const struct cli_function *functions, size_t count);

/* In cryptoki.c: the module, and whether one is loaded; throws where none is. */
CK_FUNCTION_LIST *cli_module(void);
bool cli_loaded(napi_env env);

#endif
