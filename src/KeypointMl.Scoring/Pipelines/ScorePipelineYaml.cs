using System.Collections.Immutable;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Reading;

namespace KeypointMl.Scoring.Pipelines;

/// <summary>Reads a declared pipeline.</summary>
internal static class ScorePipelineYaml
{
    /// <summary>Reads every key and refuses others.</summary>
    /// <exception cref="InvalidDataException">A key is missing, unknown or has a wrong value; the message names file and line.</exception>
    public static ScorePipeline Read(YamlSection section)
    {
        int step = section.Optional("step")?.AsInt32(1) ?? 1;
        var pipeline = new ScorePipeline
        {
            Model = section.Required("model").AsString(),
            Inputs = [.. OneOrSeveral(section, "input", "inputs", value => ReadSource(value, step))],
            Outputs = ReadOutputs(OneOrSeveral(section, "output", "outputs", value => value)),
            Boxes = section.Optional("boxes")?.AsString(),
            Find = ReadFind(section),
            Steps = [.. section.Optional("steps")?.AsListOf(ScoreStepYaml.Read) ?? []],
            Overlays = section.Optional("overlays")?.AsString(),
            OverlayVideos = section.Optional("overlay_videos")?.AsString(),
            Batch = section.Optional("batch")?.AsInt32(1, KeypointDetectorOptions.MaximumBatchSize)
                ?? KeypointDetectorOptions.DefaultBatchSize,
            Threads = section.Optional("threads")?.AsInt32(0, ScoringOptions.MaximumThreads) ?? 0,
            Device = section.Optional("device") is { } device ? ParseDevice(device) : KeypointDevice.Auto,
            VideoDecoding = new VideoDecoding { Hardware = section.Optional("hardware_decoding")?.AsString() },
        };
        section.RejectUnknownKeys();
        return pipeline;
    }

    private static IReadOnlyList<T> OneOrSeveral<T>(YamlSection section, string one, string several, Func<YamlValue, T> read)
    {
        if (section.Optional(several) is not { } list)
            return [read(section.Required(one))];
        section.Optional(one)?.Complain($"'{several}' is given too; give one of the two");
        return list.AsFilledListOf(read);
    }

    private static SubjectFinderOptions? ReadFind(YamlSection section)
    {
        if (section.Optional("find") is not { } value)
            return null;
        if (section.Optional("boxes") is not null)
            value.Complain("'boxes' is given too; give one of the two");
        YamlSection find = value.AsSection();
        var options = new SubjectFinderOptions();
        options = options with
        {
            Count = find.Optional("count")?.AsInt32(1, 100),
            Size = find.Optional("size")?.AsSingle(4, 1_000_000),
            MaxGap = find.Optional("max_gap")?.AsInt32(0) ?? options.MaxGap,
        };
        find.RejectUnknownKeys();
        return options;
    }

    private static ImmutableArray<string> ReadOutputs(IReadOnlyList<YamlValue> values)
    {
        foreach (YamlValue value in values)
        {
            if (values.Count(other => other.AsString() == value.AsString()) > 1)
                value.Complain("expected each output once");
        }
        return [.. values.Select(value => value.AsString())];
    }

    private static ScoreSource ReadSource(YamlValue value, int step)
    {
        if (!value.IsSection)
            return new ScoreSource(value.AsString()) { Step = step };
        YamlSection section = value.AsSection();
        long first = section.Optional("first")?.AsInt64(0) ?? 0;
        var source = new ScoreSource(section.Required("path").AsString())
        {
            Column = section.Optional("column")?.AsString() ?? ScoreSource.DefaultColumn,
            Prefix = section.Optional("prefix")?.AsString() ?? "",
            First = first,
            Last = section.Optional("last")?.AsInt64(first),
            Step = section.Optional("step")?.AsInt32(1) ?? step,
        };
        section.RejectUnknownKeys();
        return source;
    }

    private static KeypointDevice ParseDevice(YamlValue value)
    {
        if (!KeypointDevice.TryParse(value.AsString(), out KeypointDevice device))
            value.Complain("expected auto, cpu or cuda:ID", ["auto", "cpu", "cuda:0"]);
        return device;
    }
}
