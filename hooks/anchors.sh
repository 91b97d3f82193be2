# Generated from rules/inferencekey.yaml by scripts/generate.ts. Do not edit.

# An extended regular expression for the lines of a difference.
keyrecall_content='ik_|(^|[^[:alnum:]])k_(s|["'\''`%&=\])|["'\''`]_(s|["'\''`%&=\])|^[^[:alnum:]]*_sd|aWtf|c2Rr|lrX3|Nka1|pa19|zZGt|69([^[:alnum:]]{1,3}(0[xX])?)?6[bB]|6[bB]([^[:alnum:]]{1,3}(0[xX])?)?5[fF]|5[fF]([^[:alnum:]]{1,3}(0[xX])?)?73|i[^a]k[^a]_[^a]s[^a]d[^a]k[^a]_|%(25)*([uU]00)?(69|6[bB]|5[fF]|73|64)|[\]+(u00|x|U000000|[ux][{]0*)(69|6[bB]|5[fF]|73|64)|[\](151|153|137|163|144)|&(amp;)*#(0*(105|107|95|115|100)|[xX]0*(69|6[bB]|5[fF]|73|64))|&lowbar;|&UnderBar;|=69(k|=)|(i|[0123456789ABCDEFabcdef])=6[bB](_|=)|(k|[0123456789ABCDEFabcdef])=5[fF](s|=)|(_|[0123456789ABCDEFabcdef])=73(d|=)|(s|[0123456789ABCDEFabcdef])=64(k|=)|(d|[0123456789ABCDEFabcdef])=6[bB](_|=)|(k|[0123456789ABCDEFabcdef])=5[fF]|(^|[^[:alnum:]])k_(l|["'\''`%&=\])|["'\''`]_(l|["'\''`%&=\])|^[^[:alnum:]]*_li|bGl2|lrX2|xpdm|saXZ|5[fF]([^[:alnum:]]{1,3}(0[xX])?)?6[cC]|i[^a]k[^a]_[^a]l[^a]i[^a]v[^a]e[^a]_|%(25)*([uU]00)?(69|6[bB]|5[fF]|6[cC]|76|65)|[\]+(u00|x|U000000|[ux][{]0*)(69|6[bB]|5[fF]|6[cC]|76|65)|[\](151|153|137|154|166|145)|&(amp;)*#(0*(105|107|95|108|118|101)|[xX]0*(69|6[bB]|5[fF]|6[cC]|76|65))|(k|[0123456789ABCDEFabcdef])=5[fF](l|=)|(_|[0123456789ABCDEFabcdef])=6[cC](i|=)|(l|[0123456789ABCDEFabcdef])=69(v|=)|(i|[0123456789ABCDEFabcdef])=76(e|=)|(v|[0123456789ABCDEFabcdef])=65(_|=)|(e|[0123456789ABCDEFabcdef])=5[fF]|([ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][ABCDEFGHQRSTUVWXghijklmnwxyz0123][ABEFIJMNQRUVYZcdghklopstwx014589][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-]){5}|([ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][AQgw][AB][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-]A[CDEFGH][AEIMQUYcgkosw048]A){2}|([234567][0123456789ABCDEFabcdef]){12}|([234567][0123456789ABCDEFabcdef]00){4}|([234567][0123456789ABCDEFabcdef][^[:alnum:]]{1,3}00[^[:alnum:]]{1,3}){4}|(([234567][0123456789ABCDEFabcdef]){1,2}[^[:alnum:]]{1,3}(0[xX])?){5}|(%(25)*([uU]00)?[234567][0123456789ABCDEFabcdef]){4}|([\]+(u00|x)[234567][0123456789ABCDEFabcdef]){4}|(&(amp;)*#[xX]?[0123456789ABCDEFabcdef]+;?){4}|(=[234567][0123456789ABCDEFabcdef]){4}|PK[[:cntrl:]][[:cntrl:]]|ustar|BZh[1-9]1AY|H4sI|UEsD|SDRz|^[[:cntrl:]][^[:print:][:cntrl:]][[:cntrl:]][[:cntrl:]](([^a]|a){4}[[:cntrl:]]|([^a]|a){0,3}$)'

# Whether one of the names, each on a line of its own, is of interest. git ends those that it quotes with a quote.
keyrecall_end='"
'
keyrecall_is_name_of_interest() {
  case $1 in
  *'ik_'*) return 0 ;;
  *'aWtf'*) return 0 ;;
  *'c2Rr'*) return 0 ;;
  *'lrX3'*) return 0 ;;
  *'Nka1'*) return 0 ;;
  *'pa19'*) return 0 ;;
  *'zZGt'*) return 0 ;;
  *'696b5f'*) return 0 ;;
  *'696B5F'*) return 0 ;;
  *'%69'*) return 0 ;;
  *'%6B'*) return 0 ;;
  *'%5F'*) return 0 ;;
  *'%73'*) return 0 ;;
  *'%64'*) return 0 ;;
  *'%6b'*) return 0 ;;
  *'%5f'*) return 0 ;;
  *'&#'*) return 0 ;;
  *'bGl2'*) return 0 ;;
  *'lrX2'*) return 0 ;;
  *'xpdm'*) return 0 ;;
  *'saXZ'*) return 0 ;;
  *'%6C'*) return 0 ;;
  *'%76'*) return 0 ;;
  *'%65'*) return 0 ;;
  *'%6c'*) return 0 ;;
  *[ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][ABCDEFGHQRSTUVWXghijklmnwxyz0123][ABEFIJMNQRUVYZcdghklopstwx014589][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][ABCDEFGHQRSTUVWXghijklmnwxyz0123][ABEFIJMNQRUVYZcdghklopstwx014589][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][ABCDEFGHQRSTUVWXghijklmnwxyz0123][ABEFIJMNQRUVYZcdghklopstwx014589][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][ABCDEFGHQRSTUVWXghijklmnwxyz0123][ABEFIJMNQRUVYZcdghklopstwx014589][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][ABCDEFGHQRSTUVWXghijklmnwxyz0123][ABEFIJMNQRUVYZcdghklopstwx014589][ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-]*) return 0 ;;
  *[234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef][234567][0123456789ABCDEFabcdef]*) return 0 ;;
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
