namespace KeypointMl.Training.Recipes.Sections;

/// <summary>
/// What a run trains with, as a recipe's <c>method</c> names it: one of this library's, or one that is registered with
/// its code (<c>TrainingMethods.Register</c>).
/// </summary>
public sealed class TrainingMethod
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, TrainingMethod> Known = new(StringComparer.Ordinal);

    /// <summary>A method of your own.</summary>
    /// <param name="name">What recipes call it: lower-case letters, digits and dashes.</param>
    /// <exception cref="ArgumentException">The name has other letters.</exception>
    public TrainingMethod(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Any(letter => letter is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            throw new ArgumentException($"A method is called '{name}'; expected lower-case letters, digits and dashes.", nameof(name));
        Name = name;
    }

    /// <summary><c>keypoint-gan</c>: the paper's method, from unlabelled frames and unpaired poses.</summary>
    public static TrainingMethod KeypointGan { get; } = Add(new("keypoint-gan"));

    /// <summary><c>supervised</c>: a detector on the training frames' labels, the baseline to compare with.</summary>
    public static TrainingMethod Supervised { get; } = Add(new("supervised") { UsesLabels = true });

    /// <summary>
    /// <c>imm</c>: landmarks without names by conditional image generation (Jakab and Gupta et al. 2018), with the
    /// supervised post-processing that names them.
    /// </summary>
    public static TrainingMethod Imm { get; } = Add(new("imm") { NamesKeypoints = false });

    /// <summary>
    /// <c>distillation</c>: a student of a run of <c>keypoint-gan</c>, by way of the articulation of its poses; what
    /// <c>keypointml distill</c> writes into its recipe.
    /// </summary>
    public static TrainingMethod Distillation { get; } = Add(new("distillation") { StartsFrom = KeypointGan });

    /// <summary>What recipes call it.</summary>
    public string Name { get; }

    /// <summary>Whether it sees labels of training frames: its runs are not what a run without labels may start from.</summary>
    public bool UsesLabels { get; init; }

    /// <summary>
    /// Whether its points are the data set's keypoints; else they are landmarks without names, which the supervised
    /// post-processing turns into keypoints.
    /// </summary>
    public bool NamesKeypoints { get; init; } = true;

    /// <summary>Another method whose runs it may start from (<c>training.initialise_from</c>); null for its own alone.</summary>
    public TrainingMethod? StartsFrom { get; init; }

    /// <summary>For reports: how its keypoints are learnt.</summary>
    internal string Supervision => UsesLabels ? "with labels"
        : NamesKeypoints ? "without labels"
        : "without labels, and named by a regressor that is fitted to labels,";

    /// <summary>The names that a recipe can give, in the order in which they came.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            lock (Gate)
                return [.. Known.Keys];
        }
    }

    /// <summary>The method of a name, or null.</summary>
    public static TrainingMethod? Find(string name)
    {
        lock (Gate)
            return Known.GetValueOrDefault(name);
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <exception cref="ArgumentException">A method has the name already.</exception>
    internal static TrainingMethod Add(TrainingMethod method)
    {
        lock (Gate)
        {
            if (!Known.TryAdd(method.Name, method))
                throw new ArgumentException($"There is a method '{method.Name}' already. Give yours another name.", nameof(method));
        }
        return method;
    }
}
