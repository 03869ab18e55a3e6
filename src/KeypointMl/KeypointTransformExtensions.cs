using KeypointMl.Drawing;
using KeypointMl.Generation;
using KeypointMl.Inference.Contracts;
using KeypointMl.Normalization;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rendering;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl;

/// <summary>What can be done with keypoints in a pipeline: drawing, rendering, normalising, and making images from them.</summary>
public static class KeypointTransformExtensions
{
    extension(TransformsCatalog catalog)
    {
        /// <summary>Draws keypoints and their skeleton on copies of the images. See <see cref="KeypointDrawingEstimator"/>.</summary>
        /// <param name="outputColumnName">The new column of <see cref="Microsoft.ML.Data.MLImage"/>s, of the input images' sizes.</param>
        /// <param name="imageColumnName">
        /// The images: a column of <see cref="Microsoft.ML.Data.MLImage"/>, of file paths (text), or of encoded images
        /// (vectors of bytes).
        /// </param>
        /// <param name="keypointsColumnName">The keypoints in pixels of those images, as <c>DetectKeypoints</c> makes them.</param>
        /// <param name="options">Colours, sizes, threshold.</param>
        /// <exception cref="ArgumentException">A column name is empty, or a size is out of range.</exception>
        public KeypointDrawingEstimator DrawKeypoints(
            string outputColumnName,
            string imageColumnName,
            string keypointsColumnName = "Keypoints",
            KeypointDrawingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new KeypointDrawingEstimator(
                new KeypointDrawingSettings(outputColumnName, imageColumnName, keypointsColumnName, options ?? new()));
        }

        /// <summary>
        /// Draws the skeleton picture of keypoints: clean lines, or the paper's β (equation 2). See
        /// <see cref="SkeletonRenderingEstimator"/>.
        /// </summary>
        /// <param name="outputColumnName">The new column of <see cref="Microsoft.ML.Data.MLImage"/>s.</param>
        /// <param name="keypointsColumnName">The keypoints in pixels.</param>
        /// <param name="options">Size, view, colours, fall-off.</param>
        /// <exception cref="ArgumentException">
        /// A column name is empty, a value is out of range, or options contradict each other.
        /// </exception>
        public SkeletonRenderingEstimator RenderSkeleton(
            string outputColumnName,
            string keypointsColumnName = "Keypoints",
            SkeletonRenderingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new SkeletonRenderingEstimator(new SkeletonRenderingSettings(outputColumnName, keypointsColumnName, options ?? new()));
        }

        /// <summary>Takes place, size and, on request, heading out of poses. See <see cref="PoseNormalizingEstimator"/>.</summary>
        /// <param name="outputColumnName">The new column: as many floats as the keypoints have, with their slot names.</param>
        /// <param name="keypointsColumnName">The keypoints.</param>
        /// <param name="normalization">What becomes (0,0), 1 and up; null for <see cref="PoseNormalization.Default"/>.</param>
        /// <param name="skeleton">
        /// Names the keypoints; null to take the skeleton that <c>DetectKeypoints</c> attached to the column.
        /// </param>
        /// <exception cref="ArgumentException">A column name is empty.</exception>
        public PoseNormalizingEstimator NormalizePose(
            string outputColumnName,
            string keypointsColumnName = "Keypoints",
            PoseNormalization? normalization = null,
            Skeleton? skeleton = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new PoseNormalizingEstimator(
                new PoseNormalizingSettings(outputColumnName, keypointsColumnName, normalization ?? PoseNormalization.Default, skeleton));
        }

        /// <summary>
        /// Makes the image of a subject in a given pose with an exported generator. See
        /// <see cref="ImageGeneratingEstimator"/>.
        /// </summary>
        /// <param name="outputColumnName">The new column of <see cref="Microsoft.ML.Data.MLImage"/>s of the generator's size.</param>
        /// <param name="keypointsColumnName">The pose, in pixels of the appearance image or as the options say.</param>
        /// <param name="appearanceColumnName">
        /// What the subject looks like: a column of <see cref="Microsoft.ML.Data.MLImage"/>, of file paths, or of
        /// encoded images.
        /// </param>
        /// <param name="modelPath">A <c>generator.onnx</c>.</param>
        /// <param name="options">Device, threads, what the coordinates refer to.</param>
        /// <exception cref="FileNotFoundException">There is no such model file.</exception>
        /// <exception cref="InvalidDataException">
        /// The model file is corrupt, is not a generator, or breaks the contract; the message says which part.
        /// </exception>
        /// <exception cref="ArgumentException">A column name is empty, or a width is given without a height.</exception>
        public ImageGeneratingEstimator GenerateImage(
            string outputColumnName,
            string keypointsColumnName,
            string appearanceColumnName,
            string modelPath,
            ImageGenerationOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new ImageGeneratingEstimator(
                new ImageGenerationSettings(outputColumnName, keypointsColumnName, appearanceColumnName, options ?? new())
                {
                    Context = ContextDevice.Of(catalog),
                    Model = ModelFile.ReadAllBytes(modelPath),
                    ModelName = modelPath,
                });
        }

        /// <summary>As the other overload, with the generator's bytes instead of its path.</summary>
        /// <param name="outputColumnName">The new column.</param>
        /// <param name="keypointsColumnName">The pose.</param>
        /// <param name="appearanceColumnName">What the subject looks like.</param>
        /// <param name="model">The bytes of a <c>generator.onnx</c>.</param>
        /// <param name="options">Device, threads, what the coordinates refer to.</param>
        /// <exception cref="InvalidDataException">
        /// The bytes are corrupt, are not a generator, or break the contract; the message says which part.
        /// </exception>
        /// <exception cref="ArgumentException">A column name is empty, or a width is given without a height.</exception>
        public ImageGeneratingEstimator GenerateImage(
            string outputColumnName,
            string keypointsColumnName,
            string appearanceColumnName,
            byte[] model,
            ImageGenerationOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(model);
            return new ImageGeneratingEstimator(
                new ImageGenerationSettings(outputColumnName, keypointsColumnName, appearanceColumnName, options ?? new())
                {
                    Context = ContextDevice.Of(catalog),
                    Model = model,
                });
        }

        /// <summary>
        /// Makes the image of one image's subject in the pose of another's. See
        /// <see cref="AppearanceTransferringEstimator"/>.
        /// </summary>
        /// <param name="outputColumnName">The new column of <see cref="Microsoft.ML.Data.MLImage"/>s of the generator's size.</param>
        /// <param name="poseColumnName">
        /// Whose pose: a column of <see cref="Microsoft.ML.Data.MLImage"/>, of file paths, or of encoded images.
        /// </param>
        /// <param name="appearanceColumnName">Whose looks, likewise.</param>
        /// <param name="detectorPath">A <c>detector.onnx</c>.</param>
        /// <param name="generatorPath">The <c>generator.onnx</c> that was trained with it.</param>
        /// <param name="options">Device and threads.</param>
        /// <exception cref="FileNotFoundException">There is no such model file.</exception>
        /// <exception cref="InvalidDataException">
        /// A model file is corrupt, is of the other kind, or breaks the contract; the message says which part.
        /// </exception>
        /// <exception cref="ArgumentException">A column name is empty, or the two models have different keypoints.</exception>
        public AppearanceTransferringEstimator TransferAppearance(
            string outputColumnName,
            string poseColumnName,
            string appearanceColumnName,
            string detectorPath,
            string generatorPath,
            AppearanceTransferOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new AppearanceTransferringEstimator(
                new AppearanceTransferSettings(outputColumnName, poseColumnName, appearanceColumnName, options ?? new())
                {
                    Context = ContextDevice.Of(catalog),
                    Detector = ModelFile.ReadAllBytes(detectorPath),
                    Generator = ModelFile.ReadAllBytes(generatorPath),
                    Names = (detectorPath, generatorPath),
                });
        }

        /// <summary>As the other overload, with the models' bytes instead of their paths.</summary>
        /// <param name="outputColumnName">The new column.</param>
        /// <param name="poseColumnName">Whose pose.</param>
        /// <param name="appearanceColumnName">Whose looks.</param>
        /// <param name="detector">The bytes of a <c>detector.onnx</c>.</param>
        /// <param name="generator">The bytes of a <c>generator.onnx</c>.</param>
        /// <param name="options">Device and threads.</param>
        /// <exception cref="InvalidDataException">
        /// The bytes of a model are corrupt, are of the other kind, or break the contract; the message says which part.
        /// </exception>
        /// <exception cref="ArgumentException">A column name is empty, or the two models have different keypoints.</exception>
        public AppearanceTransferringEstimator TransferAppearance(
            string outputColumnName,
            string poseColumnName,
            string appearanceColumnName,
            byte[] detector,
            byte[] generator,
            AppearanceTransferOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(detector);
            ArgumentNullException.ThrowIfNull(generator);
            return new AppearanceTransferringEstimator(
                new AppearanceTransferSettings(outputColumnName, poseColumnName, appearanceColumnName, options ?? new())
                {
                    Context = ContextDevice.Of(catalog),
                    Detector = detector,
                    Generator = generator,
                });
        }
    }
}
