using System.Collections.Frozen;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>TorchSharp's own modules that have no converter on purpose.</summary>
internal static class ModulesWithoutCounterpart
{
    private const string Loss = "it is a loss, which training needs and a deployed network does not. Export the network without it.";
    private const string Random =
        "it draws its windows at random, in evaluation mode too, which a graph cannot repeat. "
        + "Use MaxPool2d, MaxPool3d or an adaptive pooling.";

    private const string Broken =
        "TorchSharp 0.107 cannot run it: it forgets its size and calls the pooling of one dimension. Use AdaptiveAvgPool3d or MaxPool3d.";

    /// <summary>Why each has none.</summary>
    public static FrozenDictionary<Type, string> Reasons { get; } = Losses()
        .Select(type => KeyValuePair.Create(type, Loss))
        .Append(KeyValuePair.Create(typeof(FractionalMaxPool2d), Random))
        .Append(KeyValuePair.Create(typeof(FractionalMaxPool3d), Random))
        .Append(KeyValuePair.Create(typeof(AdaptiveMaxPool3d), Broken))
        .ToFrozenDictionary();

    private static Type[] Losses() =>
    [
        typeof(BCELoss),
        typeof(BCEWithLogitsLoss),
        typeof(CosineEmbeddingLoss),
        typeof(CrossEntropyLoss),
        typeof(CTCLoss),
        typeof(GaussianNLLLoss),
        typeof(HingeEmbeddingLoss),
        typeof(HuberLoss),
        typeof(KLDivLoss),
        typeof(L1Loss),
        typeof(MarginRankingLoss),
        typeof(MSELoss),
        typeof(MultiLabelMarginLoss),
        typeof(MultiLabelSoftMarginLoss),
        typeof(MultiMarginLoss),
        typeof(NLLLoss),
        typeof(PoissonNLLLoss),
        typeof(SmoothL1Loss),
        typeof(SoftMarginLoss),
        typeof(TripletMarginLoss),
        typeof(TripletMarginWithDistanceLoss),
    ];
}
