using System.Collections.Immutable;
using KeypointMl.Data;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Pipelines;

/// <summary>Reads a step of a declared pipeline: a mapping of one key, which says what the step is.</summary>
internal static class ScoreStepYaml
{
    private const double Tiny = 1e-6;

    private static readonly Dictionary<string, PoseOrigin> Origins = new()
    {
        ["mean"] = PoseOrigin.Mean,
        ["box"] = PoseOrigin.Box,
        ["keypoints"] = PoseOrigin.Keypoints,
        ["unchanged"] = PoseOrigin.Unchanged,
    };
    private static readonly Dictionary<string, PoseUnit> Units = new()
    {
        ["root_mean_square"] = PoseUnit.RootMeanSquare,
        ["box"] = PoseUnit.Box,
        ["length"] = PoseUnit.Length,
        ["unchanged"] = PoseUnit.Unchanged,
    };

    private static readonly Dictionary<string, Func<YamlValue, ScoreStep>> Kinds = new(StringComparer.Ordinal)
    {
        ["resolve_flips"] = ReadFlips,
        ["median"] = ReadMedian,
        ["one_euro"] = ReadOneEuro,
        ["threshold"] = value => new ConfidenceThreshold(value.AsSingle(0, 1)),
        ["normalize"] = ReadNormalization,
    };

    public static ScoreStep Read(YamlValue value)
    {
        string[] given = value.IsSection ? [.. value.AsSection().Keys] : [];
        if (given is not [{ } kind] || !Kinds.TryGetValue(kind, out Func<YamlValue, ScoreStep>? read))
        {
            string hint = given is [{ } word] ? NearestWord.Hint(word, Kinds.Keys) : "";
            throw value.Error($"expected a mapping of one key, which is one of {string.Join(", ", Kinds.Keys)}", hint);
        }
        return read(value.AsSection().Required(kind));
    }

    private static ResolvedFlips ReadFlips(YamlValue value)
    {
        YamlSection section = value.AsSection();
        var step = new ResolvedFlips();
        step = step with
        {
            Prior = section.Optional("prior")?.AsDouble(Tiny) ?? step.Prior,
            MaxGap = section.Optional("max_gap")?.AsInt32(1) ?? step.MaxGap,
        };
        section.RejectUnknownKeys();
        return step;
    }

    private static MedianSmoothing ReadMedian(YamlValue value) =>
        value.AsInt32(3, 1001) is var window && window % 2 == 1
        ? new MedianSmoothing(window)
        : throw value.Error("expected an odd number of frames");

    private static OneEuroSmoothing ReadOneEuro(YamlValue value)
    {
        YamlSection section = value.AsSection();
        var step = new OneEuroSmoothing(section.Required("rate").AsDouble(Tiny));
        step = step with
        {
            MinimumCutoff = section.Optional("min_cutoff")?.AsDouble(Tiny) ?? step.MinimumCutoff,
            Beta = section.Optional("beta")?.AsDouble(0) ?? step.Beta,
            DerivativeCutoff = section.Optional("derivative_cutoff")?.AsDouble(Tiny) ?? step.DerivativeCutoff,
            MaxGap = section.Optional("max_gap")?.AsInt32(1) ?? step.MaxGap,
        };
        section.RejectUnknownKeys();
        return step;
    }

    private static NormalizedPoses ReadNormalization(YamlValue value)
    {
        YamlSection section = value.AsSection();
        var normalization = new PoseNormalization
        {
            Origin = section.Optional("origin") is { } origin ? Origins[origin.AsOneOf(Origins.Keys)] : PoseOrigin.Mean,
            OriginKeypoints = Names(section, "origin_keypoints"),
            Unit = section.Optional("unit") is { } unit ? Units[unit.AsOneOf(Units.Keys)] : PoseUnit.RootMeanSquare,
            LengthFrom = Names(section, "length_from"),
            LengthTo = Names(section, "length_to"),
            UprightFrom = section.Optional("upright_from")?.AsString(),
            UprightTo = section.Optional("upright_to")?.AsString(),
        };
        section.RejectUnknownKeys();
        return new NormalizedPoses(normalization);
    }

    private static ImmutableArray<string> Names(YamlSection section, string key) => [.. section.Optional(key)?.AsStrings() ?? []];
}
