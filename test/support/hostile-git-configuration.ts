// Configurations of git that have misled other tools. `DIR` stands for the directory of the configuration, `SCRIPT` for a
// command that leaves a mark when it runs.

export const hidingAttributes: string = `[core]
attributesFile = DIR/attributes
autocrlf = true
eol = crlf
[filter "evil"]
clean = SCRIPT
smudge = SCRIPT
process = SCRIPT
required = true
[diff "evil"]
textconv = SCRIPT
command = SCRIPT
`;
export const commands: string = `[core]
fsmonitor = SCRIPT
hooksPath = DIR
pager = SCRIPT
editor = SCRIPT
sshCommand = SCRIPT
alternateRefsCommand = SCRIPT
untrackedCache = true
[diff]
external = SCRIPT
[pager]
log = SCRIPT
diff = SCRIPT
cat-file = SCRIPT
[credential]
helper = SCRIPT
[gpg]
program = SCRIPT
[log]
showSignature = true
`;
/** Only the system's and the user's configuration can turn these on. */
export const tracing: string = `[trace2]
normalTarget = 2
perfTarget = 2
eventTarget = DIR/../events
`;
export const shapesOfDiffs: string = `[color]
ui = always
diff = always
status = always
branch = always
[color "diff"]
meta = red
[diff]
noprefix = true
mnemonicPrefix = true
srcPrefix = x/
dstPrefix = y/
algorithm = histogram
context = 0
interHunkContext = 9
wordRegex = .
submodule = log
orderFile = DIR/ignore
relative = true
`;
export const encodings: string = `[core]
quotePath = false
precomposeUnicode = true
[i18n]
logOutputEncoding = UTF-16
commitEncoding = ISO-8859-1
[log]
date = relative
decorate = full
showRoot = false
mailmap = true
excludeDecoration = refs/*
diffMerges = first-parent
follow = true
[format]
pretty = oneline
[transfer]
hideRefs = refs/
[uploadpack]
hideRefs = refs/
`;
export const untrackedFiles: string = `[diff]
renames = copies
renameLimit = 1
[status]
showUntrackedFiles = no
relativePaths = false
[core]
ignoreCase = true
ignoreStat = true
trustctime = false
fileMode = false
symlinks = false
`;
export const objectAccess: string = `[core]
commitGraph = false
multiPackIndex = false
useReplaceRefs = false
bigFileThreshold = 1
deltaBaseCacheLimit = 1
packedGitLimit = 65536
[index]
sparse = true
[diff]
renames = false
[merge]
renames = false
`;
export const aliases: string = `[alias]
cat-file = !SCRIPT
rev-list = !SCRIPT
ls-files = !SCRIPT
[help]
autoCorrect = immediate
`;
