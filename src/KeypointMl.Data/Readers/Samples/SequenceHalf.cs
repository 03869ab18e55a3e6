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

/// <summary>Which part of a sequence a split takes.</summary>
internal static class SequenceParts
{
    private static readonly string[] Words = ["all", "first", "second"];

    internal static SequenceHalf ParseHalf(this YamlSection section) =>
        (SequenceHalf)Array.IndexOf(Words, section.Optional("half")?.AsOneOf(Words) ?? Words[0]);

    /// <summary>The range <c>frames: [first, last]</c>, both ends included; all frames where it is not given.</summary>
    internal static (long First, long Last) ParseFrames(this YamlSection section) => section.Optional("frames") is YamlValue frames
        ? section.Try(() => frames.AsPairOf(
            number => number.AsInt64(0), "expected [first, last], both included, first ≤ last", (first, last) => first <= last))
        : (0, long.MaxValue);

    internal static ReadOnlySpan<T> Of<T>(this SequenceHalf half, ReadOnlySpan<T> items) => half switch
    {
        SequenceHalf.First => items[..(items.Length / 2)],
        SequenceHalf.Second => items[(items.Length / 2)..],
        _ => items,
    };
}
