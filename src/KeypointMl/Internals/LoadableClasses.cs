using System.Runtime.CompilerServices;
using KeypointMl;
using Microsoft.ML;

// By these, mlContext.Model.Load finds our transformers (build/MlNetLoadableClass.targets).
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(KeypointDetectingTransformer), null, typeof(SignatureLoadModel), KeypointDetectingTransformer.LoaderSignature, KeypointDetectingTransformer.LoaderSignature)]
