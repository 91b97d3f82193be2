# The front of every hook of Keyrecall, for any POSIX sh: it starts Node only where that is needed.
# Whoever sources it has set:
#   keyrecall_stage     the hook's name
#   keyrecall_home      the directory that has hooks/ and dist/
#   keyrecall_node      a Node to try before the one on the PATH, or empty
#   keyrecall_options   options of `keyrecall hook run`, or empty
#   keyrecall_previous  a hook that was there before and runs first, or empty
# and gives the hook's arguments to keyrecall_main.

# Words for what is stopped, and how git passes it once.
case $keyrecall_stage in
pre-commit) keyrecall_what='this commit' keyrecall_pass='git commit --no-verify' ;;
pre-merge-commit) keyrecall_what='this merge' keyrecall_pass='git merge --no-verify' ;;
pre-push) keyrecall_what='this push' keyrecall_pass='git push --no-verify' ;;
*) keyrecall_what='this push' keyrecall_pass='' ;;
esac

keyrecall_say() {
  printf '%s\n' "$@" >&2
}

# Nothing was checked, and so nothing passes.
keyrecall_refuse() {
  keyrecall_say "keyrecall: $1: nothing was checked, so $keyrecall_what is stopped." "  $2"
  if [ -n "$keyrecall_pass" ]; then
    keyrecall_say "  To pass it once, unchecked: $keyrecall_pass"
  fi
}

# What marks the second answer among the names of the first: it begins with a tab, and git quotes names that have one.
keyrecall_hit='	hit '

# Whether no staged change holds an anchor and no staged name is of interest. Both questions run at the same time; a git
# that fails has not answered.
keyrecall_is_clear() {
  # To source what is not there ends a shell.
  [ -r "$keyrecall_home/hooks/anchors.sh" ] && . "$keyrecall_home/hooks/anchors.sh" || return 1
  keyrecall_staged=$(
    LC_ALL=C
    GIT_NO_REPLACE_OBJECTS=1
    GIT_NO_LAZY_FETCH=1
    GIT_OPTIONAL_LOCKS=0
    export LC_ALL GIT_NO_REPLACE_OBJECTS GIT_NO_LAZY_FETCH GIT_OPTIONAL_LOCKS
    # The longer one first.
    git diff --cached --name-only -a -G"$keyrecall_content" --line-prefix="$keyrecall_hit" \
      --no-ext-diff --no-textconv --no-renames --no-relative --diff-filter=d 2>/dev/null &
    git diff --cached --name-only --no-ext-diff --no-renames --no-relative --diff-filter=d 2>/dev/null || exit
    wait "$!"
  ) || return 1
  # In so many names a shell searches longer than Node.
  [ "${#keyrecall_staged}" -lt 65536 ] || return 1
  case $keyrecall_staged in
  *"$keyrecall_hit"*) return 1 ;;
  esac
  ! keyrecall_is_name_of_interest "$keyrecall_staged$keyrecall_end"
}

keyrecall_find_node() {
  for keyrecall_found in "${KEYRECALL_NODE-}" "$keyrecall_node"; do
    if [ -n "$keyrecall_found" ] && [ -x "$keyrecall_found" ]; then
      return 0
    fi
  done
  keyrecall_found=node
  command -v node >/dev/null 2>&1
}

# Runs the check itself; what is on standard input goes there.
keyrecall_check() {
  if ! [ -r "$keyrecall_home/dist/cli.js" ]; then
    keyrecall_refuse "$keyrecall_home/dist/cli.js is missing" 'Put it back, or run: keyrecall hook install'
    return 2
  fi
  if ! keyrecall_find_node; then
    keyrecall_refuse 'Node.js was not found' \
      'Install Node 20.19 or newer, or name one: export KEYRECALL_NODE=/path/to/node'
    return 2
  fi
  # Options are words without blanks or wildcards.
  KEYRECALL_FRONT=1 "$keyrecall_found" "$keyrecall_home/dist/cli.js" hook run $keyrecall_options "$keyrecall_stage" -- "$@"
  keyrecall_status=$?
  case $keyrecall_status in
  # A check that came to its end says so: Node itself ends with 0 where a file is empty, and with 1 where it is broken.
  100 | 101) return "$((keyrecall_status - 100))" ;;
  # These have said what they mean.
  2 | 3 | 4 | 70 | 130) return "$keyrecall_status" ;;
  *) keyrecall_refuse "the check broke off ($keyrecall_found ended with $keyrecall_status)" \
    'Install keyrecall again, and Node 20.19 or newer; keyrecall doctor says more' ;;
  esac
  return 2
}

keyrecall_lines() {
  [ -z "$keyrecall_input" ] || printf '%s\n' "$keyrecall_input"
}

keyrecall_main() {
  case $keyrecall_stage in
  pre-commit | pre-merge-commit)
    if [ -n "$keyrecall_previous" ] && [ -x "$keyrecall_previous" ]; then
      "$keyrecall_previous" "$@" || return
    fi
    keyrecall_is_clear || keyrecall_check
    ;;
  *)
    # Two readers want the lines that name what is pushed.
    keyrecall_input=$(cat)
    if [ -n "$keyrecall_previous" ] && [ -x "$keyrecall_previous" ]; then
      keyrecall_lines | "$keyrecall_previous" "$@" || return
    fi
    keyrecall_lines | keyrecall_check "$@"
    ;;
  esac
}
