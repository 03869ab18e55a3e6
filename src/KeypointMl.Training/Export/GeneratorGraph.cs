using KeypointMl.Training.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Export;

/// <summary>Ψ(β(p), x′) with its contract: keypoints [N,K,2] in pixels and appearance uint8 [N,H,W,3] → image uint8 [N,H,W,3].</summary>
internal sealed class GeneratorGraph : Module<Tensor, Tensor, Tensor>
{
    private readonly CoordinateScale coordinates;
    private readonly SkeletonRenderer beta;
    private readonly ImageInputNodes input = new();
    private readonly Module<Tensor, Tensor, Tensor> psi;
    private readonly ImageOutputNodes output = new();

    public GeneratorGraph(SkeletonRenderer beta, Module<Tensor, Tensor, Tensor> psi, int width, int height)
        : base(nameof(GeneratorGraph))
    {
        this.beta = beta;
        this.psi = psi;
        coordinates = CoordinateScale.FromPixels(width, height);
        RegisterComponents();
    }

    public override Tensor forward(Tensor keypoints, Tensor appearance) =>
        output.call(psi.call(beta.call(coordinates.call(keypoints)), input.call(appearance)));
}
