using System.Collections.Immutable;
using KeypointMl.Inference.Contracts;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// β of equation 2: keypoints p → skeleton image y. Every pixel takes the value of its nearest edge (the maximum over
/// edges, as the release reduces), scaled to [−1,1] by 2v−1. A skeleton without edges is drawn as points.
/// </summary>
/// <remarks>
/// The nearest edge and the nearest point on it are found without a gradient, and one distance per pixel is
/// differentiated: ∂d²/∂t is zero at an inner minimum and t is constant at a clamped one, so the gradient is the exact
/// one, at a fraction of the memory of differentiating all edges.
/// </remarks>
public sealed class SkeletonRenderer : Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly int height;
    private readonly int width;
    private readonly SkeletonFallOff fallOff;
    private readonly bool drawsPoints;
    private Tensor starts; // [E,K]: each row averages the keypoints of an edge's first end
    private Tensor ends;   // [E,K]
    private Tensor pixels; // [H·W,2] (x,y) in [−1,1]
    private readonly float[] columns;
    private readonly float[] rows;

    /// <param name="skeleton">Its edges are drawn; without edges its keypoints are.</param>
    /// <param name="height">H of the image.</param>
    /// <param name="width">W of the image.</param>
    /// <param name="fallOff">Form and strength of the fall-off.</param>
    /// <param name="drawPoints">Draw the keypoints and no edges ('points' rendering of the release).</param>
    public SkeletonRenderer(Skeleton skeleton, int height, int width, SkeletonFallOff fallOff, bool drawPoints = false)
        : base(nameof(SkeletonRenderer))
    {
        this.height = height;
        this.width = width;
        this.fallOff = fallOff;
        drawsPoints = drawPoints;
        ImmutableArray<SkeletonEdge> edges = SkeletonRaster.DrawnEdges(skeleton, drawPoints);
        starts = Averages(edges.Select(edge => edge.From), skeleton.Count);
        ends = Averages(edges.Select(edge => edge.To), skeleton.Count);
        pixels = PixelGrid(height, width);
        columns = [.. Enumerable.Range(0, width).Select(x => NormalizedCoordinates.FromPixel(x, width))];
        rows = [.. Enumerable.Range(0, height).Select(y => NormalizedCoordinates.FromPixel(y, height))];
        register_buffer(nameof(starts), starts, persistent: false);
        register_buffer(nameof(ends), ends, persistent: false);
        register_buffer(nameof(pixels), pixels, persistent: false);
    }

    /// <summary>How it draws.</summary>
    internal GeneratorRenderer Renderer => new(fallOff, drawsPoints);

    /// <summary>Where it draws.</summary>
    internal Device Device => pixels.device;

    /// <summary>Whether all that it computes with is on such a device.</summary>
    internal bool TensorsAreOn(TorchSharp.DeviceType type) => new[] { starts, ends, pixels }.All(part => part.device_type == type);

    /// <summary>Whether the nearest edges are found by tensor operations on the CPU too: what a GPU does, for tests.</summary>
    internal bool AlwaysByTensors { get; set; }

    /// <summary>p [N,K,2] (x,y) in [−1,1], float32 → y [N,1,H,W] in [−1,1].</summary>
    public override Tensor forward(Tensor keypoints)
    {
        Tensor a = matmul(starts, keypoints); // [N,E,2]
        Tensor b = matmul(ends, keypoints);   // [N,E,2]
        // [N,H·W,2] indices for gather, [N,H·W,1]
        (Tensor edge, Tensor t) = AlwaysByTensors || a.device_type != TorchSharp.DeviceType.CPU
            ? NearestPointByTensors(a, b)
            : NearestPoint(a, b);
        Tensor nearest = a.gather(1, edge).lerp(b.gather(1, edge), t);
        Tensor squaredDistance = (pixels - nearest).square().sum(-1); // [N,H·W]
        return fallOff.Values(squaredDistance).reshape(-1, height, width, 1).permute(0, 3, 1, 2); // channels-last, as all images
    }

    /// <inheritdoc/>
    /// <remarks>The graph takes the minimum over all edges of ‖u − (a + t·(b−a))‖², with t as equation 2 has it.</remarks>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string a = context.Node("MatMul", [context.Parameter("starts", starts), inputs[0]]);                   // [N,E,2]
        string b = context.Node("MatMul", [context.Parameter("ends", ends), inputs[0]]);                       // [N,E,2]
        string x = context.Constant("pixels_x", [.. rows.SelectMany(_ => columns)], 1, 1, (long)height * width); // [1,1,H·W]
        string y = context.Constant("pixels_y", [.. rows.SelectMany(row => columns.Select(_ => row))], 1, 1, (long)height * width);
        (string ax, string ay) = Axes(a);
        (string bx, string by) = Axes(b);
        string dx = context.Node("Sub", [bx, ax]);
        string dy = context.Node("Sub", [by, ay]);
        string fromX = context.Node("Sub", [x, ax]);                                                           // [N,E,H·W]
        string fromY = context.Node("Sub", [y, ay]);
        string squaredLength = context.Node("Max", [Dot(dx, dx, dy, dy), context.Scalar("minimum", NearestEdge.MinimumSquaredLength)]);
        string along = context.Node("Div", [Dot(fromX, dx, fromY, dy), squaredLength]);
        string t = context.Node("Clip", [along, context.Scalar("zero", 0.0), context.Scalar("one", 1.0)]);
        string offsetX = context.Node("Sub", [fromX, context.Node("Mul", [t, dx])]);
        string offsetY = context.Node("Sub", [fromY, context.Node("Mul", [t, dy])]);
        string squared = Dot(offsetX, offsetX, offsetY, offsetY);
        string nearest = context.Opset < 18
            ? context.Node("ReduceMin", [squared], ("axes", new[] { 1L }), ("keepdims", 0L))
            : context.Node("ReduceMin", [squared, context.Constant("edge_axis", [1L])], ("keepdims", 0L));
        string exponent = fallOff.Kind == FallOff.Squared
            ? context.Node("Mul", [nearest, context.Scalar("minus_gamma", -fallOff.Value)])
            : context.Node("Div",
                [context.Node("Sqrt", [context.Node("Add", [nearest, context.Scalar("epsilon", SkeletonFallOff.DistanceEpsilon)])]),
                    context.Scalar("minus_sigma_squared", -fallOff.Value)]);
        string value = context.Node("Exp", [exponent]);
        string scaled = context.Node("Sub", [context.Node("Mul", [value, context.Scalar("two", 2.0)]), context.Scalar("unit", 1.0)]);
        return [context.Node("Reshape", [scaled, context.Constant("shape", [-1, 1, height, width])])];

        (string X, string Y) Axes(string points)
        {
            string[] parts = context.Node("Split", [points, context.Constant("split", [1L, 1L])], 2, ("axis", 2L));
            return (parts[0], parts[1]);
        }

        string Dot(string x1, string x2, string y1, string y2) =>
            context.Node("Add", [context.Node("Mul", [x1, x2]), context.Node("Mul", [y1, y2])]);
    }

    /// <summary>
    /// Moves what it computes with, from the CPU. TorchSharp 0.107 leaves buffers that no checkpoint holds behind when
    /// it moves a module.
    /// </summary>
    /// <param name="device">Where poses [N,K,2] will be; the CPU leaves everything as it is.</param>
    public void MoveConstants(Device device)
    {
        if (device.type == TorchSharp.DeviceType.CPU)
            return;
        starts = Moved(nameof(starts), starts);
        ends = Moved(nameof(ends), ends);
        pixels = Moved(nameof(pixels), pixels);

        Tensor Moved(string name, Tensor constant)
        {
            Tensor moved = constant.to(device).DetachFromDisposeScope();
            ConditionallyRegisterBuffer(name, moved, persistent: false);
            return moved;
        }
    }

    internal static Tensor PixelGrid(int height, int width)
    {
        using var y = linspace(-1, 1, height, dtype: ScalarType.Float32, device: DeviceTensors.Cpu);
        using var x = linspace(-1, 1, width, dtype: ScalarType.Float32, device: DeviceTensors.Cpu);
        Tensor[] grids = meshgrid([y, x], "ij");
        Tensor grid = stack([grids[1], grids[0]], -1).reshape(-1, 2).contiguous();
        foreach (Tensor part in grids)
            part.Dispose();
        return grid;
    }

    /// <summary>
    /// As <see cref="NearestPoint"/>, in the same arithmetic, on whichever device the ends are: a GPU has no use for
    /// one pixel after the other, nor for a trip to the host.
    /// </summary>
    internal (Tensor Edge, Tensor T) NearestPointByTensors(Tensor a, Tensor b)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        (Tensor startX, Tensor startY) = Axes(a.detach());                              // [N,E,1]
        (Tensor dx, Tensor dy) = Axes((b - a).detach());
        Tensor inverse = 1 / (dx * dx + dy * dy).clamp_min(NearestEdge.MinimumSquaredLength);
        Tensor fromX = pixels.select(1, 0) - startX;                                    // [N,E,H·W]
        Tensor fromY = pixels.select(1, 1) - startY;
        Tensor along = ((fromX * dx + fromY * dy) * inverse).clamp(0, 1);
        Tensor squared = (fromX - along * dx).square() + (fromY - along * dy).square();
        Tensor edge = squared.argmin(1, keepdim: true);                                 // [N,1,H·W]; of equally near ones the first
        Tensor t = along.gather(1, edge).transpose(1, 2);
        return (edge.transpose(1, 2).expand(-1, -1, 2).MoveToOuterDisposeScope(), t.MoveToOuterDisposeScope());

        static (Tensor X, Tensor Y) Axes(Tensor points) => (points.narrow(2, 0, 1), points.narrow(2, 1, 1));
    }

    /// <summary>For every pixel the nearest edge and the nearest point on it.</summary>
    internal (Tensor Edge, Tensor T) NearestPoint(Tensor a, Tensor b)
    {
        int count = (int)a.shape[0];
        int edges = (int)a.shape[1];
        float[] starts = DeviceReads.Singles(a);
        float[] ends = DeviceReads.Singles(b);
        var edge = new long[count * height * width];
        var t = new float[edge.Length];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, n => NearestEdge.Find(
            starts.AsSpan(n * edges * 2, edges * 2), ends.AsSpan(n * edges * 2, edges * 2), columns, rows,
            edge.AsSpan(n * height * width, height * width), t.AsSpan(n * height * width, height * width)));
        Tensor index = tensor(edge, [count, height * width, 1], device: a.device).expand(-1, -1, 2);
        return (index, tensor(t, [count, height * width, 1], device: a.device));
    }

    private static Tensor Averages(IEnumerable<ImmutableArray<int>> groups, int keypoints)
    {
        ImmutableArray<int>[] rows = [.. groups];
        var weights = new float[rows.Length, keypoints];
        for (int row = 0; row < rows.Length; row++)
        {
            foreach (int keypoint in rows[row])
                weights[row, keypoint] += 1f / rows[row].Length;
        }
        return tensor(weights, device: DeviceTensors.Cpu);
    }
}

/// <summary>The fall-off of β on tensors: from a pixel's squared distance to its value.</summary>
internal static class FallOffValues
{
    /// <summary>
    /// Squared distances in [−1,1] units, any shape → 2v−1 in [−1,1], v = exp(−γ·d²) (the paper, equation 2) or
    /// exp(−d/σ²) (the release).
    /// </summary>
    public static Tensor Values(this SkeletonFallOff fallOff, Tensor squaredDistance)
    {
        Tensor value = fallOff.Kind == FallOff.Squared
            ? (squaredDistance * -fallOff.Value).exp()
            : ((squaredDistance + SkeletonFallOff.DistanceEpsilon).sqrt() * (-1 / fallOff.Value)).exp();
        return 2 * value - 1;
    }
}
