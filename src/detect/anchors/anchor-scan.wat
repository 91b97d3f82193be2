;; One pass over a text for all anchors at once. scripts/generate.ts makes src/detect/anchors/anchor-scan.generated.ts of it.
;;
;; An anchor is four sets of bytes, one for each of four bytes in a row. Eight buckets of anchors share a pass: a byte's
;; two halves each look up a mask of eight bits, and where all eight masks of four bytes have a bit in common, an anchor may
;; stand. Besides, 32 bytes are looked at for the texture of encoded text: nothing but base64 in lines, nothing but hex digits and what
;; separates them, and every other byte zero.
(module
  (memory (export "memory") 4)

  ;; 0: tables of the four bytes, low half and high half each; 128: base64; 160: hex digits and separators.

  ;; The mask of each byte by the table at $table.
  (func $classes (param $bytes v128) (param $table i32) (result v128)
    (v128.and
      (i8x16.swizzle
        (v128.load (local.get $table))
        (v128.and (local.get $bytes) (i8x16.splat (i32.const 15))))
      (i8x16.swizzle
        (v128.load offset=16 (local.get $table))
        (v128.and (i16x8.shr_u (local.get $bytes) (i32.const 4)) (i8x16.splat (i32.const 15))))))

  ;; The texture of 32 bytes: 0x10000 base64, with 0x80000 in lines, 0x20000 hex digits with separators.
  (func $texture (param $a v128) (param $b v128) (result i32)
    (local $x v128) (local $y v128) (local $digits i32)
    (local.set $x (call $classes (local.get $a) (i32.const 128)))
    (local.set $y (call $classes (local.get $b) (i32.const 128)))
    (if (i32.and (i8x16.all_true (local.get $x)) (i8x16.all_true (local.get $y)))
      (then (return (select (i32.const 0x90000) (i32.const 0x10000)
        ;; The bits 5 and 6 of that table are ends of lines.
        (v128.any_true (v128.and (v128.or (local.get $x) (local.get $y)) (i8x16.splat (i32.const 0x60))))))))
    (local.set $x (call $classes (local.get $a) (i32.const 160)))
    (local.set $y (call $classes (local.get $b) (i32.const 160)))
    (if (i32.eqz (i32.and (i8x16.all_true (local.get $x)) (i8x16.all_true (local.get $y))))
      (then (return (i32.const 0))))
    ;; The bits 1 and 2 of that table are digits.
    (local.set $digits (i32.add
      (i32.popcnt (i8x16.bitmask (i8x16.ne (v128.and (local.get $x) (i8x16.splat (i32.const 3))) (v128.const i64x2 0 0))))
      (i32.popcnt (i8x16.bitmask (i8x16.ne (v128.and (local.get $y) (i8x16.splat (i32.const 3))) (v128.const i64x2 0 0))))))
    (select (i32.const 0x20000) (i32.const 0) (i32.ge_u (local.get $digits) (i32.const 14))))

  ;; 0x40000 where every other byte is zero.
  (func $wide (param $bytes v128) (result i32)
    (local $zeros i32)
    (local.set $zeros (i8x16.bitmask (i8x16.eq (local.get $bytes) (v128.const i64x2 0 0))))
    (select (i32.const 0x40000) (i32.const 0)
      (i32.or (i32.eq (local.get $zeros) (i32.const 0x5555)) (i32.eq (local.get $zeros) (i32.const 0xaaaa)))))

  ;; Looks at the 32 bytes at $at, and so on up to $end and the zeros behind it; the 16 bytes before $at are known already and only lead in.
  ;; Writes two numbers for each 16 bytes with something in them: their address, and a bit for each place where an anchor ends
  ;; (of four bytes), with the texture above. Returns how many bytes were written.
  (func (export "scan") (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $first i32) (local $bits i32) (local $to i32)
    (local $half v128) (local $blanks v128) (local $marks v128) (local $g v128) (local $gToW v128)
    (local $a v128) (local $b v128) (local $lo v128) (local $hi v128)
    (local $p0 v128) (local $p1 v128) (local $p2 v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128)
    (local $ra v128) (local $rb v128)
    (local $l0 v128) (local $h0 v128) (local $l1 v128) (local $h1 v128)
    (local $l2 v128) (local $h2 v128) (local $l3 v128) (local $h3 v128)
    (local.set $first (local.get $out))
    (v128.store (local.get $end) (v128.const i64x2 0 0))
    (v128.store offset=16 (local.get $end) (v128.const i64x2 0 0))
    (v128.store offset=32 (local.get $end) (v128.const i64x2 0 0))
    ;; The last anchor ends up to three bytes behind.
    (local.set $to (i32.add (local.get $end) (i32.const 3)))
    (local.set $half (i8x16.splat (i32.const 15)))
    (local.set $blanks (i8x16.splat (i32.const 14)))
    (local.set $marks (i8x16.splat (i32.const 28)))
    (local.set $g (i8x16.splat (i32.const 103)))
    (local.set $gToW (i8x16.splat (i32.const 16)))
    (local.set $l0 (v128.load (i32.const 0)))
    (local.set $h0 (v128.load (i32.const 16)))
    (local.set $l1 (v128.load (i32.const 32)))
    (local.set $h1 (v128.load (i32.const 48)))
    (local.set $l2 (v128.load (i32.const 64)))
    (local.set $h2 (v128.load (i32.const 80)))
    (local.set $l3 (v128.load (i32.const 96)))
    (local.set $h3 (v128.load (i32.const 112)))

    (local.set $a (v128.load (i32.sub (local.get $at) (i32.const 16))))
    (local.set $p0 (call $classes (local.get $a) (i32.const 0)))
    (local.set $p1 (call $classes (local.get $a) (i32.const 32)))
    (local.set $p2 (call $classes (local.get $a) (i32.const 64)))

    (loop $next
      (local.set $a (v128.load (local.get $at)))
      (local.set $lo (v128.and (local.get $a) (local.get $half)))
      (local.set $hi (v128.and (i16x8.shr_u (local.get $a) (i32.const 4)) (local.get $half)))
      (local.set $a0 (v128.and (i8x16.swizzle (local.get $l0) (local.get $lo)) (i8x16.swizzle (local.get $h0) (local.get $hi))))
      (local.set $a1 (v128.and (i8x16.swizzle (local.get $l1) (local.get $lo)) (i8x16.swizzle (local.get $h1) (local.get $hi))))
      (local.set $a2 (v128.and (i8x16.swizzle (local.get $l2) (local.get $lo)) (i8x16.swizzle (local.get $h2) (local.get $hi))))
      (local.set $ra (v128.and
        (v128.and
          (v128.and (i8x16.swizzle (local.get $l3) (local.get $lo)) (i8x16.swizzle (local.get $h3) (local.get $hi)))
          (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 (local.get $p2) (local.get $a2)))
        (v128.and
          (i8x16.shuffle 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 (local.get $p1) (local.get $a1))
          (i8x16.shuffle 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 (local.get $p0) (local.get $a0)))))

      (local.set $b (v128.load offset=16 (local.get $at)))
      (local.set $lo (v128.and (local.get $b) (local.get $half)))
      (local.set $hi (v128.and (i16x8.shr_u (local.get $b) (i32.const 4)) (local.get $half)))
      (local.set $p0 (v128.and (i8x16.swizzle (local.get $l0) (local.get $lo)) (i8x16.swizzle (local.get $h0) (local.get $hi))))
      (local.set $p1 (v128.and (i8x16.swizzle (local.get $l1) (local.get $lo)) (i8x16.swizzle (local.get $h1) (local.get $hi))))
      (local.set $p2 (v128.and (i8x16.swizzle (local.get $l2) (local.get $lo)) (i8x16.swizzle (local.get $h2) (local.get $hi))))
      (local.set $rb (v128.and
        (v128.and
          (v128.and (i8x16.swizzle (local.get $l3) (local.get $lo)) (i8x16.swizzle (local.get $h3) (local.get $hi)))
          (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 (local.get $a2) (local.get $p2)))
        (v128.and
          (i8x16.shuffle 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 (local.get $a1) (local.get $p1))
          (i8x16.shuffle 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 (local.get $a0) (local.get $p0)))))

      ;; Cheap necessary conditions of each texture: no blank, quote or bracket for base64, none of the letters g to w for hex.
      (if (i32.or
            (i32.or
              (v128.any_true (v128.or (local.get $ra) (local.get $rb)))
              (i32.eqz (i8x16.all_true (i8x16.min_u (local.get $a) (local.get $b)))))
            (i32.or
              (i8x16.all_true (v128.and
                (i8x16.gt_u (i8x16.sub (local.get $a) (local.get $blanks)) (local.get $marks))
                (i8x16.gt_u (i8x16.sub (local.get $b) (local.get $blanks)) (local.get $marks))))
              (i8x16.all_true (v128.and
                (i8x16.gt_u (i8x16.sub (local.get $a) (local.get $g)) (local.get $gToW))
                (i8x16.gt_u (i8x16.sub (local.get $b) (local.get $g)) (local.get $gToW))))))
        (then
          (local.set $bits (i32.or
            (i32.or
              (i8x16.bitmask (i8x16.ne (local.get $ra) (v128.const i64x2 0 0)))
              (call $wide (local.get $a)))
            (call $texture (local.get $a) (local.get $b))))
          (if (local.get $bits) (then
            (i32.store (local.get $out) (local.get $at))
            (i32.store offset=4 (local.get $out) (local.get $bits))
            (local.set $out (i32.add (local.get $out) (i32.const 8)))))
          (local.set $bits (i32.or
            (i8x16.bitmask (i8x16.ne (local.get $rb) (v128.const i64x2 0 0)))
            (call $wide (local.get $b))))
          (if (local.get $bits) (then
            (i32.store (local.get $out) (i32.add (local.get $at) (i32.const 16)))
            (i32.store offset=4 (local.get $out) (local.get $bits))
            (local.set $out (i32.add (local.get $out) (i32.const 8)))))))

      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $to))))
    (i32.sub (local.get $out) (local.get $first))))
