using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Optimisation;

/// <summary>
/// Means of the losses between two log entries, each over the steps that had it. Where reading is not free they are
/// summed on the device, and read when they are asked for.
/// </summary>
/// <param name="readsEveryStep">Whether every step's losses are read.</param>
internal sealed class LossAverages(bool readsEveryStep = true) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Strict)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly SortedDictionary<string, Sum> sums = new(StringComparer.Ordinal);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private IReadOnlyList<string> names = [];
    private Tensor? unread; // [2,L] float64: the sums that were not read yet, and the last step's values
    private int unreadSteps;
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
                Count(name, value, steps: 1);
            return;
        }
        if (unread is not null && !names.SequenceEqual(losses.Select(loss => loss.Name)))
            Read();
        using var scope = NewDisposeScope();
        names = [.. losses.Select(loss => loss.Name)];
        unreadSteps++;
        Tensor values = stack(losses.Select(loss => loss.Value)).to(ScalarType.Float64); // [L]
        Tensor now = stack([unread is null ? values : unread.select(0, 0) + values, values]).DetachFromDisposeScope();
        unread?.Dispose();
        unread = now;
    }

    private void Count(string name, double value, int steps)
    {
        Sum before = sums.GetValueOrDefault(name);
        sums[name] = new Sum(before.Value + value, before.Steps + steps);
    }

    /// <summary>Reads what was added since the last call.</summary>
    public void Read()
    {
        if (unread is null)
            return;
        double[] values = DeviceReads.Doubles(unread);
        for (int i = 0; i < names.Count; i++)
            Count(names[i], values[i], unreadSteps);
        Dispose();
        Latest = [.. names.Select((name, i) => KeyValuePair.Create(name, values[names.Count + i]))];
    }

    /// <summary>What follows is no training: it does not count as time that steps take.</summary>
    public void Pause() => clock.Stop();

    /// <summary>Training goes on.</summary>
    public void GoOn() => clock.Start();

    /// <summary>The means since the last call; starts anew.</summary>
    public ImmutableSortedDictionary<string, double> TakeMeans()
    {
        Read();
        var means = sums.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Value / pair.Value.Steps, StringComparer.Ordinal);
        sums.Clear();
        (count, restored) = (0, 0);
        bool isRunning = clock.IsRunning;
        clock.Reset();
        if (isRunning)
            clock.Start();
        return means;
    }

    /// <summary>What was added since the last <see cref="TakeMeans"/>, for a checkpoint; null where that is nothing.</summary>
    public string? ToJson()
    {
        Read();
        return count == 0 ? null : JsonSerializer.Serialize(Open.Of(count, sums), Json);
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
                sums[name] = new Sum(sum, open.StepsOf(name));
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
        (unread, unreadSteps) = (null, 0);
    }

    private readonly record struct Sum(double Value, int Steps);

    /// <summary>What a checkpoint holds.</summary>
    /// <param name="Steps">The steps since the last entry.</param>
    /// <param name="Sums">The losses' sums over them, by name.</param>
    /// <param name="Fewer">In how many of them a loss was, where that is not in all; null where all were in all.</param>
    private sealed record Open(int Steps, SortedDictionary<string, double> Sums, SortedDictionary<string, int>? Fewer = null)
    {
        public static Open Of(int steps, SortedDictionary<string, Sum> sums)
        {
            var fewer = new SortedDictionary<string, int>(
                sums.Where(sum => sum.Value.Steps != steps).ToDictionary(sum => sum.Key, sum => sum.Value.Steps), StringComparer.Ordinal);
            return new(steps, new(sums.ToDictionary(sum => sum.Key, sum => sum.Value.Value), StringComparer.Ordinal),
                fewer.Count == 0 ? null : fewer);
        }

        public int StepsOf(string name)
        {
            int steps = Fewer is not null && Fewer.TryGetValue(name, out int fewer) ? fewer : Steps;
            return steps >= 1 ? steps : throw new JsonException($"{name} is a sum over {steps} steps");
        }
    }
}
