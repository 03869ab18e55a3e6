#!/usr/bin/env dotnet
// KeypointGAN in one file, to be read beside section 3 and figure 2 of the paper (Jakab, Gupta, Bilen, Vedaldi, CVPR 2020):
// every network, every loss and every update, and nothing else. keypointml train does the same with recipes, checkpoints and averages.
//
//   dotnet run samples/keypointgan-by-hand.cs -- PICTURE.png [STEPS]
//
// The data are drawn: people in short videos, and poses of other people as prior. 20 steps show that it runs; 1500 reach an error of
// 5.4 % of the image, where the mean prior pose has 14.0 %. PICTURE.png shows x, the skeleton image y = Φ(x), its clean copy
// y* = β(η(y)), x′ and the reconstruction x̂ = Ψ(y*, x′).
#:project ../src/KeypointMl.Training/KeypointMl.Training.csproj
#:property UseTorchNatives=true

using System.Globalization;
using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Data.Pairs;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Rendering;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Tensors;
using TorchSharp;
using static TorchSharp.torch;

if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("usage: dotnet run samples/keypointgan-by-hand.cs -- PICTURE.png [STEPS]");
    return 2;
}
int steps = args.Length == 2 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20;
const int Size = 32, Batch = 8;
random.manual_seed(1);

// Unlabelled video {x}, and unpaired poses {p̄} of other people.
var people = new PuppetDataset(new PuppetOptions { Width = Size, Height = Size });
using IFrameSet frames = people.OpenTrainingFrames();
using var pairs = new PrefetchingLoader(frames, new FramePairSampler(frames.Clips, minDistance: 4, maxDistance: 23, seed: 1), Batch);
var variation = new PoseAugmentation { Scale = 0.05f, ShiftFraction = 0.05f, JointJitter = 0.005f };
var prior = new PriorSampler(people.OpenPrior(), Size, Size, variation, seed: 1);
int keypoints = PuppetDataset.Skeleton.Count;
var warps = new AffineDistribution(RotationDegrees: 22.5, Scale: 0.15, Shift: 0.075);

// Figure 2: Φ draws an image's skeleton, η reads it, β draws it again, Ψ paints x′ in that pose, D knows the prior's skeleton images.
using var phi = new PoseEncoder(width: 8);
using var eta = new KeypointRegressor(keypoints, width: 8);
using var beta = new SkeletonRenderer(PuppetDataset.Skeleton, Size, Size, SkeletonFallOff.Linear(0.1));
using var psi = new ConditionalGenerator(width: 8);
using var d = new PoseDiscriminator(width: 16, layers: 2, scales: 2);
// Γ without pretrained weights
using var perceptual = new ReconstructionLoss(new AveragePoolPyramid(4), FeatureDistance.L1, momentum: 0.99);
using var pool = new ImagePool(50);

using var encoderOptimizer = optim.Adam(phi.parameters().Concat(psi.parameters()), lr: 1e-3, beta1: 0.5, beta2: 0.999);
using var discriminatorOptimizer = optim.Adam(d.parameters(), lr: 4e-4, beta1: 0.5, beta2: 0.999);
using var regressorOptimizer = optim.Adam(eta.parameters(), lr: 1e-3, beta1: 0.9, beta2: 0.999);

// Section 3.2: η first learns to read clean skeleton images, from poses alone.
for (int step = 0; step < steps; step++)
{
    using var scope = NewDisposeScope();
    Tensor p = Poses(step);
    Tensor loss = nn.functional.mse_loss(eta.call(beta.call(p)).Keypoints, p);
    Descend(regressorOptimizer, loss);
    Report("η alone", step, ("regressor", loss));
}

for (int step = 0; step < steps; step++)
{
    using var scope = NewDisposeScope();
    (Tensor x, Tensor other) = Frames();                 // x and x′: two frames of one video
    Tensor poses = Poses(steps + step);                  // p̄
    Tensor real = beta.call(poses);                      // ȳ = β(p̄)

    // Φ and Ψ, equations 4 and 6: x̂ must look like x, through keypoints, and y like a skeleton image of the prior.
    Tensor y = phi.call(x);
    Tensor p = eta.call(y).Keypoints;
    Tensor reconstruction = psi.call(beta.call(p), other);
    Tensor l_perc = perceptual.Compute(reconstruction, x);
    Tensor l_disc = LeastSquaresAdversarialLoss.Generator(d.call(y));
    // Beyond the paper: what moves in the image moves in the keypoints. So small a network learns little without it.
    var draw = new SeededRandom(1, 0, (ulong)step);
    Tensor warp = AffineWarp.Matrices([.. Enumerable.Range(0, Batch).Select(_ => warps.Sample(ref draw))]);
    Tensor moved = AffineWarp.ToOriginal(eta.call(phi.call(AffineWarp.Warp(x, warp))).Keypoints, warp);
    Tensor l_eq = (moved - p).square().sum(-1).mean();
    Descend(encoderOptimizer, 10 * l_perc + 10 * l_disc + 50 * l_eq);

    // D, equation 5: least squares, against a history of Φ's skeleton images.
    y = y.detach();
    Tensor l_d = LeastSquaresAdversarialLoss.Discriminator(d.call(real), d.call(pool.Query(y, ref draw)));
    Descend(discriminatorOptimizer, l_d);

    // η goes on: it reads the prior's skeleton images, and what it reads off Φ's must draw them again.
    Tensor onPrior = nn.functional.mse_loss(eta.call(real).Keypoints, poses);
    Tensor onImages = nn.functional.mse_loss(beta.call(eta.call(y).Keypoints), y);
    Descend(regressorOptimizer, 0.9 * onPrior + 0.1 * onImages);
    Report("training", step, ("L_perc", l_perc), ("L_disc", l_disc), ("D", l_d), ("L_eq", l_eq));
}

// What was learnt, on people that training never saw; their labels are for this line only.
phi.eval();
eta.eval();
psi.eval();
using LabelledFrames test = people.OpenLabelled("test");
var evaluator = new KeypointEvaluator(test.Skeleton, test.Protocol, Size, Size);
using (no_grad())
{
    var frame = new byte[Size * Size * 3];
    for (int i = 0; i < test.Frames.Count; i++)
    {
        using var scope = NewDisposeScope();
        test.Frames.Read(i, frame);
        float[] found = [.. eta.call(phi.call(ImageTensors.FromBytes(frame, 1, Size, Size))).Keypoints.contiguous().data<float>()];
        IEnumerable<Vector2> points = found.Chunk(2).Select(point => new Vector2(point[0], point[1]));
        evaluator.Add([.. points.Select(point => NormalizedCoordinates.ToPixel(point, Size, Size))], test.Poses[i]);
    }
    DrawPicture(args[0]);
}
KeypointMetrics metrics = evaluator.Compute(people.OpenPrior().ScaledTo(Size, Size));
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"error {metrics.ErrorPercentOfImage:F1} % of the image on {metrics.Frames} test frames; "
    + $"the mean prior pose has {metrics.Baselines["mean_pose"].ErrorPercentOfImage:F1} %"));
return 0;

Tensor Poses(int step)
{
    var drawn = new float[Batch * keypoints * 2];
    prior.Fill(step, drawn);
    return tensor(drawn, [Batch, keypoints, 2]);         // in [−1,1], x right, y down
}

(Tensor X, Tensor Other) Frames()
{
    using FrameBatch batch = pairs.Next();
    return (ImageTensors.FromBytes(batch.X, Batch, Size, Size), ImageTensors.FromBytes(batch.Style, Batch, Size, Size));
}

void Descend(optim.Optimizer optimizer, Tensor loss)
{
    // The gradients of the other networks are left over from their losses, or are of no use: only those of this optimiser's are taken.
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
}

void Report(string phase, int step, params (string Name, Tensor Value)[] losses)
{
    if ((step + 1) % 10 != 0)
        return;
    IEnumerable<string> values =
        losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Name} {loss.Value.item<float>():F3}"));
    Console.WriteLine($"{phase} {step + 1}: {string.Join("  ", values)}");
}

void DrawPicture(string path)
{
    using var scope = NewDisposeScope();
    (Tensor x, Tensor other) = Frames();
    Tensor y = phi.call(x);
    Tensor clean = beta.call(eta.call(y).Keypoints);
    Tensor[] columns = [x, y.expand(-1, 3, -1, -1), clean.expand(-1, 3, -1, -1), other, psi.call(clean, other)];
    Tensor rows = cat([.. columns], 3).narrow(0, 0, 4);                                             // [4,3,H,5·W]
    byte[] pixels = ImageTensors.ToBytes(rows.permute(1, 0, 2, 3).reshape(1, 3, 4 * Size, 5 * Size));
    ImageWriter.Write(new RgbImage(5 * Size, 4 * Size, pixels), path);
}
