using KeypointMl.Data;
using KeypointMl.Data.Loading;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Distillation;

/// <summary>
/// Learns how the parts move, in the subject's own frame: x and x′ are cut out upright by what the teacher sees; the
/// detector's keypoints, drawn as parts, and x′ must give x back (reconstruction by local contrast), look like the
/// prior's (D on the parts of both), and agree between two views of x (equivariance). Three losses of the paper and its
/// extension, around one detector in place of Φ and η.
/// </summary>
internal sealed class ArticulationTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly ArticulationRecipe articulation;
    private readonly ArticulationNetworks model;
    private readonly Skeleton skeleton;
    private readonly FramePoses teacher;
    private readonly PriorSampler prior;
    private readonly AffineDistribution views;
    private readonly ReconstructionTerm reconstruction;
    private readonly NetworkOptimizer detector;
    private readonly NetworkOptimizer generator;
    private readonly NetworkOptimizer discriminator;
    private readonly MirrorImage mirror;
    private readonly Device device;

    public ArticulationTraining(Recipe recipe, DistillationNetworks networks, TrainingData data, TrainingPlace place)
    {
        this.recipe = recipe;
        model = networks.Articulation!;
        skeleton = networks.Points;
        articulation = recipe.Articulation;
        device = place.Device;
        networks.Graduated = false;
        PosePrior upright = model.Frame.Learn(data.Prior, articulation.Size);
        double flips = articulation.Flip && skeleton.SymmetricPairs.Length > 0 ? 0.5 : 0;
        views = AffineDistribution.From(articulation.Views) with { FlipProbability = flips };
        prior = new PriorSampler(upright, articulation.Size, articulation.Size, new PoseAugmentation
        {
            RotationDegrees = (float)articulation.Views.RotationDegrees,
            Scale = (float)articulation.Views.Scale,
            ShiftFraction = (float)articulation.Views.Shift,
            FlipProbability = (float)flips,
            JointJitter = (float)articulation.JointJitter,
            Combined = articulation.Combine,
        }, recipe.Seed * 1_000_003 + RandomStreams.PriorPoses);
        teacher = new FramePoses(data.Frames, images => model.InFrames.Place(images).Keypoints, device);
        reconstruction = new ReconstructionTerm(
            new ReconstructionLoss(new LocalContrastPyramid(), FeatureDistance.L1, recipe.Losses.RunningMean), articulation.Reconstruction);
        mirror = new MirrorImage(skeleton, device);
        detector = Optimizer(model.Detector, articulation.LearningRate);
        generator = Optimizer(model.Generator, articulation.LearningRate);
        discriminator = Optimizer(model.Discriminator, articulation.DiscriminatorLearningRate);

        NetworkOptimizer Optimizer(Module network, double rate) => new(
            network, new LearningRateSchedule(rate, articulation.Steps, articulation.DecayFrom),
            (articulation.Betas.First, articulation.Betas.Second), recipe.Training.GradientClip, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.Articulation;

    public long Steps => articulation.Steps;

    public int FramesPerStep => articulation.Batch;

    public bool TrainsDetector => true;

    /// <summary>The warm-up and what comes after it.</summary>
    public IReadOnlyList<long> TypicalSteps => [0, articulation.WarmupSteps];

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Detector.train();
        model.Generator.train();
        model.Discriminator.train();
        int count = articulation.Batch;
        (AffineMap[] first, AffineMap[] second, AffineMap[] style) = DrawViews(count, step);
        Tensor poses = teacher.Of(frames!.XIndices);                                // [N,K,2]
        Tensor toFrame = model.Frame.Maps(poses);
        Tensor firstView = AffineWarp.Matrices(first, device);
        Tensor secondView = AffineWarp.Matrices(second, device);
        Tensor image = ImageTensors.FromBytes(frames.X, count, frames.Height, frames.Width, device);
        Tensor other = ImageTensors.FromBytes(frames.Style, count, frames.Height, frames.Width, device);
        Tensor x = Crop(image, AffineWarp.After(toFrame, firstView));
        Tensor appearance =
            Crop(other, AffineWarp.After(model.Frame.Maps(teacher.Of(frames.StyleIndices)), AffineWarp.Matrices(style, device)));
        bool warmUp = step < articulation.WarmupSteps;

        Tensor views = warmUp ? x : cat([x, Crop(image, AffineWarp.After(toFrame, secondView))]);
        (Tensor all, _) = model.Detector.call(views);                            // [N or 2N,K,2]
        Tensor p = all.narrow(0, 0, count);
        Tensor target = warmUp ? Guess(poses, toFrame, first, firstView) : p;
        Tensor parts = model.Parts.call(target);
        (Tensor loss, IReadOnlyList<(string, Tensor)> named) = reconstruction.Of(model.Generator.call(parts, appearance), x);
        var losses = named.ToList();
        if (warmUp)
        {
            Tensor fit = 100 * functional.mse_loss(p, target);
            loss = loss + fit;
            losses.Add(("warm_up", fit.detach()));
            parts = model.Parts.call(p.detach());
        }
        else
        {
            KeypointGan.Freeze(model.Discriminator, true);
            Tensor adversarial = LeastSquaresAdversarialLoss.Generator(model.Discriminator.call(parts));
            Tensor equivariance = EquivarianceLoss.Compute(p, firstView, all.narrow(0, count, count), secondView);
            loss = loss + articulation.Adversarial * adversarial + articulation.Equivariance * equivariance;
            losses.AddRange([("adversarial", adversarial.detach()), ("equivariance", equivariance.detach())]);
        }
        detector.Minimize(loss, step, "the articulation", generator);
        KeypointGan.Freeze(model.Discriminator, false);
        losses.Add(("discriminator", UpdateDiscriminator(parts.detach(), step)));
        model.UpdateAverages(recipe.Training.EmaDecay, step);
        return losses;
    }

    public void Save(CheckpointTensors checkpoint)
    {
        foreach ((string name, NetworkOptimizer optimizer) in Optimizers)
            checkpoint.AddOptimizer(name, optimizer);
        checkpoint.AddTerm(reconstruction);
    }

    public void Load(CheckpointTensors checkpoint)
    {
        foreach ((string name, NetworkOptimizer optimizer) in Optimizers)
            checkpoint.RestoreOptimizer(name, optimizer);
        checkpoint.RestoreTerm(reconstruction);
    }

    public void Dispose()
    {
        teacher.Dispose();
        reconstruction.Dispose();
        mirror.Dispose();
        foreach ((_, NetworkOptimizer optimizer) in Optimizers)
            optimizer.Dispose();
    }

    private IEnumerable<(string Name, NetworkOptimizer Optimizer)> Optimizers =>
        [("articulated", detector), ("generator", generator), ("discriminator", discriminator)];

    private Tensor Crop(Tensor image, Tensor maps) =>
        ImageTensors.ChannelsLast(AffineWarp.Warp(image, maps, articulation.Size, articulation.Size));

    /// <summary>D by equation 5: the parts of prior poses against those that were detected.</summary>
    private Tensor UpdateDiscriminator(Tensor fake, long step)
    {
        int count = articulation.Batch;
        var poses = new float[count * skeleton.Count * 2];
        prior.Fill(step, poses);
        Tensor real = model.Parts.call(tensor(poses, [count, skeleton.Count, 2], device: DeviceTensors.Cpu).OnDevice(device));
        Tensor loss = LeastSquaresAdversarialLoss.Discriminator(model.Discriminator.call(real), model.Discriminator.call(fake));
        discriminator.Minimize(loss, step, "the articulation's D");
        return loss.detach();
    }

    /// <summary>
    /// Where the keypoints are likely to be at the start: half what the teacher sees, half the mean shape, in a view of
    /// the canonical crop.
    /// </summary>
    private Tensor Guess(Tensor poses, Tensor toFrame, AffineMap[] view, Tensor viewMaps)
    {
        using var _ = no_grad();
        Tensor canonical = AffineWarp.ToWarped(poses, toFrame);
        Tensor guess = AffineWarp.ToWarped((canonical + model.Frame.MeanShape) / 2, viewMaps);
        return mirror.NamedIn(view, guess);
    }

    /// <summary>The views of x, another of x, and one of x′; all of a pair are mirrored, or none is.</summary>
    private (AffineMap[] First, AffineMap[] Second, AffineMap[] Style) DrawViews(int count, long step)
    {
        AffineMap[] first = Draw(RandomStreams.ImageAugmentation, views);
        AffineDistribution unmirrored = views with { FlipProbability = 0 };
        return (first, Like(Draw(RandomStreams.Equivariance, unmirrored)), Like(Draw(RandomStreams.StyleAugmentation, unmirrored)));

        AffineMap[] Draw(ulong stream, AffineDistribution distribution)
        {
            var random = new SeededRandom(recipe.Seed, stream, (ulong)step);
            var maps = new AffineMap[count];
            for (int n = 0; n < count; n++)
                maps[n] = distribution.Sample(ref random);
            return maps;
        }

        AffineMap[] Like(AffineMap[] maps) => [.. maps.Select((map, n) => first[n].IsMirrored ? AffineMap.Mirror.After(map) : map)];
    }
}
