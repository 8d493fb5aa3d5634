; What kernels that make arrays ask Numba's runtime for. They make them to work in, and let go of them before they end.
; An array is 64 bytes of head, of which Numba reads the count of references (first) and the address (fourth), and,
; from the next multiple of the alignment on, its data.

declare ptr @malloc(i64)
declare void @free(ptr)

define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %step = zext i32 %align to i64
  %head = add i64 %step, 64
  %whole = add i64 %head, %size
  %made = call ptr @malloc(i64 %whole)
  %failed = icmp eq ptr %made, null
  br i1 %failed, label %none, label %some
none:
  ret ptr null
some:
  %address = ptrtoint ptr %made to i64
  %after = add i64 %address, %head
  %down = sub i64 0, %step
  %begin = and i64 %after, %down
  %data = inttoptr i64 %begin to ptr
  store i64 1, ptr %made
  %kept = getelementptr i64, ptr %made, i64 3
  store ptr %data, ptr %kept
  ret ptr %made
}

define void @NRT_MemInfo_call_dtor(ptr %made) {
  call void @free(ptr %made)
  ret void
}

; Whether an array can be seen in another shape without copying it, and the steps of that: only one without gaps is, for
; kernels reshape no other. Lengths and steps are told from the last dimension to the first.

define i32 @numba_attempt_nocopy_reshape(i64 %nd, ptr %dims, ptr %strides, i64 %newnd, ptr %newdims, ptr %newstrides,
                                         i64 %itemsize, i32 %is_f_order) {
  %fits = call i1 @contiguous(i64 %nd, ptr %dims, ptr %strides, i64 %itemsize, i1 false)
  br i1 %fits, label %fill, label %no
fill:
  %done = call i1 @contiguous(i64 %newnd, ptr %newdims, ptr %newstrides, i64 %itemsize, i1 true)
  ret i32 1
no:
  ret i32 0
}

; Whether these steps leave no gaps; with %write they are made so.
define i1 @contiguous(i64 %nd, ptr %dims, ptr %strides, i64 %itemsize, i1 %write) {
begin:
  br label %next
next:
  %left = phi i64 [ %nd, %begin ], [ %k, %right ]
  %step = phi i64 [ %itemsize, %begin ], [ %wider, %right ]
  %end = icmp eq i64 %left, 0
  br i1 %end, label %yes, label %look
look:
  %k = sub i64 %left, 1
  %place = getelementptr i64, ptr %strides, i64 %k
  br i1 %write, label %put, label %compare
put:
  store i64 %step, ptr %place
  br label %right
compare:
  %stride = load i64, ptr %place
  %same = icmp eq i64 %stride, %step
  br i1 %same, label %right, label %no
right:
  %at = getelementptr i64, ptr %dims, i64 %k
  %length = load i64, ptr %at
  %wider = mul i64 %step, %length
  br label %next
yes:
  ret i1 true
no:
  ret i1 false
}
