using KeypointMl.Poses.Rendering;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class RecipeLoadingTests
{
    private const string Minimal = "name: tiny\npreset: cpu-64\ndata:\n  manifest: data.yaml\n";

    [TestMethod]
    public void Parse_minimal_recipe_takes_everything_else_from_preset()
    {
        Recipe recipe = Recipe.Parse(Minimal);

        Assert.AreEqual(Presets.Cpu64 with { Name = "tiny", Data = new() { Manifest = "data.yaml" } }, recipe);
    }

    [TestMethod]
    public void Parse_explicit_keys_override_the_preset_and_leave_its_neighbours()
    {
        Recipe recipe = Recipe.Parse(Minimal
            + "training: {steps: 7, betas: [0.9, 0.99]}\nlosses: {reconstruction_kind: pyramid-l1}\nnetworks: "
            + "{discriminator: {width: 9}}\n");

        Assert.AreEqual(7, recipe.Training.Steps);
        Assert.AreEqual(new NumberPair(0.9, 0.99), recipe.Training.Betas);
        Assert.AreEqual(Presets.Cpu64.Training.LearningRate, recipe.Training.LearningRate);
        Assert.AreEqual(ReconstructionKind.PyramidL1, recipe.Losses.ReconstructionKind);
        Assert.AreEqual(Presets.Cpu64.Networks with
        {
            Discriminator = Presets.Cpu64.Networks.Discriminator with { Width = 9 },
        }, recipe.Networks);
    }

    [TestMethod]
    public void Load_reads_every_recipe_of_the_project_and_full_ones_are_the_quick_ones_with_more_steps()
    {
        string[] paths = Directory.GetFiles(RepositoryFiles.Path("pipelines/train"), "*.yaml");

        Recipe[] recipes = [.. paths.Select(path => Recipe.Load(path))];

        Assert.IsGreaterThan(8, recipes.Length);
        foreach (Recipe full in recipes.Where(recipe => recipe.Name.EndsWith("-full", StringComparison.Ordinal)))
        {
            Recipe quick = recipes.Single(recipe => recipe.Name + "-full" == full.Name);
            Assert.IsGreaterThan(quick.Training.Steps, full.Training.Steps);
            Assert.AreEqual(quick, full with
            {
                Name = quick.Name,
                Training = full.Training with { Steps = quick.Training.Steps },
                Evaluation = quick.Evaluation,
                Samples = quick.Samples,
            });
        }
    }

    [TestMethod]
    public void Load_recipe_that_extends_another_says_only_what_differs()
    {
        using var folder = new TemporaryFolder();
        folder.Write("base.yaml", Minimal + "training: {steps: 7, batch: 3}\nrenderer: {sigma_squared: 0.05}\n");
        folder.Write("full.yaml", "extends: base.yaml\nname: full\ntraining: {steps: 70}\n");
        string path = folder.Write("fuller.yaml", "extends: full.yaml\nrenderer: {fall_off: squared, gamma: 60}\n");

        var recipe = Recipe.Load(path, ["training.steps=71"]);

        Assert.AreEqual(("full", 71, 3), (recipe.Name, recipe.Training.Steps, recipe.Training.Batch));
        Assert.AreEqual(new RendererRecipe { FallOff = FallOff.Squared, Gamma = 60, SigmaSquared = null }, recipe.Renderer);
        Assert.DoesNotContain("extends", recipe.ToYaml());
    }

    [TestMethod]
    [DataRow("extends: other.yaml", "extends is 'other.yaml', which cannot be read beside this recipe")]
    [DataRow("extends: ../base.yaml", "extends is '../base.yaml'; expected the name of a recipe file beside this one")]
    [DataRow("extends: [base.yaml]", "extends is a list of 1; expected the name of a recipe file beside this one")]
    [DataRow("extends: recipe.yaml", "extends is 'recipe.yaml', which extends this recipe in turn")]
    [DataRow("extends: circle.yaml", "circle.yaml:1:10: extends is 'recipe.yaml', which extends this recipe in turn")]
    [DataRow("extends: wrong.yaml", "wrong.yaml:2:10: training.steps is 'many'")]
    public void Load_recipe_that_extends_what_it_cannot_is_refused(string line, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("circle.yaml", "extends: recipe.yaml\n");
        folder.Write("wrong.yaml", "training:\n  steps: many\n");
        string path = folder.Write("recipe.yaml", Minimal + line + "\n");

        Assert.Contains(message, Assert.ThrowsExactly<RecipeException>(() => Recipe.Load(path)).Message);
    }

    [TestMethod]
    public void Parse_overrides_win_over_the_file_and_the_last_wins()
    {
        Recipe recipe = Recipe.Parse(
            Minimal + "training: {steps: 7}\n",
            overrides: ["training.steps=8", "training.steps=9", "training.betas=[0, 0.5]", "training.gradient_clip=null", "preset=cpu-32"]);

        Assert.AreEqual(9, recipe.Training.Steps);
        Assert.AreEqual(new NumberPair(0, 0.5), recipe.Training.Betas);
        Assert.IsNull(recipe.Training.GradientClip);
        Assert.AreEqual(32, recipe.Size);
    }

    [TestMethod]
    public void Parse_gamma_with_squared_replaces_the_presets_sigma()
    {
        Recipe recipe = Recipe.Parse(Minimal + "renderer: {fall_off: squared, gamma: 60}\n");

        Assert.AreEqual(new RendererRecipe { FallOff = FallOff.Squared, Gamma = 60, SigmaSquared = null }, recipe.Renderer);
    }

    [TestMethod]
    public void ToYaml_read_back_gives_equal_recipe_and_hash()
    {
        Recipe recipe = Recipe.Parse(
            Minimal + "renderer: {fall_off: squared, gamma: 60}\nseed: 18446744073709551615\ntraining: {learning_rate: "
            + "0.00012345678901234, gradient_clip: null}\n",
            overrides: ["name='a: b # c'", "data.manifest='x \"y\".yaml'"]);

        string yaml = recipe.ToYaml();
        Recipe again = Recipe.Parse(yaml);

        Assert.AreEqual(recipe, again);
        Assert.AreEqual(yaml, again.ToYaml());
        Assert.AreEqual(recipe.Hash, again.Hash);
        Assert.AreEqual(64, recipe.Hash.Length);
        Assert.DoesNotContain("\r", yaml);
    }

    [TestMethod]
    public void Parse_perceptual_loss_takes_its_file_and_complains_where_there_is_none()
    {
        string perceptual =
            Minimal + "losses: {reconstruction_kind: perceptual, perceptual: {network: vgg16, weights: vgg.pth, relu: true}}\n";

        Assert.AreEqual(new PerceptualRecipe
        {
            Network = PerceptualNetwork.Vgg16,
            Weights = "vgg.pth",
            Relu = true,
        }, Recipe.Parse(perceptual).Losses.Perceptual);
        Assert.IsNull(Recipe.Parse(Minimal).Losses.Perceptual.Weights);
        Assert.Contains("losses.perceptual.weights",
            Assert.ThrowsExactly<RecipeException>(() => Recipe.Parse(perceptual, overrides: ["losses.perceptual.weights=null"])).Message);
    }

    [TestMethod]
    [DataRow("{}", PerceptualNetwork.Resnet18)]
    [DataRow("{weights: vgg.pth}", PerceptualNetwork.Vgg19)]
    [DataRow("{network: resnet18, weights: resnet.pth}", PerceptualNetwork.Resnet18)]
    public void Network_of_the_perceptual_loss_is_the_shipped_one_unless_weights_are_given(string perceptual, PerceptualNetwork expected) =>
        Assert.AreEqual(expected, Recipe.Parse(Minimal + $"losses: {{reconstruction_kind: perceptual, perceptual: {perceptual}}}\n")
            .Losses.Perceptual.NetworkOrDefault);

    [TestMethod]
    [DataRow("relu: true", "losses.perceptual.relu")]
    [DataRow("input: standardised", "losses.perceptual.input")]
    [DataRow("start_values: imm", "losses.perceptual.start_values")]
    public void Keys_of_vgg_networks_are_refused_beside_resnet18(string setting, string key) =>
        Assert.Contains(key, Assert.ThrowsExactly<RecipeException>(
            () => Recipe.Parse(Minimal + $"losses: {{reconstruction_kind: perceptual, perceptual: {{{setting}}}}}\n")).Message);

    [TestMethod]
    public void Hash_of_recipe_with_another_value_differs()
    {
        string hash = Recipe.Parse(Minimal).Hash;

        Assert.AreNotEqual(hash, Recipe.Parse(Minimal, overrides: ["training.steps=1999"]).Hash);
        Assert.AreEqual(hash, Recipe.Parse("# a comment\n" + Minimal).Hash);
    }

    [TestMethod]
    public void Presets_are_valid_and_distinct_in_name()
    {
        Assert.HasCount(Presets.Names.Length, Presets.Names.Distinct());
        foreach (string name in Presets.Names)
            (Presets.Find(name)! with { Name = name, Data = new() { Manifest = "data.yaml" } }).Validate();
    }

    [TestMethod]
    public void Preset_paper128_has_the_authors_values()
    {
        Recipe paper = Presets.Paper128;

        Assert.AreEqual((32, 32, 32), (paper.Networks.Width, paper.Networks.GeneratorWidth, paper.Networks.RegressorWidth));
        Assert.AreEqual(new DiscriminatorRecipe { Width = 64, Layers = 3, Scales = 3 }, paper.Networks.Discriminator);
        Assert.AreEqual((2e-4, 2e-4, 2e-4),
            (paper.Training.LearningRate, paper.Training.DiscriminatorLearningRate, paper.Training.RegressorLearningRate));
        Assert.AreEqual((16, 1.0, 1.0, 50),
            (paper.Training.Batch, paper.Training.GradientClip, paper.Training.DecayFrom, paper.Training.ImagePool));
        Assert.AreEqual((10.0, 10.0, 0.0), (paper.Losses.Reconstruction, paper.Losses.Adversarial, paper.Losses.Equivariance));
        Assert.AreEqual(new RendererRecipe { FallOff = FallOff.Linear, SigmaSquared = 0.04 }, paper.Renderer);
    }

    [TestMethod]
    [DataRow("puppets")]
    [DataRow("flies")]
    [DataRow("faces")]
    public void Shipped_recipe_loads(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "KeypointMl.sln")))
            folder = Path.GetDirectoryName(folder);
        if (folder is null)
            Assert.Inconclusive("The tests run outside the repository, so its recipes cannot be read.");

        Recipe recipe = Recipe.Load(Path.Combine(folder, "pipelines", "train", name + ".yaml"));

        Assert.AreEqual(name, recipe.Name);
        Assert.AreEqual($"data-manifests/{name}.yaml", recipe.Data.Manifest);
    }
}
