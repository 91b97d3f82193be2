import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/completion.ts
function completionScript(program, shell) {
  const completions = describe(program, "");
  if (shell === "fish") return fishScript(completions);
  const prelude = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return prelude + bashScript(completions);
}
function describe(command, words) {
  const flags = command.createHelp().visibleOptions(command).map((option) => ({
    name: option.long ?? option.short ?? "",
    description: option.description,
    values: option.argChoices ?? (option.required ? [] : null)
  }));
  const subcommands = command.createHelp().visibleCommands(command);
  return [
    { words, description: command.description(), subcommands: subcommands.map((sub) => sub.name()), flags },
    ...subcommands.flatMap((sub) => describe(sub, `${words} ${sub.name()}`.trim()))
  ];
}
function bashScript(completions) {
  const cases = completions.map(
    ({ words, subcommands, flags }) => `    "${words}") candidates="${[...subcommands, ...flags.map((flag) => flag.name)].join(" ")}" ;;`
  );
  const values = completions.flatMap(
    ({ flags }) => flags.flatMap(
      (flag) => flag.values === null || flag.values.length === 0 ? [] : [[flag.name, flag.values.join(" ")]]
    )
  );
  const names = completions.map((completion) => completion.words).filter((words) => words !== "");
  return `# keyrecall completion
_keyrecall() {
  local current previous words="" word candidates=""
  current="\${COMP_WORDS[COMP_CWORD]}"
  previous="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$previous" in
${[...new Map(values)].map(([name, list]) => `    ${name}) COMPREPLY=($(compgen -W "${list}" -- "$current")); return ;;`).join("\n")}
    --output|--config|--baseline|--rules) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${names.map((name) => name.replace(" ", "/")).join(" ")} " in
      *" \${words:+$words/}$word "*) words="\${words:+$words/}$word" ;;
    esac
  done
  case "\${words//\\// }" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _keyrecall keyrecall
`;
}
function fishScript(completions) {
  const quote = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = completions.flatMap(({ words, subcommands, flags }) => {
    const condition = words === "" ? "__fish_use_subcommand" : words.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    return [
      ...subcommands.map((name) => {
        const target = completions.find((completion) => completion.words === `${words} ${name}`.trim());
        return `complete -c keyrecall -n ${quote(condition)} -f -a ${name} -d ${quote(target?.description ?? "")}`;
      }),
      ...flags.map((flag) => {
        const values = flag.values === null ? "" : flag.values.length === 0 ? " -r" : ` -x -a ${quote(flag.values.join(" "))}`;
        return `complete -c keyrecall -n ${quote(condition)} -l ${flag.name.replace(/^--/, "")}${values} -d ${quote(flag.description)}`;
      })
    ];
  });
  return `# keyrecall completion
${lines.join("\n")}
`;
}
export {
  completionScript
};
