#include "../sealing/window.h"
#include "call.h"

#include <unistd.h>

#define WINDOW_MAX (1u << 30)
#define OFFSET_MAX ((uint64_t)1 << 52)

static void free_window(napi_env env, void *bytes, void *window) {
    (void)env;
    (void)bytes;
    sr_window_free(window);
}

static napi_value file_window(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    size_t size = sr_call_size(&call, 0);
    if (!call.bad && (size == 0 || size > WINDOW_MAX || size % (size_t)sysconf(_SC_PAGESIZE) != 0))
        sr_call_refuse(&call, "a window has between 1 and 2^30 bytes, in whole pages");
    if (call.bad)
        return NULL;
    struct sr_window *window = sr_window_new(size);
    if (window == NULL)
        return sr_call_end(&call, SR_FAIL(CKR_HOST_MEMORY));
    napi_value buffer = NULL, array = NULL;
    if (napi_create_external_arraybuffer(env, sr_window_at(window), size, free_window, window, &buffer) !=
        napi_ok) {
        sr_window_free(window);
        return sr_call_end(&call, SR_FAIL(CKR_HOST_MEMORY));
    }
    napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &array);
    return array;
}

/* The window of a Uint8Array argument. Anything else is refused: mapping over other memory would be the end
 * of it. */
static struct sr_window *window_argument(struct sr_call *call, unsigned index) {
    struct sr_room bytes = sr_call_bytes(call, index, false);
    struct sr_window *window = call->bad ? NULL : sr_window_find(bytes);
    if (!call->bad && window == NULL)
        sr_call_refuse(call, "a Uint8Array is no window");
    return window;
}

static napi_value file_window_slide(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    struct sr_window *window = window_argument(&call, 0);
    int32_t fd = sr_call_i32(&call, 1);
    uint64_t offset = sr_call_id(&call, 2);
    if (!call.bad && (offset > OFFSET_MAX || offset % (uint64_t)sysconf(_SC_PAGESIZE) != 0))
        sr_call_refuse(&call, "a window begins at the beginning of a page");
    return sr_call_end(&call, call.bad ? 0 : sr_window_slide(window, fd, (off_t)offset));
}

static napi_value file_window_release(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    struct sr_window *window = window_argument(&call, 0);
    return sr_call_end(&call, call.bad ? 0 : sr_window_release(window));
}

static napi_value file_reserve(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    int32_t fd = sr_call_i32(&call, 0);
    uint64_t offset = sr_call_id(&call, 1), length = sr_call_id(&call, 2);
    if (!call.bad && (offset > OFFSET_MAX || length == 0 || length > WINDOW_MAX))
        sr_call_refuse(&call, "a range to reserve is too far out, empty or too long");
    return sr_call_end(&call, call.bad ? 0 : sr_file_reserve(fd, (off_t)offset, (off_t)length));
}

const struct sr_export sr_exports_window[] = {
    {"fileWindow", file_window},
    {"fileWindowSlide", file_window_slide},
    {"fileWindowRelease", file_window_release},
    {"fileReserve", file_reserve},
    {NULL, NULL},
};
