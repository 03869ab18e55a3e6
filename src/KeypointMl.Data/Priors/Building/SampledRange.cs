namespace KeypointMl.Data;

/// <summary>A number that is drawn uniformly from a range, <c>[low, high]</c> in YAML; a single number is always that.</summary>
internal readonly record struct SampledRange(float Low, float High)
{
    internal static SampledRange Parse(YamlValue? value, float low, float high, float min, float max)
    {
        if (value is null)
            return new SampledRange(low, high);
        if (!value.IsList)
            return new SampledRange(value.AsSingle(min, max), value.AsSingle(min, max));
        float[] ends = [.. value.AsList().Select(end => end.AsSingle(min, max))];
        return ends is [float from, float to] && from <= to ? new SampledRange(from, to) : throw value.Error("expected [low, high], low ≤ high");
    }

    internal float Draw(ref SeededRandom random) => random.Uniform(Low, High);
}
