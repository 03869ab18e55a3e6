using KeypointMl.Data;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Training.Methods;

/// <summary>What programs of users' own have registered for recipes to name: makers by their names. Thread-safe.</summary>
/// <param name="what">What it is, such as <c>loss</c>.</param>
/// <param name="register">The method that registers one, for messages.</param>
internal sealed class RegisteredKinds<TContext, T>(string what, string register)
{
    private readonly Lock access = new();
    private readonly SortedDictionary<string, Func<TContext, T>> kinds = new(StringComparer.Ordinal);

    /// <summary>Registers one.</summary>
    /// <exception cref="ArgumentException">The name is empty, or taken.</exception>
    public void Register(string name, Func<TContext, T> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        lock (access)
        {
            if (!kinds.TryAdd(name, create))
                throw new ArgumentException($"There is a {what} '{name}' already. Give yours another name.", nameof(name));
        }
    }

    /// <summary>What makes the one of a name.</summary>
    /// <param name="recipe">The recipe that names it.</param>
    /// <param name="key">Where it does: the key whose value the name is, or whose last part.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="RecipeException">There is none; the message lists those that there are.</exception>
    public Func<TContext, T> Find(Recipe recipe, string key, string name)
    {
        lock (access)
        {
            if (kinds.TryGetValue(name, out Func<TContext, T>? create))
                return create;
            string found = key.EndsWith($".{name}", StringComparison.Ordinal) ? "" : $"'{name}', which is ";
            string known = kinds.Count == 0 ? "none is" : $"these are: {string.Join(", ", kinds.Keys)}";
            throw new RecipeException(recipe.Name, [new RecipeProblem("recipe", key,
                $"is {found}not a {what} that is registered; {known}.{NearestWord.Hint(name, kinds.Keys)} "
                + $"Call {register} before training, from a program of your own, or leave it out.")]);
        }
    }
}
