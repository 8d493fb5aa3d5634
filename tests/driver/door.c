/* The door: every call is counted, and fails when `fake_fail` has said so. */
#include "driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define MOST_FUNCTIONS 256

enum { ONCE, LOST, ALWAYS }; /* how long a failure lasts: LOST is a GPU that answers nothing any more */

static const char *number_names[NUMBERS] = {
    "LAUNCHES", "GRAPH_KERNELS", "PAGEABLE_TO_GPU", "PAGEABLE_FROM_GPU", "WAITS",
    "BAD", "BYTES", "LIVE_STREAMS", "LIVE_EVENTS", "LIVE_GRAPHS", "ELSEWHERE_NS",
};
static struct {
    const char *name;
    long calls;
} functions[MOST_FUNCTIONS];
static int function_count, is_started;
static struct {
    char name[64];
    long after;
    int code, lasts;
} failure;
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

long numbers[NUMBERS];
int lost;

pthread_mutex_t *hold(void) {
    pthread_mutex_lock(&lock);
    return &lock;
}

void release(pthread_mutex_t **held) {
    pthread_mutex_unlock(*held);
}

CUresult bad(const char *what) {
    numbers[BAD]++;
    fprintf(stderr, "fake driver: %s\n", what);
    return CUDA_ERROR_INVALID_VALUE;
}

/* Whether this call is the one that fails. `cuMemAlloc` means `cuMemAlloc_v2`, too. */
static int is_chosen(const char *name) {
    size_t length = strlen(failure.name);
    if (!length || strncmp(name, failure.name, length) || (name[length] && name[length] != '_'))
        return 0;
    return failure.after-- == 0;
}

static CUresult failed(void) {
    if (failure.lasts == LOST)
        lost = failure.code;
    if (failure.lasts == ALWAYS)
        failure.after = 0;
    else
        failure.name[0] = 0;
    return failure.code;
}

CUresult enter(const char *name, int *slot, int needs_context) {
    LOCKED;
    if (*slot < 0)
        *slot = function_count++;
    functions[*slot].name = name;
    functions[*slot].calls++;
    if (lost)
        return lost;
    if (is_chosen(name))
        return failed();
    if (needs_context && !has_context())
        return CUDA_ERROR_INVALID_CONTEXT;
    return is_started ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

/* What fake.py asks and says. */

void fake_fail(const char *name, long after, int code, int lasts) {
    LOCKED;
    snprintf(failure.name, sizeof failure.name, "%s", name);
    failure.after = after;
    failure.code = code;
    failure.lasts = lasts;
    if (!*name)
        lost = 0;
}

int fake_number(int i, const char **name, long *value) {
    if (i >= NUMBERS)
        return 0;
    *name = number_names[i];
    *value = numbers[i];
    return 1;
}

int fake_count(int i, const char **name, long *calls) {
    if (i >= function_count)
        return 0;
    *name = functions[i].name;
    *calls = functions[i].calls;
    return 1;
}

void fake_forget(void) {
    LOCKED;
    for (int i = 0; i < function_count; i++)
        functions[i].calls = 0;
    memset(numbers, 0, LASTING * sizeof *numbers);
}

/* What the driver is asked before anything else. */

CUresult CUDAAPI cuInit(unsigned flags) {
    is_started = 1;
    ENTER;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDriverGetVersion(int *version) {
    ENTER;
    *version = 13000;
    return CUDA_SUCCESS;
}

/* Gives the newest function of a name: this driver knows one of each. */
CUresult CUDAAPI cuGetProcAddress(const char *name, void **found, int version, cuuint64_t flags,
                                  CUdriverProcAddressQueryResult *status) {
    static const char *endings[] = {"_v4", "_v3", "_v2", ""};
    static void *self;
    char full[256];
    if (!self) {
        Dl_info info;
        dladdr((void *)cuInit, &info);
        self = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    }
    *found = NULL;
    for (int i = 0; i < 4 && !*found; i++) {
        snprintf(full, sizeof full, "%s%s", name, endings[i]);
        *found = dlsym(self, full);
    }
    if (status)
        *status = *found ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuGetExportTable(const void **table, const CUuuid *id) {
    return CUDA_ERROR_NOT_FOUND;
}

CUresult CUDAAPI cuGetErrorString(CUresult code, const char **text) {
    *text = "what the fake driver was told to say";
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuGetErrorName(CUresult code, const char **name) {
    static const struct {
        int code;
        const char *name;
    } names[] = {
        {0, "CUDA_SUCCESS"},
        {1, "CUDA_ERROR_INVALID_VALUE"},
        {2, "CUDA_ERROR_OUT_OF_MEMORY"},
        {3, "CUDA_ERROR_NOT_INITIALIZED"},
        {200, "CUDA_ERROR_INVALID_IMAGE"},
        {201, "CUDA_ERROR_INVALID_CONTEXT"},
        {209, "CUDA_ERROR_NO_BINARY_FOR_GPU"},
        {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
        {400, "CUDA_ERROR_INVALID_HANDLE"},
        {401, "CUDA_ERROR_ILLEGAL_STATE"},
        {500, "CUDA_ERROR_NOT_FOUND"},
        {600, "CUDA_ERROR_NOT_READY"},
        {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
        {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"},
        {702, "CUDA_ERROR_LAUNCH_TIMEOUT"},
        {719, "CUDA_ERROR_LAUNCH_FAILED"},
        {801, "CUDA_ERROR_NOT_SUPPORTED"},
        {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"},
        {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"},
    };
    *name = "CUDA_ERROR_UNKNOWN";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == (int)code)
            *name = names[i].name;
    return CUDA_SUCCESS;
}
