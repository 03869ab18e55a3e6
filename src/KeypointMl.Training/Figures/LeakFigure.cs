using KeypointMl.Training.Methods;
using KeypointMl.Training.Reports;
using static TorchSharp.torch;

namespace KeypointMl.Training.Figures;

/// <summary>
/// Figure 4: whether Φ hides the appearance in the skeleton image. x̂ = Ψ(Φ(x)) is made without the bottleneck and,
/// where Ψ was trained with the condition, from a grey x′, so that what it shows of the appearance came through Φ(x).
/// log Φ(x) makes a faint pattern visible.
/// </summary>
internal static class LeakFigure
{
    private const double Floor = 1e-4;

    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        TrainingNetworks networks = source.Networks(condition: false);
        Tensor x = source.Read(source.Training, FigureSource.Draw(source.Training, options.Examples, options.Seed));

        Tensor y = networks.Phi.call(x);
        Tensor reconstruction = networks.Psi.call(y, zeros_like(x));
        return Figure.OfColumns(
            source,
            ("input x", source.Tiles.Of(x)),
            ("Φ(x)", source.Tiles.Of(y)),
            (source.Recipe.Ablation.Condition ? "Ψ(Φ(x), grey)" : "Ψ(Φ(x))", source.Tiles.Of(reconstruction)),
            ("log Φ(x)", source.Tiles.Of(Logarithm(y))));
    }

    /// <summary>
    /// log of the skeleton image's value in [0,1], of its magnitude where it is negative, stretched over [−1,1] for
    /// each image.
    /// </summary>
    internal static Tensor Logarithm(Tensor y)
    {
        Tensor log = ((y + 1) / 2).abs().clamp_min(Floor).log();
        Tensor low = log.amin([1L, 2L, 3L], keepdim: true);
        Tensor high = log.amax([1L, 2L, 3L], keepdim: true);
        return 2 * (log - low) / (high - low).clamp_min(Floor) - 1;
    }
}
