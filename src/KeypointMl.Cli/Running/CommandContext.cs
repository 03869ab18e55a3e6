using System.CommandLine;
using KeypointMl.Cli.Printing;
using KeypointMl.Scoring.Reading;
using KeypointMl.Training.Tensors;
using Spectre.Console;

namespace KeypointMl.Cli.Running;

/// <summary>What the verbs of one run of the command share: where they write, and the options that several of them have.</summary>
/// <param name="output">Receives results.</param>
/// <param name="error">Receives messages: what failed, and what should be known beside the results.</param>
/// <param name="questions">Answers what the command cannot know; null where nobody is there.</param>
internal sealed class CommandContext(TextWriter output, TextWriter error, IQuestions? questions = null)
{
    /// <summary>Answers what the command cannot know; null where nobody is there.</summary>
    public IQuestions? Questions => questions;

    /// <summary>
    /// Receives results. Control characters in them, which may come from files' names and contents, are escaped.
    /// </summary>
    public TextWriter Out { get; } = new PrintableWriter(output);

    /// <summary>Receives messages, with control characters escaped.</summary>
    public TextWriter Error { get; } = new PrintableWriter(error);

    /// <summary>
    /// The verbs that look at no token. Asked to stop, the command ends without waiting for them: what they write appears whole
    /// or not at all.
    /// </summary>
    public HashSet<Command> EndedAtOnce { get; } = [];

    /// <summary>Writes what a person should know beside the results, to <see cref="Error"/>.</summary>
    public void Note(string message) => Error.WriteLine($"{CommandLine.Name}: {message}");

    /// <summary>The terminal behind <see cref="Out"/>, if it is one.</summary>
    public IAnsiConsole Console => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "When something fails, print the stack trace too.",
        Recursive = true,
    };

    /// <summary>Of the verbs that compute on as many threads as they are told.</summary>
    public Option<int> Threads { get; } = new Option<int>("--threads")
    {
        Description = "How many threads to compute with; 0: as many as there are processors.",
        HelpName = "N",
    }.AtLeast(0).AtMost(ScoringOptions.MaximumThreads);

    public Option<string?> DataRoot { get; } = new("--data-root")
    {
        Description = "The folder that the data manifests' paths start from; "
            + $"else the environment variable {Data.Manifests.DataRoot.EnvironmentVariable}.",
        HelpName = "DIR",
    };

    /// <summary>An option for where networks of libtorch run.</summary>
    /// <param name="otherwise">What holds without it.</param>
    public static Option<string?> Device(string otherwise)
    {
        var option = new Option<string?>("--device")
        {
            Description = $"Where to compute: auto (CUDA where there is a GPU, else the CPU), cpu, cuda or cuda:N; {otherwise}.",
            HelpName = "DEVICE",
        };
        option.CompletionSources.Add("auto", "cpu", "cuda");
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } device && !TrainingDevice.IsWord(device))
                result.AddError($"--device is '{device}'; expected {TrainingDevice.Words}.");
        });
        return option;
    }

    /// <summary>Asks for libtorch, and sets the threads that it computes with.</summary>
    /// <exception cref="DllNotFoundException">It is missing; the message says what to do.</exception>
    public void UseLibTorch(ParseResult parsed) => UseLibTorch(parsed.GetValue(Threads));

    /// <summary>The same; 0 leaves the threads as they are.</summary>
    public static void UseLibTorch(int threads)
    {
        LibTorchNatives.Require();
        if (threads > 0)
            TorchSharp.torch.set_num_threads(threads);
    }
}
