using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Optimisation;

/// <summary>
/// Means of the losses between two log entries. Where reading is not free they are summed on the device, and read when
/// they are asked for.
/// </summary>
/// <param name="readsEveryStep">Whether every step's losses are read.</param>
internal sealed class LossAverages(bool readsEveryStep = true) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Strict)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly SortedDictionary<string, double> sums = new(StringComparer.Ordinal);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private IReadOnlyList<string> names = [];
    private Tensor? unread; // [2,L] float64: the sums that were not read yet, and the last step's values
    private int count;
    private int restored; // of those, the steps before a resume, which this clock did not see

    public double StepsPerSecond => (count - restored) / clock.Elapsed.TotalSeconds;

    /// <summary>The losses of the last step that was read, in the phase's order; empty before.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Latest { get; private set; } = [];

    /// <summary>Adds a step's losses, each a float32 scalar without gradient.</summary>
    public void Add(IReadOnlyList<(string Name, Tensor Value)> losses)
    {
        count++;
        if (readsEveryStep)
        {
            Latest = [.. losses.Select(loss => KeyValuePair.Create(loss.Name, (double)DeviceReads.Single(loss.Value)))];
            foreach ((string name, double value) in Latest)
                sums[name] = sums.GetValueOrDefault(name) + value;
            return;
        }
        using var scope = NewDisposeScope();
        names = [.. losses.Select(loss => loss.Name)];
        Tensor values = stack(losses.Select(loss => loss.Value)).to(ScalarType.Float64); // [L]
        Tensor now = stack([unread is null ? values : unread.select(0, 0) + values, values]).DetachFromDisposeScope();
        unread?.Dispose();
        unread = now;
    }

    /// <summary>Reads what was added since the last call.</summary>
    public void Read()
    {
        if (unread is null)
            return;
        double[] values = DeviceReads.Doubles(unread);
        Dispose();
        for (int i = 0; i < names.Count; i++)
            sums[names[i]] = sums.GetValueOrDefault(names[i]) + values[i];
        Latest = [.. names.Select((name, i) => KeyValuePair.Create(name, values[names.Count + i]))];
    }

    /// <summary>The means since the last call; starts anew.</summary>
    public ImmutableSortedDictionary<string, double> TakeMeans()
    {
        Read();
        var means = sums.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value / Math.Max(count, 1), StringComparer.Ordinal);
        sums.Clear();
        (count, restored) = (0, 0);
        clock.Restart();
        return means;
    }

    /// <summary>What was added since the last <see cref="TakeMeans"/>, for a checkpoint; null where that is nothing.</summary>
    public string? ToJson()
    {
        Read();
        return count == 0 ? null : JsonSerializer.Serialize(new Open(count, sums), Json);
    }

    /// <summary>Goes on from what <see cref="ToJson"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public void Restore(string json)
    {
        try
        {
            Open open = JsonSerializer.Deserialize<Open>(json, Json) ?? throw new JsonException("they are null");
            (count, restored) = (open.Steps, open.Steps);
            foreach ((string name, double sum) in open.Sums)
                sums[name] = sum;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The checkpoint's sums of losses are damaged ({e.Message}).", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        unread?.Dispose();
        unread = null;
    }

    private sealed record Open(int Steps, SortedDictionary<string, double> Sums);
}
