namespace KeypointMl.Data;

/// <summary>Reads and applies <see cref="Half"/>.</summary>
internal static class HalfExtensions
{
    private static readonly string[] Words = ["all", "first", "second"];

    internal static Half ParseHalf(this YamlSection section) => (Half)Array.IndexOf(Words, section.Optional("half")?.AsOneOf(Words) ?? Words[0]);

    internal static ReadOnlySpan<T> Of<T>(this Half half, ReadOnlySpan<T> items) => half switch
    {
        Half.First => items[..(items.Length / 2)],
        Half.Second => items[(items.Length / 2)..],
        _ => items,
    };
}
