using KeypointMl.Data.Formats.Coco;
using KeypointMl.Data.Manifests;
using KeypointMl.Evaluation;
using KeypointMl.Training.MlNet.Loading;
using Microsoft.ML;

namespace KeypointMl.Training.MlNet;

/// <summary>
/// Loaders that stream: rows are read when they are asked for, as often as they are, and an image is decoded only if
/// its value is.
/// </summary>
public static class KeypointLoadingExtensions
{
    extension(KeypointCatalog catalog)
    {
        /// <summary>
        /// The frames of a data set's split, cropped and resized as for training: columns <c>Image</c>, <c>Video</c>
        /// (which clip), <c>Frame</c> (the frame's place in the clip, counted from 0), <c>Source</c>,
        /// <c>SourceFrame</c> and <c>Item</c> (the file, the frame's number in it, and the track), <c>Group</c> (an
        /// activity; empty for none) and, with labels, <c>Label</c> (K×2 floats in pixels of the image; NaN where not
        /// labelled). Clip by clip; crops of a video in order of time.
        /// </summary>
        /// <param name="manifestPath">The data set's manifest.</param>
        /// <param name="split">The split, such as <c>train</c> or <c>test</c>.</param>
        /// <param name="dataRoot">
        /// The folder that the manifest's paths start from; null for the environment variable <c>KEYPOINTML_DATA</c>.
        /// </param>
        /// <param name="options">Size, labels.</param>
        /// <exception cref="FileNotFoundException">There is no such manifest, or a file that it names is missing.</exception>
        /// <exception cref="DirectoryNotFoundException">The data root is needed, and not given or not there.</exception>
        /// <exception cref="InvalidDataException">
        /// The manifest, a list, boxes or labels cannot be read; the message names file and line.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// There is no such split, or it has no labels and they were asked for; the message lists those that there are.
        /// </exception>
        public IDataView LoadFromManifest(
            string manifestPath, string split, string? dataRoot = null, ManifestLoadingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return FrameSetDataView.Open(manifestPath, split, dataRoot, options ?? new());
        }

        /// <summary>
        /// The unpaired prior poses of a data set: the column <c>Pose</c>, K×2 floats in pixels of an image of the
        /// options' size.
        /// </summary>
        /// <param name="manifestPath">The data set's manifest.</param>
        /// <param name="dataRoot">
        /// The folder that the manifest's paths start from; null for the environment variable <c>KEYPOINTML_DATA</c>.
        /// </param>
        /// <param name="options">Size; the same as for the frames that the poses are unpaired with.</param>
        /// <exception cref="FileNotFoundException">There is no such manifest, or a file that it names is missing.</exception>
        /// <exception cref="DirectoryNotFoundException">The data root is needed, and not given or not there.</exception>
        /// <exception cref="InvalidDataException">The manifest or the prior cannot be read; the message names file and line.</exception>
        public IDataView LoadPriorFromManifest(string manifestPath, string? dataRoot = null, ManifestLoadingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            options ??= new();
            return new PriorDataView(
                DataManifest.Load(manifestPath).Open(options.For(dataRoot)).OpenPrior(), options.Width, options.Height);
        }

        /// <summary>
        /// The annotations of a COCO keypoints file, of one category or of all that have the same keypoints: columns
        /// <c>Image</c> (the whole image), <c>Path</c>, <c>ImageId</c>, <c>AnnotationId</c>, <c>Box</c> (x, y, width,
        /// height in pixels), <c>Label</c> (K×2 floats in pixels of the image; NaN where not labelled) and
        /// <c>Visibility</c> (K floats: 0, 1 or 2). In the file's order; without those that have neither a box nor a
        /// labelled keypoint.
        /// </summary>
        /// <param name="jsonPath">The annotations.</param>
        /// <param name="imageFolder">The folder that the images' file names start from.</param>
        /// <param name="options">The category.</param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="InvalidDataException">
        /// It is not COCO keypoints JSON; the message names the line, or the part, what was expected and what was
        /// found.
        /// </exception>
        public IDataView LoadFromCoco(string jsonPath, string imageFolder, CocoLoadingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentException.ThrowIfNullOrEmpty(imageFolder);
            options ??= new();
            CocoKeypoints coco = CocoKeypoints.Read(jsonPath, options.Category);
            bool IsSubject(CocoAnnotation annotation) => annotation.Box is not null || annotation.Visibility.Any(value => value > 0);
            coco = coco with { Annotations = [.. coco.Annotations.Where(IsSubject)] };
            if (coco.Annotations.FirstOrDefault(annotation => annotation.Box is null) is { } boxless)
            {
                throw new InvalidDataException(
                    $"{boxless.Where}: has keypoints and no 'bbox' with an area; expected [x, y, width, height] of the subject.");
            }
            return new CocoDataView(coco, imageFolder, options);
        }
    }
}
