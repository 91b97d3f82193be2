/** `keyrecall completion`: scripts made from the commands and flags themselves. */
import type { Command } from "commander";

interface Completion {
  /** `scan`, `rules list`; empty for the program itself. */
  readonly words: string;
  readonly description: string;
  readonly subcommands: readonly string[];
  readonly flags: readonly {
    readonly name: string;
    readonly description: string;
    readonly values: readonly string[] | null;
  }[];
}

export function completionScript(program: Command, shell: "bash" | "zsh" | "fish"): string {
  const completions = describe(program, "");
  if (shell === "fish") return fishScript(completions);
  // zsh runs the bash script through its own compatibility layer.
  const prelude = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return prelude + bashScript(completions);
}

function describe(command: Command, words: string): Completion[] {
  const flags = command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      name: option.long ?? option.short ?? "",
      description: option.description,
      values: option.argChoices ?? (option.required ? [] : null),
    }));
  const subcommands = command.createHelp().visibleCommands(command);
  return [
    { words, description: command.description(), subcommands: subcommands.map((sub) => sub.name()), flags },
    ...subcommands.flatMap((sub) => describe(sub, `${words} ${sub.name()}`.trim())),
  ];
}

function bashScript(completions: readonly Completion[]): string {
  const cases = completions.map(
    ({ words, subcommands, flags }) =>
      `    "${words}") candidates="${[...subcommands, ...flags.map((flag) => flag.name)].join(" ")}" ;;`,
  );
  const values = completions.flatMap(({ flags }) =>
    flags.flatMap((flag) =>
      flag.values === null || flag.values.length === 0 ? [] : [[flag.name, flag.values.join(" ")] as const],
    ),
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

function fishScript(completions: readonly Completion[]): string {
  const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = completions.flatMap(({ words, subcommands, flags }) => {
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
        return `complete -c keyrecall -n ${quote(condition)} -f -a ${name} -d ${quote(target?.description ?? "")}`;
      }),
      ...flags.map((flag) => {
        const values =
          flag.values === null ? "" : flag.values.length === 0 ? " -r" : ` -x -a ${quote(flag.values.join(" "))}`;
        return `complete -c keyrecall -n ${quote(condition)} -l ${flag.name.replace(/^--/, "")}${values} -d ${quote(flag.description)}`;
      }),
    ];
  });
  return `# keyrecall completion\n${lines.join("\n")}\n`;
}
