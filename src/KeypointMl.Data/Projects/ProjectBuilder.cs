using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Quality;
using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Data.Projects;

/// <summary>
/// Makes a project for own data: boxes, prior, labels, skeleton, manifest, what to score, and what to do next. The recipe is made
/// of what it measured.
/// </summary>
internal sealed class ProjectBuilder
{
    /// <summary>How many crops of one track are enough; more frames are taken a few apart.</summary>
    private const int ManyCrops = 20_000;
    // Axes that spread by more than some 27° are those of subjects that turn, of which a short video shows a part.
    private const float Standing = 0.65f;

    private readonly ProjectOptions options;
    private readonly Action<string> note;
    private readonly Func<bool?> askHeading;
    private bool isSearched;

    /// <param name="options">What it is made of.</param>
    /// <param name="note">Is told what was found and guessed, line by line.</param>
    /// <param name="askHeading">Asks the user whether subjects head anywhere, where it could not be measured; null: nobody to ask.</param>
    internal ProjectBuilder(ProjectOptions options, Action<string> note, Func<bool?> askHeading)
    {
        this.options = options;
        this.note = note;
        this.askHeading = askHeading;
    }

    private string this[string name] => Path.Combine(options.Folder, name);

    /// <summary>Makes the project.</summary>
    /// <exception cref="IOException">The folder has files already, or cannot be written; ffmpeg is not installed.</exception>
    /// <exception cref="InvalidDataException">Videos, images or poses cannot be used; the message says why.</exception>
    internal ProjectMeasures Build(CancellationToken cancellation)
    {
        RequireRoom();
        var folder = new ProjectFolder(options.Folder);
        try
        {
            return Make(folder, cancellation);
        }
        catch
        {
            folder.Undo(isSearched ? ["boxes.csv", "doubtful.png"] : []);
            if (isSearched)
                note($"what was found in the videos is kept: {this["boxes.csv"]}. Give it to another folder's project with --boxes");
            throw;
        }
    }

    private ProjectMeasures Make(ProjectFolder folder, CancellationToken cancellation)
    {
        // All that can be wrong is read before the videos are looked through.
        var poses = ProjectPoses.Read(options, note);
        RequireFileName(poses.Skeleton.Name);
        PoseTable? labels = options.Labels is null ? null : ProjectLabels.Read(options, poses.Skeleton);
        folder.Create();
        Directory.CreateDirectory(this["skeletons"]);
        GuardInputs();
        bool isVideo = options.Videos.Count > 0;
        ProjectMedia media = isVideo
            ? ProjectMedia.OfVideos(options, this["boxes.csv"], this["doubtful.png"], note, cancellation)
            : ProjectMedia.OfImages(options, this["boxes.csv"], note);
        isSearched = isVideo && options.Boxes is null && !media.WholeFrames;
        IReadOnlyList<TrackedBox> boxes = media.HasBoxes ? BoxesCsvReader.Read(this["boxes.csv"]) : [];
        WrittenLabels? labelled = labels is null
            ? null
            : new ProjectLabels(options, media, poses.Skeleton, note).Write(
                labels, boxes, this["labels.csv"], options.Supervised ? this["labels-train.csv"] : null);
        int step = isVideo && !options.Supervised ? Math.Max(1, (boxes.Count + ManyCrops - 1) / ManyCrops) : 1;
        if (step > 1)
            note($"there are {boxes.Count} crops: every {step}th frame is trained on (step in the manifest)");
        AtomicFile.WriteAllText(this[$"skeletons/{poses.Skeleton.Name}.yaml"], SkeletonYaml.Write(poses.Skeleton));

        // The images are measured through the manifest, as training will see them; then the prior is fitted to them.
        var files = new ProjectFiles(options, media, poses.Skeleton, labelled, step);
        AtomicFile.WriteAllText(this["manifest.yaml"], files.Manifest(128, 128));
        Subjects subjects = Measure(this["manifest.yaml"], cancellation);
        PosePrior prior = poses.Place(options, subjects.Shapes.Extent, note);
        PriorCsv.Write(prior, this["prior.csv"]);
        AtomicFile.WriteAllText(this["manifest.yaml"], files.Manifest(prior.Width, prior.Height));
        AtomicFile.WriteAllText(this["score.yaml"], files.ScorePipeline());
        return Describe(media, subjects, new PoseShapes(prior), step, labelled);
    }

    /// <summary>Writes what to do next.</summary>
    internal void WriteReadme(IReadOnlyList<string> notes) =>
        AtomicFile.WriteAllText(this["README.md"], ProjectFiles.Readme(options, notes));

    private static void RequireFileName(string skeleton)
    {
        if (skeleton.IndexOfAny(['/', '\\', .. Path.GetInvalidFileNameChars()]) >= 0 || skeleton is "." or "..")
        {
            throw new InvalidDataException(
                $"The skeleton is called '{PrintableText.Of(skeleton)}', which cannot be the name of a file. Give it another by --name, or "
                + "in the file that --skeleton names.");
        }
    }

    private void RequireRoom()
    {
        if (!options.Force && Directory.Exists(options.Folder) && Directory.EnumerateFileSystemEntries(options.Folder).Any())
        {
            throw new IOException(
                $"{options.Folder} is not empty. Give another folder, or --force to replace the files of an earlier project in it.");
        }
    }

    private void GuardInputs()
    {
        string[] outputs =
        [
            "boxes.csv", "doubtful.png", "prior.csv", "labels.csv", "labels-train.csv", "manifest.yaml", "score.yaml", "recipe.yaml", "README.md",
        ];
        var guard = new OutputGuard(outputs.Select(name => this[name]));
        foreach (string? input in options.Videos.Select(video => video.Path).Append(options.Prior).Append(options.Template)
            .Append(options.Labels).Append(options.Boxes))
            guard.Require(input);
    }

    private static Subjects Measure(string manifest, CancellationToken cancellation)
    {
        const int Side = 64;
        IDataset dataset = DataManifest.Load(manifest).Open(new DatasetOptions
        {
            Width = Side,
            Height = Side,
            Streaming = true,
            MemoryBytes = 0,
            Cancellation = cancellation,
        });
        using IFrameSet frames = dataset.OpenTrainingFrames();
        return new Subjects(SubjectShapes.Of(frames), frames.Count, frames.Clips.Max(clip => clip.Length));
    }

    private ProjectMeasures Describe(ProjectMedia media, Subjects subjects, PoseShapes poses, int step, WrittenLabels? labelled)
    {
        SubjectShapes shapes = subjects.Shapes;
        if (shapes.Extent is null)
            note($"sizes and headings in the images could not be measured: {shapes.Unclear}");
        bool anyHeading = options.AnyHeading ?? FindHeading(shapes, AxisSpread.Of(poses.Shapes));
        float images = SubjectShapes.Variation(shapes.Extents);
        float prior = SubjectShapes.Variation([.. poses.Shapes.Select(shape => shape.Extent)]);
        return new ProjectMeasures
        {
            Frames = subjects.Frames,
            LongestClip = subjects.LongestClip,
            FramesPerSecond = media.Images.Count > 0 ? (media.FoldersAreClips ? 25 : null) : media.FramesPerSecond / step,
            Keypoints = poses.Prior.Skeleton.Count,
            WholeFrames = media.WholeFrames,
            AnyHeading = anyHeading,
            AxisDegrees = anyHeading ? 0 : More(shapes.Axes?.Degrees ?? 0, AxisSpread.Of(poses.Shapes)?.Degrees ?? 90),
            SizeVariation = shapes.Extent is null ? 0 : More(images, prior),
            PlaceVariation = shapes.Extent is null ? 0 : shapes.PlaceVariation,
            HasLabels = labelled is not null,
            TrainingLabels = labelled?.Trained ?? 0,
        };
    }

    // A uniform distribution of ± a has the standard deviation a/√3.
    private static double More(float images, float prior) => Math.Sqrt(3) * Math.Sqrt(Math.Max(0, images * images - prior * prior));

    private bool FindHeading(SubjectShapes images, AxisSpread? prior)
    {
        if (images.Axes is AxisSpread seen)
        {
            bool any = seen.Concentration < Standing;
            note(any
                ? "the subjects head anywhere: the recipe turns prior and images by any angle (else --heading upright)"
                : FormattableString.Invariant($"the subjects' main axes lie within ±{seen.Degrees:0}° of one: ")
                    + "the recipe turns prior and images by little (else --heading any)");
            return any;
        }
        if (prior is { Concentration: < Standing })
        {
            note("the prior's poses head anywhere: the recipe turns prior and images by any angle (else --heading upright)");
            return true;
        }
        if (askHeading() is bool answer)
            return answer;
        note("the images do not show whether subjects head anywhere: they are taken for upright, as the prior's poses have one heading "
            + "(else --heading any)");
        return false;
    }

    private sealed record Subjects(SubjectShapes Shapes, int Frames, int LongestClip);
}
