using System.CommandLine;

namespace KeypointMl.Benchmarks;

/// <summary>How much the throughput is measured with.</summary>
internal sealed class ThroughputOptions
{
    /// <summary>The number of files.</summary>
    public Option<int> Images { get; } = new("--images") { Description = "How many image files.", DefaultValueFactory = _ => 500 };

    /// <summary>The length of a turn.</summary>
    public Option<int> Chunk { get; } = new("--chunk")
    {
        Description = "How many of them an alternative goes through in a round; a divisor of --images.",
        DefaultValueFactory = _ => 100,
    };

    /// <summary>The number of rounds.</summary>
    public Option<int> Rounds { get; } = new("--rounds") { Description = "How many rounds.", DefaultValueFactory = _ => 15 };

    /// <summary>Adds them and what they must be.</summary>
    public void AddTo(Command command)
    {
        command.Add(Images);
        command.Add(Chunk);
        command.Add(Rounds);
        command.Validators.Add(result =>
        {
            (int images, int chunk, int rounds) = (Given(Images), Given(Chunk), Given(Rounds));
            if (chunk < 1 || images < 1 || images % chunk != 0)
                result.AddError($"--images must be a multiple of --chunk, and both positive; found {images} and {chunk}.");
            if (rounds < 1)
                result.AddError($"--rounds must be positive; found {rounds}.");

            // Defaults are put in after this.
            int Given(Option<int> option) =>
                result.GetResult(option) is { } given ? given.GetValueOrDefault<int>() : (int)option.GetDefaultValue()!;
        });
    }
}
