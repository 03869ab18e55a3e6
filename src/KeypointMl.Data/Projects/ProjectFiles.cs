using System.Globalization;
using System.Text;
using KeypointMl.Data.Manifests;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Projects;

/// <summary>The texts of a project.</summary>
internal sealed class ProjectFiles(
    ProjectOptions options, ProjectMedia media, Skeleton skeleton, WrittenLabels? labelled, int step)
{
    /// <summary>The data manifest.</summary>
    /// <param name="priorWidth">Width of the crop that the prior's coordinates are pixels of.</param>
    /// <param name="priorHeight">Its height.</param>
    internal string Manifest(int priorWidth, int priorHeight)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Written by keypointml new; yours to edit.
            name: {Quote(options.Name)}
            description: {Quote(Description())}
            terms: own
            obtain: filmed; made by keypointml new
            root: . # paths start from this file's folder
            files:

            """);
        foreach (string path in Files())
            text.Append(CultureInfo.InvariantCulture, $"  - {{ path: {Quote(path)} }}\n");
        text.Append('\n').Append(media.Images.Count > 0 ? ImageReader() : VideoReader());
        text.Append(CultureInfo.InvariantCulture, $"""

            prior: {"{"} poses: prior.csv, width: {priorWidth}, height: {priorHeight} {"}"}
            skeleton: {Quote(skeleton.Name)} # skeletons/{skeleton.Name}.yaml
            metrics:
              description: {(labelled is null ? "none, there are no labels" : "own labels, mean distance in percent of the frame's side")}

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The pipeline that scores the project's inputs.</summary>
    internal string ScorePipeline()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# keypointml score {options.Folder}/score.yaml\n");
        text.Append(CultureInfo.InvariantCulture, $"model: {InFolder("model/detector.onnx")}\n");
        text.Append(CultureInfo.InvariantCulture, $"inputs: [{string.Join(", ", options.Inputs.Select(Quote))}]\n");
        if (media.HasBoxes)
            text.Append(CultureInfo.InvariantCulture, $"boxes: {InFolder("boxes.csv")}\n");
        if (media.Images.Count == 0)
            text.Append(CultureInfo.InvariantCulture, $"overlay_videos: {InFolder("videos")}\n");
        text.Append(CultureInfo.InvariantCulture, $"outputs: [{InFolder("poses.parquet")}, {InFolder("poses.csv")}]\n");
        return text.ToString();

        string InFolder(string name) => Quote($"{options.Folder}/{name}");
    }

    /// <summary>What was made, and what to do next.</summary>
    internal static string Readme(ProjectOptions options, IReadOnlyList<string> notes)
    {
        string folder = options.Folder;
        string Command(params string[] words) => "keypointml " + ShellWords.Join(words);
        return $"""
            # {options.Name}

            Made by `keypointml new`. Run the commands from the folder in which it was made: paths are as they were written there.

            1. Look: do crops and prior poses fit together? The upper rows are crops, the lower ones prior poses.

               ```
               {Command("data", "preview", $"{folder}/manifest.yaml", "--out", $"{folder}/preview.png")}
               ```

            2. Train. `{(options.Supervised
                ? "--set training.steps=20"
                : "--set training.steps=20 --set regressor_pretraining.steps=40")}` shows in minutes that all fits together.

               ```
               {Command("train", $"{folder}/recipe.yaml", "--out", $"{folder}/run")}
               ```

            3. Export the detector, and score the videos or images with it.

               ```
               {Command("export", "--run", $"{folder}/run", "--what", "detector", "--out", $"{folder}/model")}
               {Command("score", $"{folder}/score.yaml")}
               ```

            `{Command("data", "check", $"{folder}/manifest.yaml")}` says when prior and images disagree.

            | file | what it is |
            | --- | --- |
            | `manifest.yaml` | which frames, prior and labels there are |
            | `skeletons/` | keypoints, edges, left/right pairs: correct what was guessed |
            | `boxes.csv`, `doubtful.png` | where the subjects are in the videos, and the frames in which that is most likely wrong |
            | `prior.csv` | the prior's poses, in pixels of a crop |
            | `labels.csv` | the labels that errors are measured with, where some were given |
            | `labels-train.csv` | the labels that are trained on, with `--supervised` |
            | `recipe.yaml` | what is trained, fitted to what was measured |
            | `score.yaml` | what is scored |

            ## What was found and guessed

            {string.Join("\n", notes.Select(line => $"- {line.ReplaceLineEndings("\n  ")}"))}

            """.ReplaceLineEndings("\n");
    }

    private string Description() => media.Images.Count > 0
        ? $"{media.Images.Count} images of {options.MediaFolder}"
        : $"{media.Videos.Count} {(media.Videos.Count == 1 ? "video" : "videos")} of {options.MediaFolder}, "
            + (media.WholeFrames ? "frames as a whole"
                : options.Boxes is null ? "subjects cut out by the boxes that were found" : "subjects cut out by boxes");

    // Relative to the project where the user wrote a relative path, so that both can be moved together.
    private string FromProject(string path) => Path.IsPathRooted(path)
        ? path.Replace('\\', '/')
        : Path.GetRelativePath(Path.GetFullPath(options.Folder), Path.GetFullPath(path)).Replace('\\', '/');

    private IEnumerable<string> Files()
    {
        foreach (string video in media.Videos)
            yield return FromProject(Path.Combine(options.MediaFolder, video));
        if (media.HasBoxes)
            yield return "boxes.csv";
        yield return "prior.csv";
        if (labelled is not null)
            yield return "labels.csv";
        if (options.Supervised)
            yield return "labels-train.csv";
    }

    private string VideoReader()
    {
        string which = media.HasSources
            ? $"videos: {Quote(FromProject(options.MediaFolder))} # the folder that the boxes' column source starts from"
            : $"video: {Quote(FromProject(Path.Combine(options.MediaFolder, media.Videos[0])))}";
        string videos = media.HasSources ? $"videos: [{string.Join(", ", media.Videos.Select(Quote))}], " : "";
        string train = options.Supervised
            ? $"train: {{ {videos}labels: labels-train.csv }}"
            : $"train: {{ {videos}step: {step} }} # every so many frames; of each video those of frames: [first, last], if given";
        string test = labelled is { First: long first, Last: long last }
            ? $"\n  test: {{ frames: [{first}, {last}], labels: labels.csv }}"
            : "";
        return $"""
            reader:
              kind: video-boxes
              {which}
              boxes: boxes.csv
            splits:
              {train}{test}

            """;
    }

    private string ImageReader()
    {
        string folder = Quote(FromProject(options.MediaFolder));
        string test = labelled is null ? "" : $"\n  test: {{ folder: {folder}, labels: labels.csv }}";
        string train = options.Supervised ? ", labels: labels-train.csv" : "";
        string kind = media.HasBoxes ? "image-boxes\n  boxes: boxes.csv" : "image-folder";
        return $"""
            reader:
              kind: {kind}
              clips: {(media.FoldersAreClips ? "true" : "false")} # whether the images of a folder are frames of one video
            splits:
              train: {"{"} folder: {folder}{train} {"}"}{test}

            """;
    }

    private static string Quote(string text) => SkeletonYaml.Quote(text);
}
