using System.CommandLine;
using KeypointMl.Cli.Running;

namespace KeypointMl.Cli.Commands;

/// <summary><c>completion bash|zsh|fish|powershell</c>, and what its scripts call: <c>complete --position N LINE</c></summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # In ~/.bashrc: source <(NAME completion bash)
        _NAME_words() {
            local word IFS=$'\n'
            word="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=($(NAME complete --position "$COMP_POINT" -- "$COMP_LINE" 2> /dev/null))
            [[ $word == -* ]] || COMPREPLY+=($(compgen -f -- "$word"))
        }
        complete -o filenames -F _NAME_words NAME

        """;

    private const string Zsh = """
        # In ~/.zshrc, after compinit: source <(NAME completion zsh)
        _NAME_words() {
            local -a words_found
            words_found=("${(@f)$(NAME complete --position "$CURSOR" -- "$BUFFER" 2> /dev/null)}")
            compadd -- ${words_found:#}
            [[ $PREFIX == -* ]] || _files
        }
        compdef _NAME_words NAME

        """;

    private const string Fish = """
        # NAME completion fish > ~/.config/fish/completions/NAME.fish
        complete -c NAME -a '(NAME complete --position (commandline -C) -- (commandline -p) 2> /dev/null)'

        """;

    private const string PowerShell = """
        # In $PROFILE: NAME completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName NAME -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            NAME complete --position $cursorPosition -- "$commandAst".PadRight($cursorPosition) 2> $null |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["powershell"] = PowerShell,
    };

    /// <summary>The verb that prints a shell's script.</summary>
    public static Command Create(CommandContext context)
    {
        Argument<string> shell = new Argument<string>("SHELL") { Description = string.Join(", ", Scripts.Keys) }
            .AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a script for the shell; its first line says where it goes. Then Tab completes.")
        {
            shell,
        };
        command.SetAction((parsed, _) =>
        {
            context.Out.Write(Scripts[parsed.GetRequiredValue(shell)].Replace("NAME", CommandLine.Name, StringComparison.Ordinal));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>The hidden verb that the scripts call.</summary>
    public static Command CreateWords(CommandContext context)
    {
        var position = new Option<int>("--position") { Required = true };
        var line = new Argument<string>("LINE");
        var command = new Command("complete") { position, line };
        command.Hidden = true;
        command.SetAction((parsed, _) =>
        {
            Command root = parsed.RootCommandResult.Command;
            foreach (string word in Completions.For(root, parsed.GetRequiredValue(line), parsed.GetValue(position)))
                context.Out.WriteLine(word);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
