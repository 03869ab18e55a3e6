using KeypointMl.Onnx.TorchSharp;
using KeypointMl.Poses;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>Keypoints [N,K,2] between the networks' [−1,1] and pixels of a W×H image, inside the graph: a scale and a shift per axis, taken from <see cref="NormalizedCoordinates"/>.</summary>
internal sealed class CoordinateScale : Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly float[] scale;
    private readonly float[] shift;

    private CoordinateScale(float[] scale, float[] shift)
        : base(nameof(CoordinateScale))
    {
        this.scale = scale;
        this.shift = shift;
    }

    public static CoordinateScale ToPixels(int width, int height)
    {
        float[] shift = [NormalizedCoordinates.ToPixel(0, width), NormalizedCoordinates.ToPixel(0, height)];
        return new CoordinateScale([NormalizedCoordinates.ToPixel(1, width) - shift[0], NormalizedCoordinates.ToPixel(1, height) - shift[1]], shift);
    }

    public static CoordinateScale FromPixels(int width, int height)
    {
        float[] shift = [NormalizedCoordinates.FromPixel(0, width), NormalizedCoordinates.FromPixel(0, height)];
        return new CoordinateScale([NormalizedCoordinates.FromPixel(1, width) - shift[0], NormalizedCoordinates.FromPixel(1, height) - shift[1]], shift);
    }

    public override Tensor forward(Tensor keypoints) => keypoints * tensor(scale, device: DeviceTensors.Cpu) + tensor(shift, device: DeviceTensors.Cpu);

    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string scaled = context.Node("Mul", [inputs[0], context.Constant("scale", scale)]);
        return [context.Node("Add", [scaled, context.Constant("shift", shift)])];
    }
}
