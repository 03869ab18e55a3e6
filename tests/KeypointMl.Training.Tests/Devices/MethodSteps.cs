using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Data.Pairs;
using KeypointMl.Data.Priors;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>Networks and phases of a recipe, ready to run single steps outside a <see cref="Trainer"/>.</summary>
internal sealed class MethodSteps : IDisposable
{
    private readonly Recipe recipe;
    private readonly TrainingPlace place;
    private readonly LabelledFrames labels;
    private readonly ReconstructionTerm reconstruction;

    public MethodSteps(Recipe recipe, TrainingDevice? device = null)
    {
        this.recipe = recipe;
        place = new TrainingPlace(device ?? TrainingDevice.Cpu);
        labels = TinyRun.Puppets.OpenLabelled("train");
        reconstruction = new ReconstructionTerm(
            KeypointGanFactory.ReconstructionLoss(recipe.Losses, place.Device), recipe.Losses.Reconstruction);
        Model = TrainedModels.Create(recipe, TinyRun.Puppets.Skeleton, place.Device);
        Phases = [.. Make()];
    }

    public ITrainedModel Model { get; }

    public IReadOnlyList<ITrainingPhase> Phases { get; }

    public DivergenceWatch Watch => place.Watch;

    public static IEnumerable<object[]> Recipes()
    {
        Recipe gan = TinyRun.Recipe();
        Recipe splines = gan with
        {
            Pairs = gan.Pairs with { ThinPlateSpline = new ThinPlateSplineRecipe { Enabled = true } },
            Networks = gan.Networks with { StylePooling = true },
        };
        Recipe imm = gan with
        {
            Method = TrainingMethod.Imm,
            RegressorPretraining = gan.RegressorPretraining with { Steps = 0 },
            Postprocessing = new PostprocessingRecipe { Enabled = true },
        };
        Recipe supervised = gan with { Method = TrainingMethod.Supervised };
        Recipe hourglass = supervised with
        {
            Supervised = new SupervisedRecipe { Detector = SupervisedDetector.Hourglass, Features = 8, Stacks = 2, Depth = 2 },
        };
        Recipe distillation = gan with
        {
            Method = TrainingMethod.Distillation,
            Articulation = new ArticulationRecipe
            {
                Steps = 2,
                WarmupSteps = 1,
                Batch = 2,
                Size = 32,
                Width = 4,
                GeneratorWidth = 4,
                Discriminator = new DiscriminatorRecipe { Width = 4, Layers = 2, Scales = 1 },
            },
            Student = new StudentRecipe { Size = 32, Stride = 2, Width = 4, TeacherSize = 32 },
        };
        return
        [
            ["KeypointGAN", gan],
            ["KeypointGAN, pairs by splines, pooled style, L1", splines with
            {
                Losses = splines.Losses with { ReconstructionKind = ReconstructionKind.PyramidL1 },
            }],
            ["CycleGAN", gan with { Ablation = new AblationRecipe { Condition = false, Bottleneck = false, SecondCycle = true } }],
            ["KeypointGAN with the second cycle", gan with { Ablation = new AblationRecipe { SecondCycle = true } }],
            ["supervised", supervised],
            ["hourglass", hourglass],
            ["the student's network on labels", supervised with
            {
                Supervised = new SupervisedRecipe { Detector = SupervisedDetector.Student },
                Student = distillation.Student,
            }],
            ["imm", imm],
            ["distillation", distillation],
        ];
    }

    /// <summary>Runs the first steps of every phase.</summary>
    public void Run(int steps)
    {
        foreach (ITrainingPhase phase in Phases)
        {
            for (int step = 0; step < steps; step++)
                Step(phase, step, _ => { });
        }
    }

    /// <summary>One step; what it gives is alive in <paramref name="look"/> alone.</summary>
    public void Step(ITrainingPhase phase, long step, Action<IReadOnlyList<(string Name, Tensor Value)>> look)
    {
        using var scope = NewDisposeScope();
        using PrefetchingLoader? loader = phase.FramesPerStep == 0
            ? null
            : new PrefetchingLoader(labels.Frames, new FramePairSampler(labels.Frames.Clips, 1, 7, 5), phase.FramesPerStep, step);
        using FrameBatch? frames = loader?.Next(CancellationToken.None);
        look(phase.Step(frames, step));
    }

    public void Dispose()
    {
        foreach (ITrainingPhase phase in Phases)
            phase.Dispose();
        Model.Dispose();
        reconstruction.Dispose();
        labels.Dispose();
        place.Dispose();
    }

    private IEnumerable<ITrainingPhase> Make()
    {
        PosePrior prior = TinyRun.Puppets.OpenPrior();
        switch (Model)
        {
            case HourglassNetworks hourglass:
                yield return new HourglassTraining(recipe, hourglass, labels, place);
                break;
            case LabelledStudent student:
                yield return new LabelledStudentTraining(recipe, student, labels, place);
                break;
            case ImmNetworks imm:
                yield return new ImmTraining(recipe, imm, reconstruction, place);
                break;
            case DistillationNetworks distillation:
                var data = new TrainingData(labels.Frames, prior, null, null);
                yield return new ArticulationTraining(recipe, distillation, data, place);
                yield return new StudentTraining(recipe, distillation, data, place);
                break;
            case TrainingNetworks networks when recipe.Method == TrainingMethod.Supervised:
                yield return new SupervisedTraining(recipe, networks, labels, place);
                break;
            case TrainingNetworks networks:
                var poses = new PriorPoseBatches(prior, recipe, place.Device);
                yield return new RegressorPretraining(recipe, networks, prior, place);
                yield return new JointTraining(recipe, networks, poses, reconstruction, place);
                break;
        }
    }
}
