using KeypointMl.Training.Recipes;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class RecipeErrorTests
{
    private const string Minimal = "name: tiny\npreset: cpu-64\ndata:\n  manifest: data.yaml\n";

    [TestMethod]
    public void Parse_lists_every_problem_with_its_place()
    {
        const string yaml = """
            name: tiny
            preset: cpu-64
            size: 100
            data:
              manifest: data.yaml
            training:
              stepz: 5
              batch: many
              betas: [0.5]
              learning_rate: 7
            losses: 3
            """;

        RecipeException exception =
            Assert.ThrowsExactly<RecipeException>(() => Recipe.Parse(yaml, "r.yaml", ["training.steps=-1", "nothing"]));

        string[] expected =
        [
            "--set nothing: expected key=value with a dotted key, such as training.steps=500.",
            "r.yaml:3:7: size is 100; expected one of 32, 64, 128, 256.",
            "--set training.steps=-1: training.steps is -1; expected 1 to 100000000.",
            "r.yaml:8:10: training.batch is 'many'; expected a whole number.",
            "r.yaml:10:18: training.learning_rate is 7; expected 1E-08 to 1.",
            "r.yaml:9:10: training.betas is a list of 1; expected two numbers, as in [0.5, 0.999].",
            "r.yaml:7:3: training.stepz is not a key of 'training'. Did you mean 'steps'? Its keys are: "
            + "steps, batch, learning_rate, generator_learning_rate, "
                + "discriminator_learning_rate, regressor_learning_rate, betas, decay_from, gradient_clip, ema_decay, initialise_from, "
                    + "device, threads, precision, image_pool.",
            "r.yaml:11:9: losses is '3'; expected a group of keys (indented under it).",
        ];
        Assert.AreEqual($"Recipe r.yaml has 8 problems:\n  {string.Join("\n  ", expected)}", exception.Message);
        Assert.HasCount(8, exception.Problems);
    }

    [TestMethod]
    [DataRow("supervised")]
    [DataRow("imm")]
    public void Mirror_images_need_no_mirrored_prior_where_nothing_is_learnt_from_it(string method)
    {
        string[] overrides = [$"method={method}", "augmentation.flip=true", "postprocessing.enabled=true"];
        Assert.IsTrue(Recipe.Parse(Minimal, "r.yaml", overrides).Augmentation.Flip);
    }

    [TestMethod]
    public void Articulation_of_no_steps_needs_no_other_warm_up()
    {
        Assert.AreEqual(0, Recipe.Parse(Minimal, "r.yaml", ["articulation.steps=0"]).Articulation.Steps);
        Assert.Contains("articulation.warmup_steps is 250, more than articulation.steps, which is 100",
            Assert.ThrowsExactly<RecipeException>(() => Recipe.Parse(Minimal, "r.yaml", ["articulation.steps=100"])).Message);
    }

    [TestMethod]
    [DataRow("", "the recipe is empty")]
    [DataRow("- a\n", "expected keys such as 'name' and 'data'")]
    [DataRow("name: [\n", "this is not YAML")]
    [DataRow("name: a\ntraining:\n  betas: [0.5, 0.999\n  steps: 9\n",
        "r.yaml:3:10: this is not YAML: is the '[' here not closed? (reading stopped in line 3")]
    [DataRow("name: a\n? [b]\n: 1\n", "r.yaml:2:3: a key is a list or a mapping")]
    [DataRow("name: a\nlist:\n  - : x\n  - y\n", "r.yaml:4:3: expected a value before this")]
    [DataRow("name: a\n---\nname: b\n", "a second YAML document")]
    [DataRow("name: &x a\npreset: *x\n", "anchors and aliases")]
    [DataRow("name: !!str a\n", "tags (!) are not supported")]
    [DataRow("name: [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]\n", "nested deeper")]
    [DataRow("name: a\nname: b\n", "r.yaml:2:1: 'name' stands here a second time (first in line 1)")]
    [DataRow("name: a\ndata: {manifest: m}\n", "r.yaml:1:1: preset is missing; expected one of paper-128, cpu-64")]
    [DataRow("name: a\npreset: gpu\ndata: {manifest: m}\n", "r.yaml:2:9: preset is 'gpu'; expected one of")]
    [DataRow("preset: cpu-64\ndata: {manifest: m}\n", "r.yaml:1:1: name is missing")]
    [DataRow("name: a\npreset: cpu-64\n", "data.manifest is missing")]
    public void Parse_malformed_recipe_is_refused(string yaml, string message)
    {
        RecipeException exception = Assert.ThrowsExactly<RecipeException>(() => Recipe.Parse(yaml, "r.yaml"));

        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    [DataRow("renderer: {fall_off: squared}", "r.yaml:5:22: renderer.fall_off is squared, which needs renderer.gamma")]
    [DataRow("renderer: {gamma: 60}", "renderer.gamma does not go with renderer.fall_off: linear")]
    [DataRow("renderer: {fall_off: squared, gamma: 60, sigma_squared: 0.1}",
        "r.yaml:5:57: renderer.sigma_squared does not go with renderer.fall_off: squared")]
    [DataRow("pairs: {min_distance: 9, max_distance: 8}", "r.yaml:5:23: pairs.min_distance is 9, more than pairs.max_distance, which is 8")]
    [DataRow("networks: {discriminator: {scales: 3}}", "the coarsest PatchGAN's map would be 2 px wide")]
    [DataRow("losses: {reconstruction: 0, adversarial: 0}", "nothing would train Φ")]
    [DataRow("losses: {equivariance_affine: {rotation_degrees: 0, shift: 0, scale: 0}}", "losses.equivariance is on, but")]
    [DataRow("postprocessing: {enabled: true, frames: 8}", "postprocessing.frames is 8; with postprocessing.folds 5 at least 10")]
    [DataRow("articulation: {size: 32}", "articulation.size 32 the coarsest PatchGAN's map would be 2 px wide")]
    [DataRow("method: supervised\nsize: 32\nsupervised: {detector: student}\ntraining: {batch: 1}\nnetworks: {discriminator: {scales: 1}}",
        "r.yaml:8:19: training.batch is 1, and at size 32 the network's innermost maps are one pixel")]
    [DataRow("augmentation: {flip: true}", "r.yaml:5:22: augmentation.flip mirrors the images, but prior.flip is false")]
    public void Parse_contradictory_values_are_refused(string line, string message)
    {
        RecipeException exception = Assert.ThrowsExactly<RecipeException>(() => Recipe.Parse(Minimal + line, "r.yaml"));

        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    [DataRow("training.steps=5.5", "is '5.5'; expected a whole number")]
    [DataRow("training.steps='5'", "is the text \"5\"; expected a whole number")]
    [DataRow("training.steps=", "is nothing; expected a whole number")]
    [DataRow("training.learning_rate=nan", "expected a finite number")]
    [DataRow("networks.style_pooling=yes", "expected true or false")]
    [DataRow("renderer.fall_off=quadratic", "expected one of linear, squared")]
    [DataRow("seed=-1", "expected a whole number that is not negative")]
    [DataRow("data=5", "expected a group of keys")]
    [DataRow("traning.steps=5", "Did you mean 'training'?")]
    [DataRow("training.steps.more=5", "expected a whole number")]
    [DataRow("training.betas=[0.5", "this is not YAML")]
    [DataRow("=5", "expected key=value")]
    [DataRow("a..b=5", "expected key=value")]
    public void Parse_bad_override_is_refused_by_name(string text, string message)
    {
        RecipeException exception = Assert.ThrowsExactly<RecipeException>(() => Recipe.Parse(Minimal, "r.yaml", [text]));

        Assert.HasCount(1, exception.Problems);
        Assert.AreEqual($"--set {text}", exception.Problems[0].Where);
        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    public void Load_missing_file_names_it()
    {
        FileNotFoundException exception = Assert.ThrowsExactly<FileNotFoundException>(() => Recipe.Load("no/such.yaml"));

        Assert.Contains("no/such.yaml", exception.Message);
    }

    [TestMethod]
    public void Validate_recipe_made_in_code_obeys_the_same_rules()
    {
        Recipe recipe = Presets.Cpu64 with { Name = "mine", Data = new() { Manifest = "m" }, Training = new() { Steps = 0 } };

        RecipeException exception = Assert.ThrowsExactly<RecipeException>(recipe.Validate);

        Assert.AreEqual("Recipe 'mine' has a problem:\n  in code: training.steps is 0; expected 1 to 100000000.", exception.Message);
    }
}
