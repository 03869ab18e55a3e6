using System.Globalization;
using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Generation;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Detecting;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Playing;

/// <summary>Lets Ψ draw a subject in any pose: figures 9 and 10 of the paper, by hand.</summary>
internal sealed class Puppeteer
{
    private const int MostAppearances = 32;

    // As the authors' release draws: for files that do not say how their own β does.
    private static readonly GeneratorRenderer Release = new(SkeletonFallOff.Linear(0.04), DrawsPoints: false);

    private readonly Lock access = new();
    private readonly LinkedList<(string Id, StudioModel Model, RgbImage Picture)> appearances = new();
    private readonly SemaphoreSlim drawing = new(2, 2);
    private int next;

    /// <summary>Takes the appearance of a subject, and its pose to begin with.</summary>
    /// <param name="model">A detector with a generator beside it.</param>
    /// <param name="image">The frame.</param>
    /// <param name="box">Where the subject is; null for one that fills the frame.</param>
    /// <exception cref="RefusedException">There is no generator, or the box lies outside the frame.</exception>
    public Appearance Take(StudioModel model, RgbImage image, Box? box)
    {
        ImageGenerator generator = Require(model);
        Box subject = box ?? Box.WholeImage(image.Width, image.Height);
        StudioModel.RequireOverlap(subject, image);
        RgbImage crop = ImageCropper.Crop(image, subject, generator.Width, generator.Height);
        ShownPose pose = ShownPose.Of("", null, model.Detector.Detect(crop));
        string id;
        lock (access)
        {
            id = next++.ToString(CultureInfo.InvariantCulture);
            appearances.AddFirst((id, model, crop));
            if (appearances.Count > MostAppearances)
                appearances.RemoveLast();
        }
        bool hasRenderer = GeneratorRenderer.Find(generator.Contract.Metadata) is not null;
        return new Appearance(id, crop.Width, crop.Height, Png(crop), pose.Points, hasRenderer);
    }

    /// <summary>Draws the subject of an appearance in a pose.</summary>
    /// <param name="request">K points in pixels of the generator's image.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <exception cref="RefusedException">The appearance is not known any more, or the points do not fit.</exception>
    public async Task<Redrawn> DrawAsync(RedrawRequest request, CancellationToken cancellation)
    {
        await drawing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Draw(request), cancellation).ConfigureAwait(false);
        }
        finally
        {
            drawing.Release();
        }
    }

    private Redrawn Draw(RedrawRequest request)
    {
        (StudioModel model, RgbImage picture) = Find(request.Appearance);
        ImageGenerator generator = Require(model);
        if (request.Points is not { } given || given.Length != generator.KeypointCount || given.Any(point => point is not [_, _]))
        {
            throw new RefusedException(
                StatusCodes.Status400BadRequest, $"Expected {generator.KeypointCount} points, each as [x, y].");
        }
        Vector2[] points = [.. given.Select(point => new Vector2(point[0], point[1]))];
        return new Redrawn(Png(generator.Generate(points, picture)), Png(SkeletonOf(generator, points)));
    }

    private static RgbImage SkeletonOf(ImageGenerator generator, Vector2[] points)
    {
        GeneratorRenderer renderer = GeneratorRenderer.Find(generator.Contract.Metadata) ?? Release;
        float[] brightness = new float[generator.Width * generator.Height];
        SkeletonRaster.Render(
            generator.Skeleton, points, generator.Width, generator.Height, renderer.FallOff, brightness, renderer.DrawsPoints);
        var image = new RgbImage(generator.Width, generator.Height);
        for (int i = 0; i < brightness.Length; i++)
            image.Pixels.AsSpan(3 * i, 3).Fill((byte)(255 * brightness[i]));
        return image;
    }

    private (StudioModel Model, RgbImage Picture) Find(string? id)
    {
        lock (access)
        {
            foreach ((string known, StudioModel model, RgbImage picture) in appearances)
            {
                if (known == id)
                    return (model, picture);
            }
        }
        throw new RefusedException(StatusCodes.Status404NotFound, "This appearance is not kept any more; choose the image again.");
    }

    private static ImageGenerator Require(StudioModel model) => model.Generator ?? throw new RefusedException(
        StatusCodes.Status409Conflict,
        $"There is no generator.onnx beside the detector of '{model.Name}'. Export one: keypointml export --run RUN --out FOLDER");

    private static string Png(RgbImage image) => "data:image/png;base64," + Convert.ToBase64String(ImageWriter.EncodePng(image));
}

/// <summary>A subject's appearance for the page.</summary>
/// <param name="Id">By what the page asks to draw it.</param>
/// <param name="Width">Of the generator's images.</param>
/// <param name="Height">Of the generator's images.</param>
/// <param name="Picture">What is taken for the appearance, as a data address.</param>
/// <param name="Points">The pose in it: x, y and confidence.</param>
/// <param name="HasRenderer">Whether the generator's file says how its β draws.</param>
internal sealed record Appearance(string Id, int Width, int Height, string Picture, float[]?[] Points, bool HasRenderer);

/// <summary>What is to be drawn.</summary>
/// <param name="Appearance">Whose appearance.</param>
/// <param name="Points">K times x, y.</param>
internal sealed record RedrawRequest(string? Appearance, float[][]? Points);

/// <summary>What was drawn.</summary>
/// <param name="Picture">Ψ's picture, as a data address.</param>
/// <param name="Skeleton">The skeleton's picture.</param>
internal sealed record Redrawn(string Picture, string Skeleton);
