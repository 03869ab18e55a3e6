using KeypointMl.Poses.Rendering;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Recipes;

/// <summary>What must hold between values that are each in range.</summary>
internal static class RecipeRules
{
    /// <summary>Adds a problem for every contradiction.</summary>
    /// <param name="recipe">Values in range.</param>
    /// <param name="add">Takes the dotted key to blame and the message.</param>
    public static void Check(Recipe recipe, Action<string, string> add)
    {
        CheckRenderer(recipe.Renderer, add);
        CheckBaselines(recipe, add);
        CheckDistillation(recipe, add);
        if (recipe.Pairs.MinDistance > recipe.Pairs.MaxDistance)
            add("pairs.min_distance", $"is {recipe.Pairs.MinDistance}, more than pairs.max_distance, which is {recipe.Pairs.MaxDistance}.");

        CheckDiscriminator("networks.discriminator", recipe.Networks.Discriminator, $"at size {recipe.Size}", recipe.Size, least: 4, add);
        if (!TrainingDevice.IsWord(recipe.Training.Device))
            add("training.device", $"is '{recipe.Training.Device}'; expected {TrainingDevice.Words}.");
        LossRecipe losses = recipe.Losses;
        if (losses.ReconstructionKind == ReconstructionKind.Perceptual)
            CheckPerceptual(losses.Perceptual, add);
        if (losses is { Reconstruction: 0, Adversarial: 0 })
            add("losses.adversarial", "and losses.reconstruction are both 0: nothing would train Φ.");
        if (losses is { RegressorPrior: 0, RegressorImages: 0 } && recipe.RegressorPretraining.Steps == 0)
            add("losses.regressor_prior", "and losses.regressor_images are 0 and regressor_pretraining.steps is 0: nothing would train η.");
        if (!losses.Further.IsEmpty && recipe.Method != TrainingMethod.KeypointGan)
        {
            add("losses.further",
                $"has losses of keypoint-gan's training, and method is {recipe.Method}; leave it out.");
        }
        if (losses.Equivariance > 0 && losses.EquivarianceAffine.IsIdentity)
        {
            add("losses.equivariance",
                "is on, but losses.equivariance_affine allows nothing but the identity; "
                + "give it a rotation, shift or scale, or set equivariance to 0.");
        }
        bool learnsFromPrior = !recipe.Method.UsesLabels && recipe.Method.NamesKeypoints && recipe.Method != TrainingMethod.Distillation;
        if (recipe.Augmentation.Flip && !recipe.Prior.Flip && learnsFromPrior)
        {
            add("augmentation.flip",
                "mirrors the images, but prior.flip is false: the prior would not show mirrored poses; set both or neither.");
        }
    }

    private static void CheckBaselines(Recipe recipe, Action<string, string> add)
    {
        if (!recipe.Method.NamesKeypoints && !recipe.Postprocessing.Enabled)
        {
            add("postprocessing.enabled",
                $"is false, but method: {recipe.Method} learns landmarks without names, which only the post-processing turns into "
                + "keypoints; set it to true.");
        }
        if (!recipe.Method.NamesKeypoints && recipe.Postprocessing.Split == "test")
        {
            add("postprocessing.split",
                $"is test, and method: {recipe.Method} is measured on those frames, behind the post-processing; take another split.");
        }
        if (recipe.Postprocessing is { Enabled: true, Ridge: null, Frames: { } frames, Folds: var folds } && frames < 2 * folds)
        {
            add("postprocessing.frames",
                $"is {frames}; with postprocessing.folds {folds} at least {2 * folds} are needed: take fewer folds, or give "
                + "postprocessing.ridge, which needs none.");
        }
        int coarsest = recipe.Size / StackedHourglass.Stride >> recipe.Supervised.Depth;
        if (recipe.Method == TrainingMethod.Supervised && recipe.Supervised.Detector == SupervisedDetector.Hourglass && coarsest < 1)
        {
            add("supervised.depth",
                $"is {recipe.Supervised.Depth}: at size {recipe.Size} the hourglass begins with maps of "
                + $"{recipe.Size / StackedHourglass.Stride} px, which cannot be halved so often.");
        }
        CheckInnermost(recipe, coarsest, add);
    }

    // Of one value batch normalisation has no variance.
    private static void CheckInnermost(Recipe recipe, int coarsest, Action<string, string> add)
    {
        bool isHourglass = recipe.Method == TrainingMethod.Supervised && recipe.Supervised.Detector == SupervisedDetector.Hourglass;
        bool isStudent = recipe.Method == TrainingMethod.Distillation
            || (recipe.Method == TrainingMethod.Supervised && recipe.Supervised.Detector == SupervisedDetector.Student);
        int innermost = isHourglass ? coarsest : isStudent ? recipe.Size / HeatmapDetector.SizeStep(recipe.Student.Stride) : 2;
        if (innermost == 1 && recipe.Training.Batch == 1)
        {
            add("training.batch",
                $"is 1, and at size {recipe.Size} the network's innermost maps are one pixel, of which nothing can be normalised; take 2 "
                + "or more.");
        }
    }

    private static void CheckDistillation(Recipe recipe, Action<string, string> add)
    {
        int step = HeatmapDetector.SizeStep(ArticulationRecipe.Stride);
        if (recipe.Articulation.Size % step != 0)
            add("articulation.size", $"is {recipe.Articulation.Size}; expected a multiple of {step}.");
        if (recipe.Articulation is { Steps: > 0 } && recipe.Articulation.WarmupSteps > recipe.Articulation.Steps)
        {
            add("articulation.warmup_steps",
                $"is {recipe.Articulation.WarmupSteps}, more than articulation.steps, which is {recipe.Articulation.Steps}.");
        }
        if (recipe.Articulation.Steps > 0)
        {
            CheckDiscriminator(
                "articulation.discriminator", recipe.Articulation.Discriminator, $"at articulation.size {recipe.Articulation.Size}",
                recipe.Articulation.Size / ArticulationRecipe.Stride, least: 3, add);
        }
        if (recipe.Method == TrainingMethod.Distillation && recipe.Size < recipe.Student.TeacherSize)
            add("student.size", $"is {recipe.Size}, less than the {recipe.Student.TeacherSize} of the run that is distilled.");
        if (recipe.Method == TrainingMethod.Distillation && recipe.Training.InitialiseFrom is null)
            add("training.initialise_from", "is not given, and method is distillation; begin a distillation with keypointml distill.");
    }

    private static void CheckDiscriminator(
        string key, DiscriminatorRecipe discriminator, string where, int size, int least, Action<string, string> add)
    {
        int coarsest = size >> (discriminator.Layers + discriminator.Scales - 1);
        if (coarsest < least)
        {
            add($"{key}.scales",
                $"is {discriminator.Scales}, with {discriminator.Layers} layers: {where} the coarsest PatchGAN's map would be "
                + $"{coarsest} px wide, and {least} are needed; take fewer scales or layers.");
        }
    }

    private static void CheckPerceptual(PerceptualRecipe perceptual, Action<string, string> add)
    {
        if (perceptual.NetworkOrDefault != PerceptualNetwork.Resnet18)
        {
            if (perceptual.Weights is null)
            {
                add("losses.perceptual.weights",
                    "is not given, and losses.perceptual.network is a VGG network; name a file with its weights, or take resnet18, "
                    + "which needs none.");
            }
            return;
        }
        if (perceptual.Relu)
            add("losses.perceptual.relu", "is of VGG networks; resnet18 always has its ReLUs. Leave it out.");
        if (perceptual.Input != PerceptualInput.Centred)
            add("losses.perceptual.input", "is of VGG networks; what resnet18 sees goes by its file. Leave it out.");
        if (perceptual.StartValues == RunningMeanStart.Imm)
            add("losses.perceptual.start_values", "has imm's six values, for the maps of a VGG network; resnet18 has five. Take first.");
    }

    private static void CheckRenderer(RendererRecipe renderer, Action<string, string> add)
    {
        (string needs, double? value, string other, double? unused) = renderer.FallOff == FallOff.Linear
            ? ("sigma_squared", renderer.SigmaSquared, "gamma", renderer.Gamma)
            : ("gamma", renderer.Gamma, "sigma_squared", renderer.SigmaSquared);
        string fallOff = RecipeSchema.NameOf(renderer.FallOff);
        if (value is null)
            add("renderer.fall_off", $"is {fallOff}, which needs renderer.{needs}; give it.");
        if (unused is not null)
            add($"renderer.{other}", $"does not go with renderer.fall_off: {fallOff}, which takes {needs}; remove one.");
    }
}
