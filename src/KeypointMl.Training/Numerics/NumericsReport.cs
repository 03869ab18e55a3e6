using System.Globalization;

namespace KeypointMl.Training.Numerics;

/// <summary>What the numerics check found and chose.</summary>
/// <param name="Convolutions">The convolutions that were checked, each with the way in which it is computed.</param>
/// <param name="ThreadsAsked">The threads that were asked for.</param>
/// <param name="Threads">The threads that are used.</param>
/// <param name="InstructionSet">What oneDNN is confined to, or null.</param>
/// <param name="OneDnn">Whether oneDNN is used.</param>
/// <param name="Failure">What was wrong in every way before something of the process was changed; null where nothing was.</param>
internal sealed record NumericsReport(
    IReadOnlyList<(ConvolutionShape Shape, ConvolutionWay Way)> Convolutions, int ThreadsAsked, int Threads, string? InstructionSet,
    bool OneDnn, NumericsFailure? Failure)
{
    /// <summary>Whether libtorch was right as it is.</summary>
    public bool IsDefault => Chosen == "default";

    /// <summary>
    /// Whether it was measured to take longer than libtorch's own way: ways of single convolutions do not
    /// (docs/numerics.md).
    /// </summary>
    public bool CostsTime => Threads != ThreadsAsked || InstructionSet is not null || !OneDnn;

    /// <summary>What was chosen, in a word or a few: <c>default</c>, or what differs from it.</summary>
    public string Chosen
    {
        get
        {
            var parts = new List<string>();
            parts.AddRange(Convolutions.Where(convolution => !convolution.Way.IsOwn())
                .Select(convolution => convolution.Way & ~ConvolutionWay.Unrolled).Distinct().Order().Select(way => way.Name()));
            if (Threads != ThreadsAsked)
                parts.Add("one thread");
            if (InstructionSet is not null)
                parts.Add($"{NumericsException.Variable}={InstructionSet}");
            if (!OneDnn)
                parts.Add("oneDNN off");
            return parts.Count == 0 ? "default" : string.Join("; ", parts);
        }
    }

    /// <summary>One line: what was checked, what was chosen, and why.</summary>
    public override string ToString() => Convolutions.Count == 0 ? "Numerics: no convolution runs on the CPU." : string.Create(
        CultureInfo.InvariantCulture,
        $"Numerics: {Convolutions.Count} convolutions checked with {Threads} {(Threads == 1 ? "thread" : "threads")}: {Found}.");

    private string Found
    {
        get
        {
            if (IsDefault)
                return "libtorch is right on this processor";
            ConvolutionShape[] around = [.. Convolutions.Where(convolution => !convolution.Way.IsOwn())
                .Select(convolution => convolution.Shape)];
            string reason = (Failure, around) switch
            {
                ({ } failure, _) => $"{failure}",
                (_, []) => "it was changed before",
                _ => $"libtorch's own way is wrong, or not to be trusted, for {around.Length} of them on this processor, "
                    + $"such as {around[0]}",
            };
            return $"{reason}; computed with {Chosen}";
        }
    }
}

/// <summary>A convolution that was wrong.</summary>
/// <param name="Shape">Which.</param>
/// <param name="Difference">By how much of the largest value; NaN where it gave one.</param>
internal sealed record NumericsFailure(ConvolutionShape Shape, double Difference)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"the convolution {Shape} "
        + $"{(double.IsNaN(Difference) ? "gives NaN" : $"is off by {Difference:G2} of its largest value")} (allowed: "
        + $"{ConvolutionCheck.ToleranceOf(Shape):G1})");
}

/// <summary>libtorch computes wrong numbers on this processor, and nothing that this process can still do makes them right.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="instructionSet">The value of <see cref="Variable"/> to try in a new process; null where none is left.</param>
public sealed class NumericsException(string message, string? instructionSet = null) : Exception(message)
{
    /// <summary>
    /// The environment variable by which oneDNN's instruction set is lowered. It is read once, before a process's first
    /// convolution.
    /// </summary>
    public const string Variable = "ONEDNN_MAX_CPU_ISA";

    /// <summary>What to set <see cref="Variable"/> to before the process starts; null where that was tried.</summary>
    public string? InstructionSet { get; } = instructionSet;
}
