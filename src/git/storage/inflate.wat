;; Inflates one zlib stream whose length is known. scripts/generate.ts makes src/git/storage/inflate.generated.ts of it.
;; Whatever is not exactly as it should be gives -1: zlib itself then says what is wrong.
;; Source: RFC 1950 and RFC 1951.
(module
  (memory (export "memory") 64)

  ;; 0: code lengths of a block; 400: those of its code of code lengths; 448: the order in which these come;
  ;; 512, 576: base (16 bits) and extra bits of lengths; 640, 704: the same of distances.
  (data (i32.const 448) "\10\11\12\00\08\07\09\06\0a\05\0b\04\0c\03\0d\02\0e\01\0f")
  (data (i32.const 512) "\03\00\04\00\05\00\06\00\07\00\08\00\09\00\0a\00\0b\00\0d\00\0f\00\11\00\13\00\17\00\1b\00\1f\00\23\00\2b\00\33\00\3b\00\43\00\53\00\63\00\73\00\83\00\a3\00\c3\00\e3\00\02\01")
  (data (i32.const 576) "\00\00\00\00\00\00\00\00\01\01\01\01\02\02\02\02\03\03\03\03\04\04\04\04\05\05\05\05\00")
  (data (i32.const 640) "\01\00\02\00\03\00\04\00\05\00\07\00\09\00\0d\00\11\00\19\00\21\00\31\00\41\00\61\00\81\00\c1\00\01\01\81\01\01\02\01\03\01\04\01\06\01\08\01\0c\01\10\01\18\01\20\01\30\01\40\01\60")
  (data (i32.const 704) "\00\00\00\00\01\01\02\02\03\03\04\04\05\05\06\06\07\07\08\08\09\09\0a\0a\0b\0b\0c\0c\0d\0d")

  ;; Codes take 4096 bytes: at 0 and 32 how many there are of each length, at 64 and 640 symbols in the order of their codes,
  ;; at 1024 and 3072 tables by the first bits: symbol and length of the code, or 0 for longer codes.
  ;; 4096: the fixed codes, 8192: those of a block, 12288: the code of code lengths (its table at 12416).

  (global $hasFixed (mut i32) (i32.const 0))
  (global $fixedBits (mut i32) (i32.const 0))
  (global $fixedDistanceBits (mut i32) (i32.const 0))

  ;; The number of bits that the table takes, or -1 where the lengths make no code.
  (func $build
    (param $lengths i32) (param $n i32) (param $counts i32) (param $symbols i32) (param $table i32) (param $root i32)
    (param $mayBeSingle i32) (result i32)
    (local $i i32) (local $length i32) (local $max i32) (local $left i32) (local $sum i32) (local $code i32)
    (local $step i32) (local $j i32) (local $size i32) (local $entry i32) (local $end i32)
    (memory.fill (local.get $counts) (i32.const 0) (i32.const 32))
    (loop $count
      (local.set $j (i32.add (local.get $counts)
        (i32.shl (i32.load8_u (i32.add (local.get $lengths) (local.get $i))) (i32.const 1))))
      (i32.store16 (local.get $j) (i32.add (i32.load16_u (local.get $j)) (i32.const 1)))
      (br_if $count (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.store16 (local.get $counts) (i32.const 0))
    ;; 800: where the symbols of each length begin.
    (local.set $left (i32.const 1))
    (local.set $length (i32.const 1))
    (loop $each
      (local.set $j (i32.load16_u (i32.add (local.get $counts) (i32.shl (local.get $length) (i32.const 1)))))
      (if (local.get $j) (then (local.set $max (local.get $length))))
      (local.set $left (i32.sub (i32.shl (local.get $left) (i32.const 1)) (local.get $j)))
      (if (i32.lt_s (local.get $left) (i32.const 0)) (then (return (i32.const -1))))
      (i32.store16 (i32.add (i32.const 800) (i32.shl (local.get $length) (i32.const 1))) (local.get $sum))
      (local.set $sum (i32.add (local.get $sum) (local.get $j)))
      (br_if $each (i32.le_u (local.tee $length (i32.add (local.get $length) (i32.const 1))) (i32.const 15))))
    (if (i32.eqz (local.get $max)) (then
      (i32.store16 (local.get $table) (i32.const 0))
      (return (i32.const 0))))
    (if (i32.and
          (i32.gt_s (local.get $left) (i32.const 0))
          (i32.or (i32.eqz (local.get $mayBeSingle)) (i32.ne (local.get $max) (i32.const 1))))
      (then (return (i32.const -1))))
    (local.set $i (i32.const 0))
    (loop $sort
      (local.set $length (i32.load8_u (i32.add (local.get $lengths) (local.get $i))))
      (if (local.get $length) (then
        (local.set $j (i32.add (i32.const 800) (i32.shl (local.get $length) (i32.const 1))))
        (local.set $sum (i32.load16_u (local.get $j)))
        (i32.store16 (local.get $j) (i32.add (local.get $sum) (i32.const 1)))
        (i32.store16 (i32.add (local.get $symbols) (i32.shl (local.get $sum) (i32.const 1))) (local.get $i))))
      (br_if $sort (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (if (i32.lt_u (local.get $max) (local.get $root)) (then (local.set $root (local.get $max))))
    (local.set $size (i32.shl (i32.const 2) (local.get $root)))
    (memory.fill (local.get $table) (i32.const 0) (local.get $size))
    (local.set $size (i32.add (local.get $table) (local.get $size)))
    ;; Codes come with their first bit lowest.
    (local.set $length (i32.const 1))
    (loop $lengthsOf
      (local.set $end (i32.add (local.get $symbols) (i32.shl
        (i32.load16_u (i32.add (local.get $counts) (i32.shl (local.get $length) (i32.const 1)))) (i32.const 1))))
      (local.set $step (i32.shl (i32.const 2) (local.get $length)))
      (block $done
        (loop $symbol
          (br_if $done (i32.ge_u (local.get $symbols) (local.get $end)))
          (local.set $entry (i32.or (i32.shl (i32.load16_u (local.get $symbols)) (i32.const 4)) (local.get $length)))
          (local.set $j (i32.add (local.get $table) (i32.shl (local.get $code) (i32.const 1))))
          (loop $fill
            (i32.store16 (local.get $j) (local.get $entry))
            (br_if $fill (i32.lt_u (local.tee $j (i32.add (local.get $j) (local.get $step))) (local.get $size))))
          (local.set $i (i32.shl (i32.const 1) (i32.sub (local.get $length) (i32.const 1))))
          (block $carried
            (loop $carry
              (br_if $carried (i32.eqz (i32.and (local.get $code) (local.get $i))))
              (local.set $i (i32.shr_u (local.get $i) (i32.const 1)))
              (br $carry)))
          (local.set $code (if (result i32) (local.get $i)
            (then (i32.add (i32.and (local.get $code) (i32.sub (local.get $i) (i32.const 1))) (local.get $i)))
            (else (i32.const 0))))
          (local.set $symbols (i32.add (local.get $symbols) (i32.const 2)))
          (br $symbol)))
      (br_if $lengthsOf (i32.le_u (local.tee $length (i32.add (local.get $length) (i32.const 1))) (local.get $root))))
    (local.get $root))

  ;; Symbol and length of a code that is longer than the table has bits, or -1.
  (func $long (param $hold i64) (param $counts i32) (param $symbols i32) (result i32)
    (local $length i32) (local $code i32) (local $first i32) (local $index i32) (local $count i32)
    (local.set $length (i32.const 1))
    (loop $each
      (local.set $code (i32.or (local.get $code) (i32.and (i32.wrap_i64 (local.get $hold)) (i32.const 1))))
      (local.set $hold (i64.shr_u (local.get $hold) (i64.const 1)))
      (local.set $count (i32.load16_u (i32.add (local.get $counts) (i32.shl (local.get $length) (i32.const 1)))))
      (if (i32.lt_s (i32.sub (local.get $code) (local.get $count)) (local.get $first)) (then
        (return (i32.or
          (i32.shl (i32.load16_u (i32.add (local.get $symbols) (i32.shl
            (i32.add (local.get $index) (i32.sub (local.get $code) (local.get $first))) (i32.const 1)))) (i32.const 4))
          (local.get $length)))))
      (local.set $index (i32.add (local.get $index) (local.get $count)))
      (local.set $first (i32.shl (i32.add (local.get $first) (local.get $count)) (i32.const 1)))
      (local.set $code (i32.shl (local.get $code) (i32.const 1)))
      (br_if $each (i32.le_u (local.tee $length (i32.add (local.get $length) (i32.const 1))) (i32.const 15))))
    (i32.const -1))

  (func $buildFixed
    (memory.fill (i32.const 0) (i32.const 8) (i32.const 288))
    (memory.fill (i32.const 144) (i32.const 9) (i32.const 112))
    (memory.fill (i32.const 256) (i32.const 7) (i32.const 24))
    (global.set $fixedBits
      (call $build (i32.const 0) (i32.const 288) (i32.const 4096) (i32.const 4160) (i32.const 5120) (i32.const 9) (i32.const 0)))
    (memory.fill (i32.const 0) (i32.const 5) (i32.const 32))
    (global.set $fixedDistanceBits
      (call $build (i32.const 0) (i32.const 32) (i32.const 4128) (i32.const 4736) (i32.const 7168) (i32.const 5) (i32.const 0)))
    (global.set $hasFixed (i32.const 1)))

  (func $adler (param $at i32) (param $end i32) (result i32)
    (local $a i32) (local $b i32) (local $stop i32) (local $start i32)
    (local $sums v128) (local $before v128) (local $weighted v128) (local $bytes v128)
    (local.set $a (i32.const 1))
    (block $done
      (loop $piece
        (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 16)))
        ;; So many bytes do not overflow 32 bits.
        (local.set $stop (i32.add (local.get $at) (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const -16))))
        (if (i32.gt_u (i32.sub (local.get $stop) (local.get $at)) (i32.const 5536))
          (then (local.set $stop (i32.add (local.get $at) (i32.const 5536)))))
        (local.set $b (i32.add (local.get $b) (i32.mul (local.get $a) (i32.sub (local.get $stop) (local.get $at)))))
        (local.set $sums (v128.const i32x4 0 0 0 0))
        (local.set $before (v128.const i32x4 0 0 0 0))
        (local.set $weighted (v128.const i32x4 0 0 0 0))
        (loop $block
          (local.set $before (i32x4.add (local.get $before) (local.get $sums)))
          (local.set $bytes (v128.load align=1 (local.get $at)))
          (local.set $sums (i32x4.add (local.get $sums)
            (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $bytes)))))
          (local.set $weighted (i32x4.add (local.get $weighted) (i32x4.add
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $bytes)) (v128.const i16x8 16 15 14 13 12 11 10 9))
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $bytes)) (v128.const i16x8 8 7 6 5 4 3 2 1)))))
          (br_if $block (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stop))))
        (local.set $a (i32.rem_u (i32.add (local.get $a) (call $across (local.get $sums))) (i32.const 65521)))
        (local.set $weighted (i32x4.add (local.get $weighted) (i32x4.shl (local.get $before) (i32.const 4))))
        (local.set $b (i32.rem_u (i32.add (local.get $b) (call $across (local.get $weighted))) (i32.const 65521)))
        (br $piece)))
    (block $last
      (loop $byte
        (br_if $last (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a (i32.add (local.get $a) (i32.load8_u (local.get $at))))
        (local.set $b (i32.add (local.get $b) (local.get $a)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $byte)))
    (i32.or
      (i32.shl (i32.rem_u (local.get $b) (i32.const 65521)) (i32.const 16))
      (i32.rem_u (local.get $a) (i32.const 65521))))

  (func $across (param $sums v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
      (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))

  ;; Where the stream from $in on has come to its end, having given what fills $out up to $limit; or -1.
  (func (export "inflate") (param $in i32) (param $inEnd i32) (param $out i32) (param $limit i32) (result i32)
    (local $hold i64) (local $bits i32) (local $start i32) (local $isLast i32) (local $kind i32)
    (local $codes i32) (local $literalMask i32) (local $distanceMask i32) (local $entry i32) (local $length i32)
    (local $distance i32) (local $extra i32) (local $from i32) (local $end i32)
    (local $literals i32) (local $total i32) (local $i i32) (local $mask i32)
    (local.set $start (local.get $out))
    (local.set $i (i32.load8_u (local.get $in)))
    (local.set $entry (i32.load8_u offset=1 (local.get $in)))
    (if (i32.or
          (i32.rem_u (i32.or (i32.shl (local.get $i) (i32.const 8)) (local.get $entry)) (i32.const 31))
          (i32.or
            (i32.ne (i32.and (local.get $i) (i32.const 15)) (i32.const 8))
            (i32.or (i32.gt_u (local.get $i) (i32.const 0x7f)) (i32.and (local.get $entry) (i32.const 0x20)))))
      (then (return (i32.const -1))))
    (local.set $in (i32.add (local.get $in) (i32.const 2)))
    (loop $block
      (if (i32.gt_u (i32.sub (local.get $in) (i32.shr_u (local.get $bits) (i32.const 3))) (local.get $inEnd))
        (then (return (i32.const -1))))
      (local.set $hold (i64.or (local.get $hold) (i64.shl (i64.load align=1 (local.get $in)) (i64.extend_i32_u (local.get $bits)))))
      (local.set $in (i32.add (local.get $in) (i32.shr_u (i32.sub (i32.const 63) (local.get $bits)) (i32.const 3))))
      (local.set $bits (i32.or (local.get $bits) (i32.const 56)))
      (local.set $isLast (i32.and (i32.wrap_i64 (local.get $hold)) (i32.const 1)))
      (local.set $kind (i32.and (i32.shr_u (i32.wrap_i64 (local.get $hold)) (i32.const 1)) (i32.const 3)))
      (local.set $hold (i64.shr_u (local.get $hold) (i64.const 3)))
      (local.set $bits (i32.sub (local.get $bits) (i32.const 3)))
      (block $blockEnd
        (if (i32.eqz (local.get $kind)) (then
          ;; Stored: whole bytes that were read ahead are given back.
          (local.set $in (i32.sub (local.get $in) (i32.shr_u (local.get $bits) (i32.const 3))))
          (local.set $hold (i64.const 0))
          (local.set $bits (i32.const 0))
          (local.set $length (i32.load16_u align=1 (local.get $in)))
          (if (i32.ne (local.get $length) (i32.xor (i32.load16_u offset=2 align=1 (local.get $in)) (i32.const 0xffff)))
            (then (return (i32.const -1))))
          (local.set $in (i32.add (local.get $in) (i32.const 4)))
          (if (i32.or
                (i32.gt_u (i32.add (local.get $in) (local.get $length)) (local.get $inEnd))
                (i32.gt_u (local.get $length) (i32.sub (local.get $limit) (local.get $out))))
            (then (return (i32.const -1))))
          (memory.copy (local.get $out) (local.get $in) (local.get $length))
          (local.set $out (i32.add (local.get $out) (local.get $length)))
          (local.set $in (i32.add (local.get $in) (local.get $length)))
          (br $blockEnd)))
        (if (i32.eq (local.get $kind) (i32.const 3)) (then (return (i32.const -1))))
        (if (i32.eq (local.get $kind) (i32.const 1))
          (then
            (if (i32.eqz (global.get $hasFixed)) (then (call $buildFixed)))
            (local.set $codes (i32.const 4096))
            (local.set $literalMask (i32.sub (i32.shl (i32.const 1) (global.get $fixedBits)) (i32.const 1)))
            (local.set $distanceMask (i32.sub (i32.shl (i32.const 1) (global.get $fixedDistanceBits)) (i32.const 1))))
          (else
            (local.set $literals (i32.add (i32.and (i32.wrap_i64 (local.get $hold)) (i32.const 31)) (i32.const 257)))
            (local.set $distance
              (i32.add (i32.and (i32.shr_u (i32.wrap_i64 (local.get $hold)) (i32.const 5)) (i32.const 31)) (i32.const 1)))
            (local.set $length
              (i32.add (i32.and (i32.shr_u (i32.wrap_i64 (local.get $hold)) (i32.const 10)) (i32.const 15)) (i32.const 4)))
            (local.set $hold (i64.shr_u (local.get $hold) (i64.const 14)))
            (local.set $bits (i32.sub (local.get $bits) (i32.const 14)))
            (if (i32.or (i32.gt_u (local.get $literals) (i32.const 286)) (i32.gt_u (local.get $distance) (i32.const 30)))
              (then (return (i32.const -1))))
            (memory.fill (i32.const 400) (i32.const 0) (i32.const 19))
            (local.set $i (i32.const 0))
            (loop $read
              (local.set $hold (i64.or (local.get $hold) (i64.shl (i64.load align=1 (local.get $in)) (i64.extend_i32_u (local.get $bits)))))
              (local.set $in (i32.add (local.get $in) (i32.shr_u (i32.sub (i32.const 63) (local.get $bits)) (i32.const 3))))
              (local.set $bits (i32.or (local.get $bits) (i32.const 56)))
              (i32.store8 offset=400
                (i32.load8_u offset=448 (local.get $i))
                (i32.and (i32.wrap_i64 (local.get $hold)) (i32.const 7)))
              (local.set $hold (i64.shr_u (local.get $hold) (i64.const 3)))
              (local.set $bits (i32.sub (local.get $bits) (i32.const 3)))
              (br_if $read (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $length))))
            (local.set $mask
              (call $build (i32.const 400) (i32.const 19) (i32.const 12288) (i32.const 12352) (i32.const 12416) (i32.const 7) (i32.const 0)))
            (if (i32.lt_s (local.get $mask) (i32.const 0)) (then (return (i32.const -1))))
            (local.set $mask (i32.sub (i32.shl (i32.const 1) (local.get $mask)) (i32.const 1)))
            (local.set $total (i32.add (local.get $literals) (local.get $distance)))
            (local.set $i (i32.const 0))
            (loop $lengths
              (local.set $hold (i64.or (local.get $hold) (i64.shl (i64.load align=1 (local.get $in)) (i64.extend_i32_u (local.get $bits)))))
              (local.set $in (i32.add (local.get $in) (i32.shr_u (i32.sub (i32.const 63) (local.get $bits)) (i32.const 3))))
              (local.set $bits (i32.or (local.get $bits) (i32.const 56)))
              (local.set $entry (i32.load16_u offset=12416
                (i32.shl (i32.and (i32.wrap_i64 (local.get $hold)) (local.get $mask)) (i32.const 1))))
              (if (i32.eqz (local.get $entry)) (then (return (i32.const -1))))
              (local.set $extra (i32.and (local.get $entry) (i32.const 15)))
              (local.set $hold (i64.shr_u (local.get $hold) (i64.extend_i32_u (local.get $extra))))
              (local.set $bits (i32.sub (local.get $bits) (local.get $extra)))
              (local.set $entry (i32.shr_u (local.get $entry) (i32.const 4)))
              (if (i32.lt_u (local.get $entry) (i32.const 16))
                (then
                  (i32.store8 (local.get $i) (local.get $entry))
                  (local.set $i (i32.add (local.get $i) (i32.const 1))))
                (else
                  (local.set $from (i32.const 0))
                  (if (i32.eq (local.get $entry) (i32.const 16))
                    (then
                      (if (i32.eqz (local.get $i)) (then (return (i32.const -1))))
                      (local.set $from (i32.load8_u (i32.sub (local.get $i) (i32.const 1))))
                      (local.set $length (i32.const 3))
                      (local.set $extra (i32.const 2)))
                    (else (if (i32.eq (local.get $entry) (i32.const 17))
                      (then (local.set $length (i32.const 3)) (local.set $extra (i32.const 3)))
                      (else (local.set $length (i32.const 11)) (local.set $extra (i32.const 7))))))
                  (local.set $length (i32.add (local.get $length) (i32.and
                    (i32.wrap_i64 (local.get $hold))
                    (i32.sub (i32.shl (i32.const 1) (local.get $extra)) (i32.const 1)))))
                  (local.set $hold (i64.shr_u (local.get $hold) (i64.extend_i32_u (local.get $extra))))
                  (local.set $bits (i32.sub (local.get $bits) (local.get $extra)))
                  (if (i32.gt_u (i32.add (local.get $i) (local.get $length)) (local.get $total)) (then (return (i32.const -1))))
                  (memory.fill (local.get $i) (local.get $from) (local.get $length))
                  (local.set $i (i32.add (local.get $i) (local.get $length)))))
              (br_if $lengths (i32.lt_u (local.get $i) (local.get $total))))
            (if (i32.eqz (i32.load8_u (i32.const 256))) (then (return (i32.const -1))))
            (local.set $literalMask
              (call $build (i32.const 0) (local.get $literals) (i32.const 8192) (i32.const 8256) (i32.const 9216) (i32.const 10) (i32.const 1)))
            (local.set $distanceMask
              (call $build (local.get $literals) (local.get $distance) (i32.const 8224) (i32.const 8832) (i32.const 11264) (i32.const 9) (i32.const 1)))
            (if (i32.or (i32.lt_s (local.get $literalMask) (i32.const 0)) (i32.lt_s (local.get $distanceMask) (i32.const 0)))
              (then (return (i32.const -1))))
            (local.set $codes (i32.const 8192))
            (local.set $literalMask (i32.sub (i32.shl (i32.const 1) (local.get $literalMask)) (i32.const 1)))
            (local.set $distanceMask (i32.sub (i32.shl (i32.const 1) (local.get $distanceMask)) (i32.const 1)))))
        (loop $symbol
          (if (i32.gt_u (local.get $in) (i32.add (local.get $inEnd) (i32.const 8))) (then (return (i32.const -1))))
          ;; 56 bits are enough for a length and a distance with all that belongs to them.
          (local.set $hold (i64.or (local.get $hold) (i64.shl (i64.load align=1 (local.get $in)) (i64.extend_i32_u (local.get $bits)))))
          (local.set $in (i32.add (local.get $in) (i32.shr_u (i32.sub (i32.const 63) (local.get $bits)) (i32.const 3))))
          (local.set $bits (i32.or (local.get $bits) (i32.const 56)))
          (local.set $entry (i32.load16_u offset=1024 (i32.add (local.get $codes)
            (i32.shl (i32.and (i32.wrap_i64 (local.get $hold)) (local.get $literalMask)) (i32.const 1)))))
          (if (i32.eqz (local.get $entry)) (then
            (local.set $entry
              (call $long (local.get $hold) (local.get $codes) (i32.add (local.get $codes) (i32.const 64))))
            (if (i32.lt_s (local.get $entry) (i32.const 0)) (then (return (i32.const -1))))))
          (local.set $extra (i32.and (local.get $entry) (i32.const 15)))
          (local.set $hold (i64.shr_u (local.get $hold) (i64.extend_i32_u (local.get $extra))))
          (local.set $bits (i32.sub (local.get $bits) (local.get $extra)))
          (local.set $entry (i32.shr_u (local.get $entry) (i32.const 4)))
          (if (i32.lt_u (local.get $entry) (i32.const 256)) (then
            (if (i32.ge_u (local.get $out) (local.get $limit)) (then (return (i32.const -1))))
            (i32.store8 (local.get $out) (local.get $entry))
            (local.set $out (i32.add (local.get $out) (i32.const 1)))
            (br $symbol)))
          (local.set $entry (i32.sub (local.get $entry) (i32.const 257)))
          (br_if $blockEnd (i32.lt_s (local.get $entry) (i32.const 0)))
          (if (i32.gt_u (local.get $entry) (i32.const 28)) (then (return (i32.const -1))))
          (local.set $extra (i32.load8_u offset=576 (local.get $entry)))
          (local.set $length (i32.add
            (i32.load16_u offset=512 (i32.shl (local.get $entry) (i32.const 1)))
            (i32.and (i32.wrap_i64 (local.get $hold)) (i32.sub (i32.shl (i32.const 1) (local.get $extra)) (i32.const 1)))))
          (local.set $hold (i64.shr_u (local.get $hold) (i64.extend_i32_u (local.get $extra))))
          (local.set $bits (i32.sub (local.get $bits) (local.get $extra)))
          (local.set $entry (i32.load16_u offset=3072 (i32.add (local.get $codes)
            (i32.shl (i32.and (i32.wrap_i64 (local.get $hold)) (local.get $distanceMask)) (i32.const 1)))))
          (if (i32.eqz (local.get $entry)) (then
            (local.set $entry
              (call $long (local.get $hold) (i32.add (local.get $codes) (i32.const 32)) (i32.add (local.get $codes) (i32.const 640))))
            (if (i32.lt_s (local.get $entry) (i32.const 0)) (then (return (i32.const -1))))))
          (local.set $extra (i32.and (local.get $entry) (i32.const 15)))
          (local.set $hold (i64.shr_u (local.get $hold) (i64.extend_i32_u (local.get $extra))))
          (local.set $bits (i32.sub (local.get $bits) (local.get $extra)))
          (local.set $entry (i32.shr_u (local.get $entry) (i32.const 4)))
          (if (i32.gt_u (local.get $entry) (i32.const 29)) (then (return (i32.const -1))))
          (local.set $extra (i32.load8_u offset=704 (local.get $entry)))
          (local.set $distance (i32.add
            (i32.load16_u offset=640 (i32.shl (local.get $entry) (i32.const 1)))
            (i32.and (i32.wrap_i64 (local.get $hold)) (i32.sub (i32.shl (i32.const 1) (local.get $extra)) (i32.const 1)))))
          (local.set $hold (i64.shr_u (local.get $hold) (i64.extend_i32_u (local.get $extra))))
          (local.set $bits (i32.sub (local.get $bits) (local.get $extra)))
          (if (i32.or
                (i32.gt_u (local.get $distance) (i32.sub (local.get $out) (local.get $start)))
                (i32.gt_u (local.get $length) (i32.sub (local.get $limit) (local.get $out))))
            (then (return (i32.const -1))))
          (local.set $from (i32.sub (local.get $out) (local.get $distance)))
          (local.set $end (i32.add (local.get $out) (local.get $length)))
          (if (i32.ge_u (local.get $distance) (i32.const 8))
            (then
              ;; Up to seven bytes too many, which the next ones write over.
              (loop $copy
                (i64.store align=1 (local.get $out) (i64.load align=1 (local.get $from)))
                (local.set $from (i32.add (local.get $from) (i32.const 8)))
                (br_if $copy (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 8))) (local.get $end))))
              (local.set $out (local.get $end)))
            (else
              (loop $byte
                (i32.store8 (local.get $out) (i32.load8_u (local.get $from)))
                (local.set $from (i32.add (local.get $from) (i32.const 1)))
                (br_if $byte (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 1))) (local.get $end))))))
          (br $symbol)))
      (br_if $block (i32.eqz (local.get $isLast))))
    (local.set $in (i32.sub (local.get $in) (i32.shr_u (local.get $bits) (i32.const 3))))
    (if (i32.or
          (i32.ne (local.get $out) (local.get $limit))
          (i32.gt_u (i32.add (local.get $in) (i32.const 4)) (local.get $inEnd)))
      (then (return (i32.const -1))))
    (local.set $entry (call $adler (local.get $start) (local.get $out)))
    (local.set $i (i32.load align=1 (local.get $in)))
    ;; The checksum's highest byte comes first.
    (local.set $i (i32.or
      (i32.and (i32.rotl (local.get $i) (i32.const 8)) (i32.const 0x00ff00ff))
      (i32.and (i32.rotr (local.get $i) (i32.const 8)) (i32.const 0xff00ff00))))
    (if (i32.ne (local.get $entry) (local.get $i)) (then (return (i32.const -1))))
    (i32.add (local.get $in) (i32.const 4)))
)
