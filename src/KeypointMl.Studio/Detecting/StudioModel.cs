using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Generation;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Detecting;

/// <summary>A detector, and the generator beside it where there is one.</summary>
internal sealed class StudioModel : IDisposable
{
    private const string DetectorName = "detector.onnx";
    private const string GeneratorName = "generator.onnx";

    private StudioModel(string path, KeypointDetector detector, ImageGenerator? generator) =>
        (Path, Detector, Generator) = (path, detector, generator);

    /// <summary>The detector's file.</summary>
    public string Path { get; }

    /// <summary>η∘Φ.</summary>
    public KeypointDetector Detector { get; }

    /// <summary>Ψ∘β; null where there is no <c>generator.onnx</c> beside the detector.</summary>
    public ImageGenerator? Generator { get; }

    /// <summary>The folder's name, or the file's where that says more.</summary>
    public string Name => System.IO.Path.GetFileName(Path) == DetectorName
        && System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(Path)) is { Length: > 0 } folder
            ? folder
            : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Loads a model.</summary>
    /// <param name="path">A <c>detector.onnx</c>, or the folder of one.</param>
    /// <param name="threads">How many threads it computes with; 0 for as many as there are processors.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no detector, or the generator beside it is none or of another skeleton.</exception>
    public static StudioModel Load(string path, int threads)
    {
        path = System.IO.Path.GetFullPath(Directory.Exists(path) ? System.IO.Path.Combine(path, DetectorName) : path);
        var detector = KeypointDetector.Load(path, new() { IntraOpThreads = threads });
        try
        {
            string beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, GeneratorName);
            ImageGenerator? generator = File.Exists(beside) ? ImageGenerator.Load(beside, new() { IntraOpThreads = threads }) : null;
            if (generator is not null && !generator.Skeleton.Keypoints.SequenceEqual(detector.Skeleton.Keypoints))
            {
                generator.Dispose();
                throw new InvalidDataException(
                    $"{PrintableText.Of(beside)} has other keypoints than {PrintableText.Of(path)}; "
                    + "take away the one that does not belong.");
            }
            return new StudioModel(path, detector, generator);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Finds the keypoints of subjects.</summary>
    /// <param name="image">The frame.</param>
    /// <param name="boxes">Each subject's track and box; null for one that fills the frame.</param>
    /// <returns>A pose for each box that has something of the frame in it.</returns>
    /// <exception cref="RefusedException">No box has.</exception>
    public IReadOnlyList<ShownPose> Detect(RgbImage image, IReadOnlyList<(string Track, Box Box)>? boxes)
    {
        if (boxes is null)
            return [ShownPose.Of("", null, Detector.Detect(image))];
        (string Track, Box Box)[] inside = [.. boxes.Where(box => box.Box.Overlaps(image.Width, image.Height))];
        if (inside is [] && boxes is [var first, ..])
            RequireOverlap(first.Box, image);
        return ShownPose.Apart([.. inside.Select(box => ShownPose.Of(box.Track, box.Box, Detector.Detect(image, box.Box)))]);
    }

    /// <summary>Refuses a box that has nothing of a frame in it: a pose in there would be invented.</summary>
    /// <exception cref="RefusedException">It has nothing.</exception>
    public static void RequireOverlap(Box box, RgbImage image)
    {
        if (!box.Overlaps(image.Width, image.Height))
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, FormattableString.Invariant(
                $"The box ({box.X}, {box.Y}, {box.Width}×{box.Height}) lies outside the {image.Width}×{image.Height} frame."));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Detector.Dispose();
        Generator?.Dispose();
    }
}

/// <summary>A skeleton as the page reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Keypoints">K names.</param>
/// <param name="Edges">Each with the keypoints at its ends; an end of several is their mean.</param>
/// <param name="Pairs">Left and right.</param>
internal sealed record ShownSkeleton(string Name, string[] Keypoints, int[][][] Edges, int[][] Pairs)
{
    /// <summary>A skeleton for the page.</summary>
    public static ShownSkeleton Of(Skeleton skeleton) => new(
        skeleton.Name,
        [.. skeleton.Keypoints],
        [.. skeleton.Edges.Select(edge => new[] { edge.From.ToArray(), edge.To.ToArray() })],
        [.. skeleton.SymmetricPairs.Select(pair => new[] { pair.Left, pair.Right })]);
}
