using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>How a tensor is resampled, in the terms of <c>torch.nn.functional.interpolate</c>.</summary>
/// <param name="Size">The spatial sizes wanted, or null.</param>
/// <param name="Scale">The factors by which the spatial sizes grow, or null.</param>
/// <param name="Mode">Nearest, nearest-exact, area, linear (of any rank) or bicubic.</param>
/// <param name="AlignCorners">Whether the centres of the corner elements stay where they are.</param>
/// <param name="RecomputeScale">Whether the factors are computed again from the sizes that they gave.</param>
internal sealed record Resampling(long[]? Size, double[]? Scale, InterpolationMode Mode, bool AlignCorners, bool RecomputeScale);
