using KeypointMl.Data.Yaml;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>Which half of a sequence a split takes: training images and prior poses come from different halves.</summary>
internal enum SequenceHalf
{
    /// <summary>All of it.</summary>
    All,

    /// <summary>The first half; of an odd number the middle one is not in it.</summary>
    First,

    /// <summary>The rest.</summary>
    Second,
}

/// <summary>Reads and applies <see cref="SequenceHalf"/>.</summary>
internal static class HalfExtensions
{
    private static readonly string[] Words = ["all", "first", "second"];

    internal static SequenceHalf ParseHalf(this YamlSection section) =>
        (SequenceHalf)Array.IndexOf(Words, section.Optional("half")?.AsOneOf(Words) ?? Words[0]);

    internal static ReadOnlySpan<T> Of<T>(this SequenceHalf half, ReadOnlySpan<T> items) => half switch
    {
        SequenceHalf.First => items[..(items.Length / 2)],
        SequenceHalf.Second => items[(items.Length / 2)..],
        _ => items,
    };
}
