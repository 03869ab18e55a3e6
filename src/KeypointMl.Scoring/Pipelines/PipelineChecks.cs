using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Sinks;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Pipelines;

/// <summary>What is checked of a declared pipeline before, and while, it is scored: nothing is overwritten that is read.</summary>
internal static class PipelineChecks
{
    /// <summary>Checks what can be checked without listing the inputs.</summary>
    public static BoxTable? CheckAndReadBoxes(this ScorePipeline pipeline)
    {
        foreach (string output in pipeline.Outputs)
            PredictionFiles.Check(output);
        pipeline.GuardOutputs();
        pipeline.VideoDecoding.Check();
        if (pipeline.Find is not null && pipeline.Boxes is not null)
        {
            throw new InvalidDataException(
                $"The pipeline has boxes ('{PrintableText.Of(pipeline.Boxes)}') and looks for subjects too ('find'); give one of the two.");
        }
        return pipeline.Boxes is null ? null : BoxTable.Read(pipeline.Boxes);
    }

    /// <summary>Starts each step once, for a model's skeleton.</summary>
    /// <exception cref="InvalidDataException">A step does not fit it; the message says why.</exception>
    public static void CheckSteps(this ScorePipeline pipeline, Skeleton skeleton)
    {
        foreach (ScoreStep step in pipeline.Steps)
            step.Start(skeleton);
    }

    /// <summary>The files of all sources, in order.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="note">Is told what was left out of each source, at its end; null for nobody.</param>
    public static IEnumerable<InputFile> ListInputs(this ScorePipeline pipeline, Action<string>? note = null)
    {
        for (int number = 0; number < pipeline.Inputs.Length; number++)
        {
            LeftOutFiles? leftOut = note is null ? null : new();
            foreach (InputFile file in InputFiles.Enumerate(pipeline.Inputs[number], leftOut))
                yield return file with { Source = number };
            if (leftOut?.Describe(pipeline.Inputs[number].Path) is { } text)
                note!(text);
        }
    }

    /// <summary>
    /// Refuses outputs that would replace the model, the boxes, a list of inputs or the pipeline itself, or each
    /// other, and one folder for pictures and videos.
    /// </summary>
    /// <returns>What refuses those that would replace an input.</returns>
    /// <exception cref="InvalidDataException">One would.</exception>
    public static OutputGuard GuardOutputs(this ScorePipeline pipeline)
    {
        if (pipeline is { Overlays: { } pictures, OverlayVideos: { } videos } && FileIdentity.AreSame(pictures, videos))
        {
            throw new InvalidDataException(
                $"'overlays' and 'overlay_videos' are one folder, '{PrintableText.Of(pictures)}': a video's pictures would be in a folder "
                + "of the name that its drawing has. Give each a folder of its own.");
        }
        var guard = new OutputGuard(pipeline.Outputs);
        foreach (string? read in (string?[])[pipeline.Model, pipeline.Boxes, pipeline.File, .. pipeline.Inputs.Select(source => source.Path)])
            guard.Require(read);
        return guard;
    }

    /// <summary>
    /// The files of all sources, checked on the way: names stand once, boxes fit, outputs and overlays overwrite nothing. What holds
    /// for all of them is known at the end.
    /// </summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="boxes">The boxes; null without.</param>
    /// <param name="note">Is told what was left out; null for nobody.</param>
    /// <exception cref="IOException">While enumerating: a source is missing.</exception>
    /// <exception cref="InvalidDataException">
    /// While enumerating: a source, the boxes or the overlays do not fit; the message says which and why.
    /// </exception>
    public static IEnumerable<InputFile> CheckedInputs(
        this ScorePipeline pipeline, BoxTable? boxes, Action<string>? note = null)
    {
        var names = new NameCheck();
        OutputGuard guard = pipeline.GuardOutputs();
        IEnumerable<InputFile> files = names.Watch(pipeline.ListInputs(note));
        files = boxes?.Check(files) ?? files;
        files = DeepLabCutFiles.Check(pipeline.Outputs, files);
        files = pipeline.Overlays is null ? files : OverlaySink.Check(pipeline.Overlays, pipeline.Inputs, files);
        files = pipeline.OverlayVideos is null ? files : OverlayVideoSink.Check(pipeline.OverlayVideos, pipeline.Inputs, files);
        foreach (InputFile file in files)
        {
            guard.Require(file.Path);
            if (pipeline.Find is not null && file.IsImage)
            {
                throw new InvalidDataException(
                    $"'{file.Path}' is a still image, and 'find' tells subjects from the ground by their motion, which needs videos. "
                    + "Give the video, or leave 'find' out: the image is then taken as a whole, or cut by 'boxes'.");
            }
            if (pipeline.IsOverTime && file.IsImage)
            {
                throw new InvalidDataException(
                    $"'{file.Path}' is a still image, and the pipeline smooths over time, which needs videos. "
                    + "Leave smoothing out, or give the video.");
            }
            yield return file;
        }
        names.RejectDoubles(() => pipeline.ListInputs());
    }
}
