using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using KeypointMl.Data.Yaml;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Recipes;

/// <summary>
/// Everything that decides what a training run does: an immutable tree whose keys in YAML are the property names in
/// <c>snake_case</c>. Values come, each layer over the one before, from the <see cref="Presets">preset</see>, the file
/// and the <c>--set</c> overrides; nothing is taken from anywhere else.
/// </summary>
/// <remarks>
/// The properties' defaults are the authors' settings, those of the preset <c>paper-128</c>. Sources: the paper's
/// section 4 and the authors' release.
/// </remarks>
public sealed record Recipe
{
    /// <summary><c>name</c> of the recipe, for the run's reports. Required.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary><c>preset</c>: which of <see cref="Presets.Names"/> supplies what the file leaves out. Required in a file.</summary>
    [Required]
    public string Preset { get; init; } = "paper-128";

    /// <summary>
    /// <c>method</c>: <c>keypoint-gan</c> (the default), a baseline (<c>supervised</c>, on labels, or <c>imm</c>,
    /// without labels and prior), <c>distillation</c>, which <c>keypointml distill</c> writes, or one that is registered.
    /// </summary>
    public TrainingMethod Method { get; init; } = TrainingMethod.KeypointGan;

    /// <summary><c>size</c>: width and height of the square frames in pixels: 32, 64, 128 (the default) or 256.</summary>
    [AllowedValues(32, 64, 128, 256)]
    public int Size { get; init; } = 128;

    /// <summary><c>seed</c> of everything random in training; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary><c>data</c>.</summary>
    public DataRecipe Data { get; init; } = new();

    /// <summary><c>networks</c>.</summary>
    public NetworkRecipe Networks { get; init; } = new();

    /// <summary><c>renderer</c>.</summary>
    public RendererRecipe Renderer { get; init; } = new();

    /// <summary><c>prior</c>.</summary>
    public PriorRecipe Prior { get; init; } = new();

    /// <summary><c>pairs</c>.</summary>
    public PairRecipe Pairs { get; init; } = new();

    /// <summary><c>augmentation</c>.</summary>
    public AugmentationRecipe Augmentation { get; init; } = new();

    /// <summary><c>regressor_pretraining</c>.</summary>
    public PretrainingRecipe RegressorPretraining { get; init; } = new();

    /// <summary><c>training</c>.</summary>
    public OptimisationRecipe Training { get; init; } = new();

    /// <summary><c>losses</c>.</summary>
    public LossRecipe Losses { get; init; } = new();

    /// <summary><c>postprocessing</c>.</summary>
    public PostprocessingRecipe Postprocessing { get; init; } = new();

    /// <summary><c>supervised</c>.</summary>
    public SupervisedRecipe Supervised { get; init; } = new();

    /// <summary><c>imm</c>.</summary>
    public ImmRecipe Imm { get; init; } = new();

    /// <summary><c>ablation</c>.</summary>
    public AblationRecipe Ablation { get; init; } = new();

    /// <summary><c>articulation</c>.</summary>
    public ArticulationRecipe Articulation { get; init; } = new();

    /// <summary><c>student</c>.</summary>
    public StudentRecipe Student { get; init; } = new();

    /// <summary><c>evaluation</c>.</summary>
    public EvaluationRecipe Evaluation { get; init; } = new();

    /// <summary><c>samples</c>.</summary>
    public SampleRecipe Samples { get; init; } = new();

    /// <summary><c>checkpoints</c>.</summary>
    public CheckpointRecipe Checkpoints { get; init; } = new();

    /// <summary>
    /// Whether a run of it trains a generator that exports as <c>generator.onnx</c>: Ψ of KeypointGAN, with its
    /// condition.
    /// </summary>
    [RecipeIgnore]
    public bool TrainsGenerator => Method == TrainingMethod.KeypointGan && Ablation.Condition;

    /// <summary>SHA-256 of the YAML in lower-case hexadecimal: equal for two recipes exactly if every value is equal, but for
    /// <c>training.device</c> and <c>training.threads</c>, which say how it is computed.</summary>
    [RecipeIgnore]
    public string Hash =>
    Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RecipeWriter.Write(RecipeTree.WithoutPlace(this)))));

    /// <summary>Reads a recipe file, and those that it extends (<c>extends: other.yaml</c>, beside it).</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">
    /// Each <c>a.b=value</c>, the value being YAML: <c>training.steps=500</c>, <c>training.betas=[0.9, 0.999]</c>,
    /// <c>training.gradient_clip=null</c>.
    /// </param>
    /// <exception cref="RecipeException">The file or an override has problems; the message lists all of them.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Recipe Load(string path, IEnumerable<string>? overrides = null)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no recipe '{path}' (looked at {Path.GetFullPath(path)}); recipes of this project are in pipelines/train.", path);
        }
        try
        {
            return Parse(YamlLimits.ReadFile(path), path, overrides);
        }
        catch (InvalidDataException error)
        {
            throw new RecipeException(path, [new RecipeProblem(path, "", error.Message)]);
        }
    }

    /// <summary>Reads a recipe from text.</summary>
    /// <param name="yaml">The recipe.</param>
    /// <param name="fileName">What messages call it.</param>
    /// <param name="overrides">As for <see cref="Load"/>.</param>
    /// <exception cref="RecipeException">The text or an override has problems; the message lists all of them.</exception>
    public static Recipe Parse(string yaml, string fileName = "recipe", IEnumerable<string>? overrides = null) =>
        RecipeReader.Read(yaml, fileName, [.. overrides ?? []]);

    /// <summary>Checks a recipe that was made in code, by the same rules as one that is read from a file.</summary>
    /// <exception cref="RecipeException">Values are out of range or contradict each other; the message lists all of them.</exception>
    public void Validate() => RecipeReader.Check(this);

    /// <summary>
    /// The whole recipe as YAML: every key with its value, in a fixed order, lines ended by <c>\n</c>. Reading it gives
    /// an equal recipe.
    /// </summary>
    public string ToYaml() => RecipeWriter.Write(RecipeTree.FromRecord(this));

    /// <summary>The keys in which this recipe differs from another: <c>training.steps 600, 500</c> (this one's value first).
    /// <c>training.device</c> and <c>training.threads</c> are not among them.</summary>
    public IReadOnlyList<string> DifferencesFrom(Recipe other) =>
        RecipeTree.Differences(RecipeTree.WithoutPlace(this), RecipeTree.WithoutPlace(other));
}
