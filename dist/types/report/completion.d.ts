/** Completion for a shell: scripts made from the commands and flags themselves. */
/** What of commander's `Command` is read, by its fit: whoever imports the library need not have commander. */
interface DescribedCommand {
    name(): string;
    description(): string;
    readonly registeredArguments: readonly {
        readonly argChoices?: readonly string[] | undefined;
    }[];
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
export declare function completionScript(program: DescribedCommand, shell: "bash" | "zsh" | "fish"): string;
export {};
