/* Memory of the GPU: an arena at a fixed address, which executor.py maps, too; and pinned memory. */
#include "driver.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_PIECES (1 << 16)
#define MOST_PINNED (1 << 14)
#define MOST_POISON ((size_t)1 << 26) /* bytes; to poison more takes too long */
#define POISON 0xff                   /* NaN, and -1 */
#define PAGE 4096

struct piece {
    char *at;
    size_t size;
    int is_used;
};

static struct piece pieces[MOST_PIECES], pinned[MOST_PINNED];
static int piece_count, pinned_count, arena_file = -1;

static struct piece *piece_of(const void *at, size_t size, struct piece *list, int count) {
    const char *begin = at;
    for (int i = 0; i < count; i++)
        if (list[i].is_used && begin >= list[i].at && begin + size <= list[i].at + list[i].size)
            return list + i;
    return NULL;
}

int is_there(const void *at) {
    return (char *)at >= ARENA && (char *)at < ARENA + ARENA_SIZE;
}

int is_live(const void *at, size_t size) {
    return !size || piece_of(at, size, pieces, piece_count);
}

int is_pinned(const void *at, size_t size) {
    return piece_of(at, size, pinned, pinned_count) != NULL;
}

static CUresult open_arena(void) {
    int access = PROT_READ | PROT_WRITE;
    int flags = MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_NORESERVE;
    arena_file = memfd_create("gpu", MFD_CLOEXEC);
    if (ftruncate(arena_file, ARENA_SIZE))
        return CUDA_ERROR_UNKNOWN;
    if (mmap(ARENA, ARENA_SIZE, access, flags, arena_file, 0) != ARENA)
        return CUDA_ERROR_UNKNOWN;
    return listen_to(arena_file);
}

/* Bytes that a piece takes: with a gap, so that a look beyond its end is no look at the next one. */
static size_t whole(size_t size) {
    return (size + 767) / 256 * 256;
}

static void poison(struct piece *piece) {
    memset(piece->at, POISON, piece->size < MOST_POISON ? piece->size : MOST_POISON);
}

/* A piece that was given back and has the same size, else a new one; NULL where there is no room. */
static struct piece *place_for(size_t size) {
    char *end = ARENA + PAGE;
    for (int i = 0; i < piece_count; i++) {
        if (!pieces[i].is_used && whole(pieces[i].size) == whole(size))
            return pieces + i;
        end = pieces[i].at + whole(pieces[i].size);
    }
    if (end + whole(size) > ARENA + ARENA_SIZE || piece_count == MOST_PIECES)
        return NULL;
    pieces[piece_count].at = end;
    return pieces + piece_count++;
}

static CUresult allocate(CUdeviceptr *found, size_t size) {
    CUresult code = arena_file < 0 ? open_arena() : CUDA_SUCCESS;
    if (code)
        return code;
    if (!size)
        return bad("memory of no size");
    struct piece *piece = place_for(size);
    if (!piece)
        return CUDA_ERROR_OUT_OF_MEMORY;
    piece->size = size;
    piece->is_used = 1;
    poison(piece);
    numbers[BYTES] += size;
    *found = (CUdeviceptr)piece->at;
    return CUDA_SUCCESS;
}

static CUresult give_back(CUdeviceptr at) {
    struct piece *piece = piece_of(AT(at), 1, pieces, piece_count);
    if (!piece || piece->at != AT(at))
        return bad("what is no memory is given back");
    drain_all();
    poison(piece);
    piece->is_used = 0;
    numbers[BYTES] -= piece->size;
    return lost;
}

CUresult CUDAAPI cuMemAlloc(CUdeviceptr *found, size_t size) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = forbidden();
    return code ? code : allocate(found, size);
}

CUresult CUDAAPI cuMemFree(CUdeviceptr at) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = forbidden();
    return code || !at ? code : give_back(at);
}

CUresult CUDAAPI cuMemGetAddressRange(CUdeviceptr *base, size_t *size, CUdeviceptr at) {
    IN_CONTEXT;
    LOCKED;
    struct piece *piece = piece_of(AT(at), 1, pieces, piece_count);
    if (!piece)
        return CUDA_ERROR_NOT_FOUND;
    *base = (CUdeviceptr)piece->at;
    *size = piece->size;
    return CUDA_SUCCESS;
}

/* Pinned memory. */

static CUresult pin(void *at, size_t size) {
    int i = 0;
    while (i < pinned_count && pinned[i].is_used)
        i++;
    if (i == MOST_PINNED)
        return CUDA_ERROR_OUT_OF_MEMORY;
    if (i == pinned_count)
        pinned_count++;
    pinned[i] = (struct piece){at, size, 1};
    return CUDA_SUCCESS;
}

static CUresult unpin(void *at) {
    struct piece *piece = piece_of(at, 1, pinned, pinned_count);
    if (!piece || piece->at != at)
        return bad("what is not pinned is given back");
    drain_all();
    piece->is_used = 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuMemHostAlloc(void **found, size_t size, unsigned flags) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = forbidden();
    if (code)
        return code;
    *found = aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE);
    memset(*found, POISON, size);
    return pin(*found, size);
}

CUresult CUDAAPI cuMemFreeHost(void *at) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = forbidden();
    if (!code)
        code = unpin(at);
    if (code)
        return code;
    free(at);
    return lost;
}

CUresult CUDAAPI cuMemHostRegister(void *at, size_t size, unsigned flags) {
    IN_CONTEXT;
    LOCKED;
    return pin(at, size);
}

CUresult CUDAAPI cuMemHostUnregister(void *at) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = unpin(at);
    if (code)
        return code;
    return lost;
}

CUresult CUDAAPI cuMemHostGetDevicePointer(CUdeviceptr *found, void *at, unsigned flags) {
    IN_CONTEXT;
    *found = (CUdeviceptr)at;
    return CUDA_SUCCESS;
}
