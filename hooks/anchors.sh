# Generated from rules/inferencekey.yaml by scripts/generate.ts. Do not edit.

# An extended regular expression for the lines of a difference.
keyrecall_content='ik_sdk_|aWtfc2RrX|lrX3Nka1|pa19zZGtf|696b5f73646b5f|696B5F73646B5F|ik_live_|aWtfbGl2ZV|lrX2xpdmVf|pa19saXZlX|696b5f6c6976655f|696B5F6C6976655F|i[^a]k[^a]_[^a]s[^a]d[^a]k[^a]_|i[^a]k[^a]_[^a]l[^a]i[^a]v[^a]e[^a]_|PK[[:cntrl:]][[:cntrl:]]|ustar|BZh[1-9]1AY|^[[:cntrl:]][^[:print:][:cntrl:]][[:cntrl:]][[:cntrl:]](([^a]|a){4}[[:cntrl:]]|([^a]|a){0,3}$)'

# Whether one of the names, each on a line of its own, is of interest. git ends those that it quotes with a quote.
keyrecall_end='"
'
keyrecall_is_name_of_interest() {
  case $1 in
  *'ik_sdk_'* | *'aWtfc2RrX'* | *'lrX3Nka1'* | *'pa19zZGtf'* | *'696b5f73646b5f'* | *'696B5F73646B5F'* | *'ik_live_'* | *'aWtfbGl2ZV'* | *'lrX2xpdmVf'* | *'pa19saXZlX'* | *'696b5f6c6976655f'* | *'696B5F6C6976655F'*) return 0 ;;
  *.[zZ][iI][pP][$keyrecall_end]*) return 0 ;;
  *.[jJ][aA][rR][$keyrecall_end]*) return 0 ;;
  *.[wW][aA][rR][$keyrecall_end]*) return 0 ;;
  *.[eE][aA][rR][$keyrecall_end]*) return 0 ;;
  *.[aA][aA][rR][$keyrecall_end]*) return 0 ;;
  *.[wW][hH][lL][$keyrecall_end]*) return 0 ;;
  *.[eE][gG][gG][$keyrecall_end]*) return 0 ;;
  *.[aA][pP][kK][$keyrecall_end]*) return 0 ;;
  *.[aA][aA][bB][$keyrecall_end]*) return 0 ;;
  *.[iI][pP][aA][$keyrecall_end]*) return 0 ;;
  *.[vV][sS][iI][xX][$keyrecall_end]*) return 0 ;;
  *.[nN][uU][pP][kK][gG][$keyrecall_end]*) return 0 ;;
  *.[xX][pP][iI][$keyrecall_end]*) return 0 ;;
  *.[cC][rR][xX][$keyrecall_end]*) return 0 ;;
  *.[eE][pP][uU][bB][$keyrecall_end]*) return 0 ;;
  *.[dD][oO][cC][xX][$keyrecall_end]*) return 0 ;;
  *.[xX][lL][sS][xX][$keyrecall_end]*) return 0 ;;
  *.[pP][pP][tT][xX][$keyrecall_end]*) return 0 ;;
  *.[oO][dD][tT][$keyrecall_end]*) return 0 ;;
  *.[oO][dD][sS][$keyrecall_end]*) return 0 ;;
  *.[oO][dD][pP][$keyrecall_end]*) return 0 ;;
  *.[nN][pP][zZ][$keyrecall_end]*) return 0 ;;
  *.[tT][aA][rR][$keyrecall_end]*) return 0 ;;
  *.[tT][gG][zZ][$keyrecall_end]*) return 0 ;;
  *.[tT][bB][zZ][$keyrecall_end]*) return 0 ;;
  *.[tT][bB][zZ]2[$keyrecall_end]*) return 0 ;;
  *.[tT][xX][zZ][$keyrecall_end]*) return 0 ;;
  *.[tT][zZ][sS][tT][$keyrecall_end]*) return 0 ;;
  *.[gG][zZ][$keyrecall_end]*) return 0 ;;
  *.[bB][zZ]2[$keyrecall_end]*) return 0 ;;
  *.[xX][zZ][$keyrecall_end]*) return 0 ;;
  *.[zZ][sS][tT][$keyrecall_end]*) return 0 ;;
  *.[lL][zZ][mM][aA][$keyrecall_end]*) return 0 ;;
  *.[lL][zZ]4[$keyrecall_end]*) return 0 ;;
  *.[bB][rR][$keyrecall_end]*) return 0 ;;
  *.7[zZ][$keyrecall_end]*) return 0 ;;
  *.[rR][aA][rR][$keyrecall_end]*) return 0 ;;
  esac
  return 1
}
