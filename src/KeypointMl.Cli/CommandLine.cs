using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Video;
using KeypointMl.Training.Numerics;

namespace KeypointMl.Cli;

/// <summary>The <c>keypointml</c> command, and with fewer verbs <c>keypointml-score</c>.</summary>
public static class CommandLine
{
    /// <summary>What it is called in usage and messages.</summary>
    internal const string Name = Verbs.CommandName;

    /// <summary>Runs the command.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives messages: what failed, and what should be known beside the results.</param>
    /// <param name="cancellation">Asks to stop cleanly; the command then fails.</param>
    /// <param name="restart">
    /// Starts the command again with an environment variable (name, value) and gives what it returned; null: not
    /// possible.
    /// </param>
    /// <param name="questions">Answers what the command cannot know; null where nobody is there.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(
        string[] args,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellation = default,
        Func<string, string, int>? restart = null,
        IQuestions? questions = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        error = new LastingWriter(error);
        var context = new CommandContext(output, error, questions);
        Command root = CreateRoot(context);
        ParseResult parsed = root.Parse(args.Length > 0 ? args : ["--help"], new ParserConfiguration { ResponseFileTokenReplacer = null });
        string[] problems = [.. OptionChecks.ProblemsOf(parsed)];
        if (problems.Length > 0)
        {
            foreach (string problem in problems)
                context.Error.WriteLine($"{Name}: {problem}");
            foreach (string suggestion in Suggestions.For(parsed))
                context.Error.WriteLine(suggestion);
            context.Error.WriteLine($"For help: {NameOf(parsed.CommandResult)} --help");
            return ExitCode.WrongUsage;
        }
        try
        {
            // Signals are turned into the token by the caller, and exceptions into messages here.
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            bool isEnded = context.EndedAtOnce.Contains(parsed.CommandResult.Command);
            return (isEnded ? InvokeUntil(parsed, configuration, cancellation) : parsed.InvokeAsync(configuration, cancellation))
                .GetAwaiter().GetResult();
        }
        catch (NumericsException exception) when (exception.InstructionSet is not null && restart is not null)
        {
            context.Error.WriteLine($"{Name}: {exception.Message} Starting again with it.");
            return restart(NumericsException.Variable, exception.InstructionSet);
        }
        catch (IOException exception) when (exception.GetBaseException() is FfmpegEndedException && cancellation.IsCancellationRequested)
        {
            // A terminal's Ctrl+C ends ffmpeg too: that it was ended is no failure then.
            context.Error.WriteLine(Failure.Describe(new OperationCanceledException(), verbose: false));
            return ExitCode.Failed;
        }
        catch (Exception exception)
        {
            context.Error.WriteLine(Failure.Describe(exception, parsed.GetValue(context.Verbose)));
            return ExitCode.Failed;
        }
    }

    private static Task<int> InvokeUntil(ParseResult parsed, InvocationConfiguration configuration, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.Run(() => parsed.InvokeAsync(configuration, CancellationToken.None), CancellationToken.None).WaitAsync(cancellation);
    }

    // Not a RootCommand, whose name is the file's: a tool, a test and 'dotnet run' are called by the same name.
    private static Command CreateRoot(CommandContext context)
    {
        var root = new Command(Name, "From unlabelled video and unpaired poses to a detector of named keypoints.")
        {
            new HelpOption(),
            new VersionOption(),
            context.Verbose,
        };
        foreach (Command verb in Verbs.Create(context))
            root.Add(verb);
        return root;
    }

    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : Name;
}
