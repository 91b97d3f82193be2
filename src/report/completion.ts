/** Completion for a shell: scripts made from the commands and flags themselves. */

/** What of commander's `Command` is read, by its fit: whoever imports the library need not have commander. */
interface DescribedCommand {
  name(): string;
  description(): string;
  readonly registeredArguments: readonly { readonly argChoices?: readonly string[] | undefined }[];
  createHelp(): {
    visibleOptions(command: DescribedCommand): readonly {
      readonly long?: string | undefined;
      readonly short?: string | undefined;
      readonly description: string;
      readonly argChoices?: readonly string[] | undefined;
      readonly required: boolean;
    }[];
    visibleCommands(command: DescribedCommand): readonly DescribedCommand[];
  };
}

interface Completion {
  /** `scan`, `rules list`; empty for the program itself. */
  readonly words: string;
  readonly description: string;
  readonly subcommands: readonly string[];
  /** What the command's arguments can be, where that is a list. */
  readonly choices: readonly string[];
  readonly flags: readonly {
    readonly name: string;
    readonly description: string;
    readonly values: readonly string[] | null;
  }[];
}

export function completionScript(program: DescribedCommand, shell: "bash" | "zsh" | "fish"): string {
  const completions = describe(program, "");
  const name = program.name();
  if (shell === "fish") return fishScript(name, completions);
  // zsh runs the bash script through its own compatibility layer.
  const prelude = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return prelude + bashScript(name, completions);
}

function describe(command: DescribedCommand, words: string): Completion[] {
  const flags = command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      name: option.long ?? option.short ?? "",
      description: option.description,
      values: option.argChoices ?? (option.required ? [] : null),
    }));
  const subcommands = command.createHelp().visibleCommands(command);
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  return [
    { words, description: command.description(), subcommands: subcommands.map((sub) => sub.name()), choices, flags },
    ...subcommands.flatMap((sub) => describe(sub, `${words} ${sub.name()}`.trim())),
  ];
}

function bashScript(program: string, completions: readonly Completion[]): string {
  const identifier = `_${program.replaceAll("-", "_")}`;
  const cases = completions.map(
    ({ words, subcommands, choices, flags }) =>
      `    "${words}") candidates="${[...subcommands, ...choices, ...flags.map((flag) => flag.name)].join(" ")}" ;;`,
  );
  const values = completions.flatMap(({ words, flags }) =>
    flags.flatMap(({ name, values: list }) =>
      list === null || list.length === 0
        ? []
        : [`    "${words} ${name}") COMPREPLY=($(compgen -W "${list.join(" ")}" -- "$current")); return ;;`],
    ),
  );
  const names = completions.map((completion) => completion.words).filter((words) => words !== "");
  return `# ${program} completion
${identifier}() {
  local current previous words="" word candidates=""
  current="\${COMP_WORDS[COMP_CWORD]}"
  previous="\${COMP_WORDS[COMP_CWORD-1]}"
  # readline makes words of its own of --flag=value.
  if [[ $current == "=" ]]; then current=""; elif [[ $previous == "=" ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${names.map((name) => name.replace(" ", "/")).join(" ")} " in
      *" \${words:+$words/}$word "*) words="\${words:+$words/}$word" ;;
    esac
  done
  words="\${words//\\// }"
  case "$words $previous" in
${values.join("\n")}
    *" --output"|*" --config"|*" --baseline"|*" --rules"|*" --cache"|*" --user-config"|*" --secret-file"|*" --settings") COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case "$words" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F ${identifier} ${program}
`;
}

function fishScript(program: string, completions: readonly Completion[]): string {
  const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = completions.flatMap(({ words, subcommands, choices, flags }) => {
    const condition =
      words === ""
        ? "__fish_use_subcommand"
        : words
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return [
      ...subcommands.map((name) => {
        const target = completions.find((completion) => completion.words === `${words} ${name}`.trim());
        return `complete -c ${program} -n ${quote(condition)} -f -a ${name} -d ${quote(target?.description ?? "")}`;
      }),
      ...(choices.length === 0
        ? []
        : [`complete -c ${program} -n ${quote(condition)} -f -a ${quote(choices.join(" "))}`]),
      ...flags.map((flag) => {
        const values =
          flag.values === null ? "" : flag.values.length === 0 ? " -r" : ` -x -a ${quote(flag.values.join(" "))}`;
        return `complete -c ${program} -n ${quote(condition)} -l ${flag.name.replace(/^--/, "")}${values} -d ${quote(flag.description)}`;
      }),
    ];
  });
  return `# ${program} completion\n${lines.join("\n")}\n`;
}
