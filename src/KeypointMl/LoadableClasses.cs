using System.Runtime.CompilerServices;
using KeypointMl.Detection;
using KeypointMl.Drawing;
using KeypointMl.Generation;
using KeypointMl.Normalization;
using KeypointMl.Rendering;
using Microsoft.ML;

// By these, mlContext.Model.Load finds our transformers (build/MlNetLoadableClass.targets).
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(KeypointDetectingTransformer), null, typeof(SignatureLoadModel),
    KeypointDetectingTransformer.LoaderSignature, KeypointDetectingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(KeypointDrawingTransformer), null, typeof(SignatureLoadModel),
    KeypointDrawingTransformer.LoaderSignature, KeypointDrawingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(SkeletonRenderingTransformer), null, typeof(SignatureLoadModel),
    SkeletonRenderingTransformer.LoaderSignature, SkeletonRenderingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(PoseNormalizingTransformer), null, typeof(SignatureLoadModel),
    PoseNormalizingTransformer.LoaderSignature, PoseNormalizingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(ImageGeneratingTransformer), null, typeof(SignatureLoadModel),
    ImageGeneratingTransformer.LoaderSignature, ImageGeneratingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(AppearanceTransferringTransformer), null, typeof(SignatureLoadModel),
    AppearanceTransferringTransformer.LoaderSignature, AppearanceTransferringTransformer.LoaderSignature)]
