using System.Text;

namespace KeypointMl.Testing;

/// <summary>A reader of files, good files for it, and what it may cost at most when they are spoiled.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Extension">Of its files, with the dot.</param>
/// <param name="Samples">Makes good files.</param>
/// <param name="Read">Reads a file.</param>
internal sealed record FuzzedReader(string Name, string Extension, Func<byte[][]> Samples, Action<string> Read)
{
    /// <summary>Whether an exception is one that the reader documents.</summary>
    public Func<Exception, bool> IsRefusal { get; init; } = error => error is InvalidDataException;

    /// <summary>What is put in where text is spoiled; empty for binary files.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>What becomes of a spoiled content before it is a file: compressed, wrapped, with checksums that fit.</summary>
    public Func<byte[], byte[]> Wrap { get; init; } = content => content;

    /// <summary>What reading one spoiled file of some kilobytes may allocate.</summary>
    public long MaxBytes { get; init; } = 256 << 20;

    /// <summary>The longest that one may take.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many cases every test run has.</summary>
    public int Cases { get; init; } = 500;

    /// <summary>How many cases a nightly run has.</summary>
    public int NightlyCases { get; init; } = 200_000;

    /// <summary>A reader of YAML.</summary>
    public static FuzzedReader Yaml(string name, Action<string> read, string sample) =>
        new(name, ".yaml", () => [Encoding.UTF8.GetBytes(sample)], read) { Words = Spoiling.YamlWords };

    /// <summary>A reader of comma-separated values.</summary>
    public static FuzzedReader Csv(string name, Action<string> read, params string[] samples) =>
        new(name, ".csv", () => [.. samples.Select(Encoding.UTF8.GetBytes)], read) { Words = Spoiling.CsvWords };

    /// <summary>How test runners show it.</summary>
    public override string ToString() => Name;
}
